import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { openLedgerWriter, type RecordedLedger } from '../../../lib/audit/ledger/ledger-writer';
import { locateEntries, type WantedEntry } from '../../../lib/audit/ledger/locate-entries';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import type { Access } from '../../../lib/domain/audit/access';
import type { Checkpoint } from '../../../lib/domain/audit/ledger/checkpoint';
import { makeSigningKey } from '../../../lib/signing-key';
import { makeS3Read, PARTNER } from '../../unit/audit/scenario';

const ORIGIN = 'room/writer';
const ROOT = mkdtempSync(join(tmpdir(), 'barter-writer-'));
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));
makeSigningKey(join(ROOT, 'audit.pem'));
const signer = openNoteSigner(join(ROOT, 'audit.pem'), ORIGIN);

/** More than are entered at once. */
const ACCESSES = Array.from({ length: 2600 }, (_, at) =>
  makeS3Read({ key: `usage/${at}`, at: new Date(Date.UTC(2026, 2, 1) + at * 9000).toISOString(), account: PARTNER }),
)
  .flat()
  .flatMap(({ reading }): readonly Access[] => (reading.kind === 'access' ? [reading.access] : []));
const WANTED = ACCESSES.map(({ id, at }): WantedEntry => [id, at]);

test('what a run entered itself it finds where the index has it, and so does a run after it', async () => {
  const folder = join(ROOT, 'ledger');
  const found: (readonly [string, number])[][] = [];
  const sizes: number[] = [];
  for (const accesses of [ACCESSES.slice(0, 600), ACCESSES, ACCESSES]) {
    const writer = await openLedgerWriter({ origin: ORIGIN, open: () => openLedgerFolder(folder) }, signer);
    for (let at = 0; at < accesses.length; at += 100) await writer.add(accesses.slice(at, at + 100));
    const recorded = await writer.finish();
    found.push(await locate(recorded), await locate({ ...recorded, positions: new Map() }));
    sizes.push(recorded.positions.size);
    await writer.close();
  }
  const [early = [], earlyByIndex, whole = [], ...others] = found;
  expect(sizes).toEqual([600, ACCESSES.length - 600, 0]);
  expect(early).toHaveLength(600);
  expect(earlyByIndex).toEqual(early);
  expect(whole.map(([, index]) => index).toSorted((left, right) => left - right)).toEqual([...ACCESSES.keys()]);
  for (const each of others) expect(each).toEqual(whole);
}, 120_000);

test('a batch that cannot be written ends the run, and nothing is being written once it is closed', async () => {
  const folder = join(ROOT, 'broken');
  let [going, closed] = [0, -1];
  const open = () => {
    const store = openLedgerFolder(folder);
    return {
      ...store,
      putNew: async () => {
        going += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        going -= 1;
        throw new Error('the disk is full');
      },
      close: () => {
        closed = going;
        store.close();
      },
    };
  };
  const writer = await openLedgerWriter({ origin: ORIGIN, open }, signer);
  await writer.add(ACCESSES);
  while (going === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await writer.close();
  expect(closed).toBe(0);
  const again = await openLedgerWriter({ origin: ORIGIN, open }, signer);
  await again.add(ACCESSES);
  await expect(again.finish()).rejects.toThrow('the disk is full');
  await again.close();
});

async function locate(ledger: RecordedLedger): Promise<(readonly [string, number])[]> {
  const located: (readonly [string, number])[] = [];
  for await (const { access, index } of locateEntries(ledger, WANTED)) located.push([access, index]);
  return located;
}

describe('of a ledger to which others write', () => {
  const [own, others] = [ACCESSES.slice(0, 300), ACCESSES.slice(300, 310)];
  const open = () => openLedgerFolder(join(ROOT, 'shared'));
  const write = async (accesses: readonly Access[], before?: Checkpoint) => {
    const writer = await openLedgerWriter({ origin: ORIGIN, open }, signer);
    try {
      await writer.add(accesses);
      const recorded = await writer.finish(before);
      return { recorded, located: await locate(recorded) };
    } finally {
      await writer.close();
    }
  };
  let [before, head]: Checkpoint[] = [];
  beforeAll(async () => {
    before = (await write(own)).recorded.checkpoint;
    head = (await write(others)).recorded.checkpoint;
  });

  test.each<[string, readonly Access[], boolean]>([
    ['ends where it was before, if all was in it by then', own, true],
    ['and if nothing is entered', [], true],
    ['ends where it ends, if something was entered since by others', [...own, ...others.slice(0, 1)], false],
  ])('a run %s', async (_, accesses, isBefore) => {
    const { recorded, located } = await write(accesses, before);
    expect([before?.size, head?.size]).toEqual([300, 310]);
    expect(recorded.checkpoint).toEqual(isBefore ? before : head);
    expect([recorded.appended, recorded.own]).toEqual([0, []]);
    expect(recorded.earlier.map(({ size }) => size)).toEqual(isBefore ? [300] : [300, 310]);
    expect(located).toHaveLength(isBefore ? 300 : 310);
  });

  test('a run ends where it ends, if it enters something itself', async () => {
    const { recorded } = await write([...ACCESSES.slice(299, 300), ...ACCESSES.slice(310, 311)], before);
    expect([recorded.checkpoint.size, recorded.own]).toEqual([311, [{ from: 310, to: 311 }]]);
  });

  test('a run finds that what it was before is no beginning of it any more', async () => {
    const changed = { ...before!, root: before!.root.map((byte) => byte ^ 1) };
    await expect(write(own, changed)).rejects.toThrow('signed at 300 entries is no beginning of the ledger');
  });
});
