import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditOutputs, AuditRun } from '../../../lib/audit/audit-run';
import { runAudit } from '../../../lib/audit/run-audit';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { makeS3Read, PARTNER } from '../../unit/audit/scenario';
import { makeFolder, OUTPUTS, prepareTrial, put, TOOLS, writeLogs } from './audit-trial';

/* A pack is written beside the one that lies there, and takes its place when it is signed. */

const PERIOD = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };

/** What a folder holds, ledgers left out: they go on. */
function snapshot(folder: string): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile() && !file.startsWith('ledger/'))
    .toSorted();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'base64')]));
}

function prepare(where: 'apart' | 'within') {
  const logs = makeFolder();
  const read = (key: string) =>
    writeLogs(join(logs, key), makeS3Read({ key: `usage/${key}`, at: '2026-03-01T08:00:00Z', account: PARTNER }));
  read('first');
  const plain = prepareTrial(logs, PERIOD);
  const parties = where === 'within' ? join(plain.out, 'parties') : join(makeFolder(), 'parties');
  const run: AuditRun = { ...plain, parties };
  return { run, parties, read };
}

const full = () => {
  throw new Error('ENOSPC: no space left on device');
};

/** As what happens a run fails. */
const FAILURES: Readonly<Record<string, (run: AuditRun) => { run: AuditRun; outputs: AuditOutputs }>> = {
  'the logs are read': (run) => ({
    run: { ...run, logs: { ...run.logs, scan: async () => full() } },
    outputs: OUTPUTS,
  }),
  'the record is kept': (run) => ({ run: { ...run, keepRecord: async () => full() }, outputs: OUTPUTS }),
  'an access is written': (run) => ({
    run,
    outputs: { ...OUTPUTS, accesses: OUTPUTS.accesses.map((file) => ({ ...file, formatRow: full })) },
  }),
  'the page is drawn': (run) => ({
    run,
    outputs: { ...OUTPUTS, openPage: (limits) => ({ ...OUTPUTS.openPage(limits), render: full }) },
  }),
  'the first pack is signed': (run) => ({ run: failAtSigning(run, 1), outputs: OUTPUTS }),
  'the last pack is signed': (run) => ({ run: failAtSigning(run, 3), outputs: OUTPUTS }),
};

/** The key is gone when so many manifests are to be signed. */
function failAtSigning(run: AuditRun, when: number): AuditRun {
  let asked = 0;
  const signNote: typeof run.signer.signNote = async (text) => {
    if (text.startsWith('barter audit manifest')) asked += 1;
    return asked === when ? full() : run.signer.signNote(text);
  };
  return { ...run, signer: { ...run.signer, signNote } };
}

describe.each(['apart', 'within'] as const)('with the parties’ packs %s', (where) => {
  it.each(Object.keys(FAILURES))('a run that fails as %s leaves every pack as it was', async (name) => {
    const { run, parties, read } = prepare(where);
    const first = FAILURES[name]!(run);
    await expect(runAudit(first.run, first.outputs)).rejects.toThrow('ENOSPC');
    expect([snapshot(run.out), snapshot(parties)]).toEqual([{}, {}]);
    const done = await runAudit(run, OUTPUTS);
    expect(done.parties.map(({ folder }) => existsSync(join(folder, 'manifest.sig')))).toEqual([true, true]);
    const before = [snapshot(run.out), snapshot(parties)];
    read('second');
    const next = FAILURES[name]!({ ...run });
    await expect(runAudit(next.run, next.outputs)).rejects.toThrow('ENOSPC');
    expect([snapshot(run.out), snapshot(parties)]).toEqual(before);
    // The ledger has gone on, and whatever was entered stays.
    const again = await runAudit(run, OUTPUTS);
    expect(again.report.accesses.total).toBe(2);
    for (const folder of [run.out, ...again.parties.map((each) => each.folder)])
      expect((await verifyPack(folder, run.signer.key, TOOLS)).findings).toEqual([]);
    expect(Object.keys(snapshot(run.out)).filter((file) => file.startsWith('.'))).toEqual([]);
    expect(readdirSync(parties).filter((file) => file.startsWith('.'))).toEqual([]);
  });
});

it('what an earlier pack had there and this one has not is gone; what else lies there stays, and is found', async () => {
  const { run } = prepare('within');
  await runAudit(run, OUTPUTS);
  const manifest = join(run.out, 'manifest.json');
  const { files, ...about } = JSON.parse(readFileSync(manifest, 'utf8'));
  const formerly = { file: 'told.csv', bytes: 1, sha256: 'ab'.repeat(32) };
  put(
    run.out,
    'manifest.json',
    JSON.stringify({ ...about, files: [...files, formerly, { ...formerly, file: '../kept' }] }),
  );
  put(run.out, 'told.csv', 'x');
  for (const file of ['notes.txt', '.notes']) put(run.out, file, 'x');
  const kept = put(run.out, '../kept', 'x');
  mkdirSync(join(run.out, '.work-old'));
  await runAudit(run, OUTPUTS);
  expect([existsSync(join(run.out, 'told.csv')), existsSync(join(run.out, '.work-old')), existsSync(kept)]).toEqual([
    false,
    false,
    true,
  ]);
  const { findings } = await verifyPack(run.out, run.signer.key, TOOLS);
  expect(findings).toEqual(['.notes', 'notes.txt'].map((file) => ({ file, problem: 'the manifest does not name it' })));
});
