import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { openLedgerWriter } from '../../../lib/audit/ledger/ledger-writer';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import type { Access } from '../../../lib/domain/audit/access';
import { makeSigningKey } from '../../../lib/signing-key';
import { reportTried } from '../../unit/audit/mutations';
import { makeS3Read, PARTNER } from '../../unit/audit/scenario';

/*
 * A ledger in a folder, written by a process that ends at any call of the file system: before it, after it, or, of a write, in
 * the middle. Whoever writes next ends with the ledger that there would have been.
 */

interface FileFaults {
  calls: number;
  at: number;
  kind: 'before' | 'after' | 'torn';
  /** Nothing is done by a process that has ended. */
  isDead: boolean;
  wasTorn: boolean;
}

declare global {
  var faultsOfFiles: FileFaults | undefined;
}

// It runs before everything else here, imports included.
jest.mock('node:fs', () => {
  const real = jest.requireActual('node:fs');
  const faults = { calls: 0, at: 0, kind: 'before', isDead: false, wasTorn: false } as FileFaults;
  globalThis.faultsOfFiles = faults;
  const calls = [
    ...['openSync', 'writeSync', 'fsyncSync', 'closeSync', 'linkSync', 'renameSync', 'rmSync', 'mkdirSync'],
    ...['readFileSync', 'readdirSync', 'existsSync'],
  ];
  const wrap = (name: string) => {
    return (...args: unknown[]) => {
      if (faults.at === 0) return real[name](...args);
      if (faults.isDead) throw new Error('the process has ended');
      faults.calls += 1;
      if (faults.calls !== faults.at) return real[name](...args);
      faults.isDead = true;
      if (faults.kind === 'after') real[name](...args);
      if (faults.kind === 'torn' && name === 'writeSync') {
        faults.wasTorn = true;
        const content = Buffer.from(args[1] as string | Uint8Array);
        real.writeSync(args[0], content.subarray(0, content.length >> 1));
      }
      throw new Error('killed');
    };
  };
  return { ...real, ...Object.fromEntries(calls.map((name) => [name, wrap(name)])) };
});

const faults = globalThis.faultsOfFiles!;
const ORIGIN = 'room/crash';
const SECRETS = mkdtempSync(join(tmpdir(), 'barter-crash-key-'));
afterAll(() => rmSync(SECRETS, { recursive: true, force: true }));
makeSigningKey(join(SECRETS, 'audit.pem'));
const signer = openNoteSigner(join(SECRETS, 'audit.pem'), ORIGIN);

const ACCESSES = Array.from({ length: 3 }, (_, at) =>
  makeS3Read({ key: `usage/${at}`, at: '2026-03-01T09:00:00Z', account: PARTNER }),
)
  .flat()
  .flatMap(({ reading }): readonly Access[] => (reading.kind === 'access' ? [reading.access] : []));

/** Two runs, one after the other, as two audits would be. */
async function writeLedger(folder: string): Promise<void> {
  for (const accesses of [ACCESSES.slice(0, 4), ACCESSES]) {
    const writer = await openLedgerWriter({ origin: ORIGIN, open: () => openLedgerFolder(folder) }, signer);
    await writer.add(accesses);
    await writer.finish();
    await writer.close();
  }
}

/** Everything that lies there, by name; what is temporary is none of it. */
function look(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );
  const hash = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
  return Object.fromEntries(files.toSorted().map((file) => [file, hash(file)]));
}

async function attempt(folder: string, at: number, kind: FileFaults['kind']): Promise<void> {
  Object.assign(faults, { calls: 0, at, kind, isDead: false, wasTorn: false });
  try {
    await writeLedger(folder);
  } catch (error) {
    if (!faults.isDead) throw error;
  } finally {
    faults.at = 0;
  }
}

test('ended at any call of the file system, and run again, it is the ledger that there would have been', async () => {
  const root = mkdtempSync(join(tmpdir(), 'barter-crash-'));
  const undisturbed = join(root, 'undisturbed');
  await attempt(undisturbed, Number.MAX_SAFE_INTEGER, 'before');
  const calls = faults.calls;
  const wanted = look(undisturbed);
  expect(calls).toBeGreaterThan(50);
  let tried = 0;
  let torn = 0;
  for (const kind of ['before', 'after', 'torn'] as const)
    for (let at = 1; at <= calls; at += 1) {
      const folder = join(root, `${kind}-${at}`);
      await attempt(folder, at, kind);
      expect([kind, at, faults.isDead]).toEqual([kind, at, true]);
      if (kind === 'torn' && !faults.wasTorn) continue;
      torn += kind === 'torn' ? 1 : 0;
      await writeLedger(folder);
      // Where it ended between two appends, the first one's checkpoint stands beside the second's, as it should.
      expect([kind, at, look(folder)]).toEqual([kind, at, wanted]);
      rmSync(folder, { recursive: true });
      tried += 1;
    }
  expect(torn).toBeGreaterThan(0);
  rmSync(root, { recursive: true });
  reportTried(`a ledger in a folder, ended at one of ${calls} calls`, tried);
}, 600_000);
