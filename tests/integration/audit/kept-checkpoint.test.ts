import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AuditRun } from '../../../lib/audit/audit-run';
import { openLedgerFolder } from '../../../lib/audit/ledger-folder';
import { runAudit } from '../../../lib/audit/run-audit';
import { verifyKept } from '../../../lib/audit/verify-kept';
import { makeS3Read, PARTNER } from '../../unit/audit/scenario';
import { makeFolder, OUTPUTS, prepareTrial, put, writeLogs } from './audit-trial';

/* What a party keeps of the ledger binds whoever runs the room: a later ledger begins with it, or it shows. */

const readsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) =>
    makeS3Read({ key: `usage/${name}-${at}`, at: '2026-03-01T09:00:00Z', account: PARTNER }),
  ).flat();

/** A pack of the first logs, and one of them and more, into the same ledger; each pack as it was then, without its ledger. */
async function auditTwice(later = 300) {
  const logs = makeFolder();
  writeLogs(logs, readsOf('first', 40));
  const run = prepareTrial(logs);
  await runAudit(run, OUTPUTS);
  const first = keep(run.out);
  put(logs, 'more/x.json.gz', gzipSync(JSON.stringify({ Records: recordsOf('second', later) })));
  await runAudit(run, OUTPUTS);
  return { run, first, second: keep(run.out), key: run.signer.key };
}

function recordsOf(name: string, count: number): readonly object[] {
  return readsOf(name, count).flatMap(({ source }) => (source.log === 'cloudtrail' ? [source.record] : []));
}

function keep(out: string): string {
  const folder = makeFolder();
  cpSync(out, folder, { recursive: true });
  rmSync(join(folder, 'ledger'), { recursive: true });
  return folder;
}

const checkpointOf = (pack: string) => readFileSync(join(pack, 'checkpoint.txt'), 'utf8');
const problemsOf = ({ findings }: ReturnType<typeof verifyKept>) => findings.map(({ problem }) => problem);

test('an earlier checkpoint is proven by a later pack alone, and by the ledger', async () => {
  const { run, first, second, key } = await auditTwice();
  const kept = checkpointOf(first);
  expect(verifyKept(second, kept, 'kept', key).findings).toEqual([]);
  expect(verifyKept(second, kept, 'kept', key, join(run.out, 'ledger')).findings).toEqual([]);
  expect(verifyKept(second, checkpointOf(second), 'kept', key).checked).toHaveLength(1);
  // The other way round the pack cannot know; the ledger can.
  expect(problemsOf(verifyKept(first, checkpointOf(second), 'kept', key))).toEqual([
    expect.stringContaining('it is later than the pack'),
  ]);
  expect(verifyKept(first, checkpointOf(second), 'kept', key, join(run.out, 'ledger')).findings).toEqual([]);
});

test('a history that was rewritten and signed again by the same key shows, whatever was changed', async () => {
  const { run, first, key } = await auditTwice();
  const kept = checkpointOf(first);
  let tried = 0;
  // From other logs, in whatever number, with the room's own key: all that whoever runs it could do.
  for (const count of [1, 39, 40, 41, 200]) {
    const logs = makeFolder();
    writeLogs(logs, readsOf(`other-${count}`, count));
    const folder = makeFolder();
    const forged: AuditRun = {
      ...prepareTrial(logs),
      out: folder,
      ledger: { ...run.ledger, open: () => openLedgerFolder(join(folder, 'ledger')) },
      signer: run.signer,
    };
    await runAudit(forged, OUTPUTS);
    for (const ledger of [join(folder, 'ledger'), undefined]) {
      const pack = ledger === undefined ? keep(folder) : folder;
      expect([count, verifyKept(pack, kept, 'kept', key, ledger).findings.length]).toEqual([count, 1]);
      tried += 1;
    }
  }
  expect(tried).toBe(10);
});

test('what is no checkpoint of this ledger, or not signed by this key, is refused', async () => {
  const { first, second, key } = await auditTwice(3);
  const kept = checkpointOf(first);
  const other = await auditTwice(3);
  for (const [note, problem] of [
    ['', 'It is not a signed note.'],
    [kept.replace(/^room\/trial/, 'room/other'), 'does not fit'],
    [checkpointOf(other.first), 'None of the known keys signed it.'],
    [readFileSync(join(second, 'manifest.sig'), 'utf8'), 'no checkpoint'],
  ] as const)
    expect(problemsOf(verifyKept(second, note, 'kept', key))).toEqual([expect.stringContaining(problem)]);
});

test('a proof that was changed proves nothing', async () => {
  const { first, second, key } = await auditTwice();
  const kept = checkpointOf(first);
  const lines = readFileSync(join(second, 'consistency.jsonl'), 'utf8');
  for (const changed of [
    lines.replace(/"proof":\["../, '"proof":["AA'),
    lines.replaceAll(/"proof":\[[^\]]*\]/g, '"proof":[]'),
    '',
  ]) {
    put(second, 'consistency.jsonl', changed);
    expect(verifyKept(second, kept, 'kept', key).findings).toHaveLength(1);
  }
});
