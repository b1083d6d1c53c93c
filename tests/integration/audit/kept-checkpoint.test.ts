import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AuditRun } from '../../../lib/audit/audit-run';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { runAudit } from '../../../lib/audit/run-audit';
import { verifyKept } from '../../../lib/audit/verify/verify-kept';
import { formatCheckpoint } from '../../../lib/domain/audit/ledger/checkpoint';
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

const as = (note: string) => [{ shown: 'kept', note }];
const checkpointOf = (pack: string) => readFileSync(join(pack, 'checkpoint.txt'), 'utf8');
const problemsOf = ({ findings }: ReturnType<typeof verifyKept>) => findings.map(({ problem }) => problem);

test('an earlier checkpoint is proven by a later pack alone, and by the ledger', async () => {
  const { run, first, second, key } = await auditTwice();
  const kept = checkpointOf(first);
  expect(verifyKept(second, as(kept), key).findings).toEqual([]);
  expect(verifyKept(second, as(kept), key, join(run.out, 'ledger')).findings).toEqual([]);
  expect(verifyKept(second, as(checkpointOf(second)), key).checked).toHaveLength(1);
  // The other way round the pack cannot know; the ledger can.
  expect(problemsOf(verifyKept(first, as(checkpointOf(second)), key))).toEqual([
    expect.stringContaining('it is later than the pack'),
  ]);
  expect(verifyKept(first, as(checkpointOf(second)), key, join(run.out, 'ledger')).findings).toEqual([]);
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
      expect([count, verifyKept(pack, as(kept), key, ledger).findings.length]).toEqual([count, 1]);
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
    expect(problemsOf(verifyKept(second, as(note), key))).toEqual([expect.stringContaining(problem)]);
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
    expect(verifyKept(second, as(kept), key).findings).toHaveLength(1);
  }
});

test('checkpoints of several parties are compared with each other, and where two histories part is told', async () => {
  const { run, first, second, key } = await auditTwice();
  const ledger = join(run.out, 'ledger');
  const sign = (size: number, root: Uint8Array) =>
    run.signer.signNote(formatCheckpoint({ origin: run.ledger.origin, size, root }));
  const [own, latest] = [checkpointOf(first), checkpointOf(second)];
  const beside = (note: string) => [
    { shown: 'telco', note: own },
    { shown: 'retail', note },
  ];
  const whole = verifyKept(second, beside(latest), key, ledger);
  expect(whole.findings).toEqual([]);
  expect(whole.checked.at(-1)).toBe('2 checkpoints that were kept were compared with each other');
  // Shown to another party, by the same key: of the size that the first was shown, between both, and beyond the pack.
  const size = Number(own.split('\n')[1]);
  const total = Number(latest.split('\n')[1]);
  const told = async (at: number) =>
    verifyKept(second, beside(await sign(at, new Uint8Array(32))), key, ledger).findings;
  expect(await told(size)).toEqual([
    { file: 'retail', problem: expect.stringContaining(`part behind entry 0 and not later than entry ${size}`) },
    { file: 'retail', problem: expect.stringContaining('another ledger than telco') },
  ]);
  expect(await told(size + 1)).toEqual([
    {
      file: 'retail',
      problem: expect.stringContaining(`part behind entry ${size} and not later than entry ${size + 1}`),
    },
  ]);
  const beyond = await Promise.all([1, 2].map((byte) => sign(total + 5, new Uint8Array(32).fill(byte))));
  const problems = problemsOf(
    verifyKept(
      second,
      beyond.map((note, at) => ({ shown: `party ${at}`, note })),
      key,
    ),
  );
  expect(problems.at(-1)).toContain(`another ledger than party 0, of ${total + 5} entries too`);
});
