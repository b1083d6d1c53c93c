import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AuditRun } from '../../../lib/audit/audit-run';
import { INPUTS } from '../../../lib/audit/grounds/input-list';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { verifyEarlier } from '../../../lib/audit/verify/verify-earlier';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { makeSigningKey } from '../../../lib/signing-key';
import { makeDecrypt, makeS3Read, PARTNER, REGION, ROOM, type Sighting } from '../../unit/audit/scenario';
import { type AuditTrial, auditLogs, makeFolder, put, TOOLS, writeLogs } from './audit-trial';

/** Three days, of which each report is made as the next begins. */
const DAYS = ['2026-03-01', '2026-03-02', '2026-03-03'] as const;
const dayAfter = (day: string) => new Date(Date.parse(day) + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
const STRANGER = '777788889999';

/** What happened, and with which of the reports its record had come. */
interface Delivered {
  readonly sighting: Sighting;
  readonly day: string;
  readonly by: number;
}

/** The same choice in every run. */
function chooser(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A read every half hour, each on two sides with its key; of a fifth of all records the delivery takes a day or two longer. */
function deliver(seed: number): readonly Delivered[] {
  const choose = chooser(seed);
  return DAYS.flatMap((day, of) =>
    Array.from({ length: 48 }, (_, number) => {
      const minutes = number * 30;
      const at = new Date(Date.parse(day) + minutes * 60_000).toISOString().replace('.000Z', 'Z');
      const key = `usage/round=1/${day}-${number}.parquet`;
      const account = number % 12 === 5 ? STRANGER : PARTNER;
      return [makeDecrypt({ key, at, account }), ...makeS3Read({ key, at, account })];
    })
      .flat()
      .map((sighting) => {
        const wait = choose();
        return { sighting, day, by: Math.min(DAYS.length - 1, of + (wait < 0.8 ? 0 : wait < 0.92 ? 1 : 2)) };
      }),
  );
}

/** The room's reports, one for each day, of the logs that had come by then. */
async function auditDays(all: readonly Delivered[]) {
  const [logs, ledger, key] = [makeFolder(), makeFolder(), join(makeFolder(), 'audit.pem')];
  makeSigningKey(key);
  const signer = openNoteSigner(key, 'room/trial');
  const shared: Partial<AuditRun> = {
    signer,
    ledger: { origin: 'room/trial', open: () => openLedgerFolder(ledger) },
  };
  const trials: AuditTrial[] = [];
  for (const [number, day] of DAYS.entries()) {
    writeLogs(
      join(logs, `by-${number}`),
      all.filter(({ by }) => by === number).map(({ sighting }) => sighting),
    );
    // Said by the name of an empty file: all that was to come by then has come.
    const stamp = `${dayAfter(day).replaceAll('-', '')}T0030Z`;
    const name = `AWSLogs/${ROOM}/CloudTrail/${REGION}/${dayAfter(day).replaceAll('-', '/')}/${ROOM}_CloudTrail_${REGION}_${stamp}_end.json.gz`;
    put(logs, name, gzipSync('{"Records":[]}'));
    const earlier = {
      periods: trials.map(({ report }) => report.header.period),
      inputs: trials.map(({ out }) => join(out, INPUTS)),
    };
    const period = { from: `${day}T00:00:00Z`, to: `${dayAfter(day)}T00:00:00Z` };
    trials.push(await auditLogs(logs, { ...shared, ...period, ...(number > 0 && { earlier }) }));
  }
  return { trials, signer, ledger };
}

const idOf = ({ reading }: Sighting) => (reading.kind === 'access' ? reading.access.id : '');
const eventsOf = ({ rows }: AuditTrial, isTold: (late: string | undefined) => boolean = () => true) =>
  rows.filter(({ late }) => isTold(late)).flatMap(({ evidence }) => evidence.map(({ event }) => event));

it('every record is told by one report, whenever it comes, and entered once', async () => {
  const all = deliver(5);
  const late = all.filter(({ day, by }) => DAYS.indexOf(day as (typeof DAYS)[number]) < by);
  expect(late.length).toBeGreaterThan(50);
  const { trials } = await auditDays(all);
  for (const { sighting, by } of all) {
    // In the report by which it had come, and in no other but as the other side of one that came late.
    const id = idOf(sighting);
    const counted = trials.map(
      (trial) => eventsOf(trial, (each) => each !== 'further').filter((each) => each === id).length,
    );
    const shown = trials.map((trial) => eventsOf(trial).includes(id));
    expect({ id, first: shown.indexOf(true), counted: counted.reduce((sum, count) => sum + count) <= 1 }).toEqual({
      id,
      first: by,
      counted: true,
    });
  }
  const ids = new Set(all.map(({ sighting }) => idOf(sighting)));
  expect(trials.reduce((sum, { appended }) => sum + appended, 0)).toBe(ids.size);
  expect(trials.at(-1)?.report.header.ledger?.size).toBe(ids.size);
  expect(trials.map(({ report }) => report.header.after?.length)).toEqual([undefined, 1, 2]);
  const lateRows = trials.flatMap(({ rows }) => rows.filter((row) => row.late !== undefined));
  const told = trials.map(({ report }) => (report.accesses.late?.accesses ?? 0) + (report.accesses.late?.further ?? 0));
  expect(told[0]).toBe(0);
  for (const { report, rows } of trials)
    expect(report.accesses.total).toBe(rows.filter((row) => row.late !== 'further').length);
  expect(lateRows.some((row) => row.late === 'further')).toBe(true);
  expect(told.reduce((sum, count) => sum + count)).toBe(lateRows.length);
  // Each by who it was, under what held at its own time; a stranger's is the breach that it is.
  for (const { at, explained, actor } of lateRows) {
    expect(explained).toMatchObject(
      actor.account === STRANGER ? { kind: 'unattributed' } : { kind: 'attributed', party: 'retail' },
    );
    expect(
      trials
        .slice(1)
        .some(({ exceptions }) => exceptions.some((each) => each.at === at && each.kind === 'unexplained')),
    ).toBe(actor.account === STRANGER);
  }
  expect(lateRows.some(({ actor }) => actor.account === STRANGER)).toBe(true);
});

it('of what time it was, an access is counted by one report, however many follow: together they count what one of all does', async () => {
  const all = deliver(13);
  const { trials } = await auditDays(all);
  const logs = makeFolder();
  writeLogs(
    logs,
    all.map(({ sighting }) => sighting),
  );
  const whole = await auditLogs(logs, { from: `${DAYS[0]}T00:00:00Z`, to: `${dayAfter(DAYS[2])}T00:00:00Z` });
  const timesOf = (rows: AuditTrial['rows'], day: string) =>
    rows.flatMap(({ at, late }) => (at.startsWith(day) && late !== 'further' ? [at] : [])).toSorted();
  const together = trials.flatMap(({ rows }) => rows);
  for (const day of DAYS) expect([day, timesOf(together, day)]).toEqual([day, timesOf(whole.rows, day)]);
  expect(timesOf(trials[0]!.rows, DAYS[0]).length).toBeLessThan(timesOf(whole.rows, DAYS[0]).length);
});

it('its packs are verified, and one that tells something twice is found', async () => {
  const all = deliver(9);
  const { trials, signer, ledger } = await auditDays(all);
  const [first, second] = trials;
  for (const { out } of trials) expect((await verifyPack(out, signer.key, { ...TOOLS, ledger })).findings).toEqual([]);
  expect(trials[2]!.rows.some((row) => row.late === 'further')).toBe(true);
  const whole = await verifyEarlier(trials[2]!.out, [first!.out, second!.out]);
  expect([whole.findings, whole.unchecked]).toEqual([[], []]);
  const verdict = await verifyEarlier(second!.out, [first!.out]);
  expect(verdict.findings).toEqual([]);
  expect(verdict.checked.join()).toMatch(/accesses that came late are not in/);
  const path = join(second!.out, 'accesses.jsonl');
  const old = readFileSync(join(first!.out, 'accesses.jsonl'), 'utf8').split('\n')[3]!;
  writeFileSync(path, `${JSON.stringify({ ...JSON.parse(old), late: 'whole' })}\n${readFileSync(path, 'utf8')}`);
  const { findings } = await verifyEarlier(second!.out, [first!.out]);
  expect(findings).toEqual([
    expect.objectContaining({ file: 'accesses.jsonl:1', problem: expect.stringContaining('already') }),
  ]);
  // Without its mark it is of no time of this report, whoever signs it.
  writeFileSync(path, `${old}\n${readFileSync(path, 'utf8')}`);
  const problems = (await verifyPack(second!.out, signer.key, { ...TOOLS, ledger })).findings;
  expect(problems).toContainEqual({ file: 'accesses.jsonl:1', problem: 'it is of no time of this report' });
});
