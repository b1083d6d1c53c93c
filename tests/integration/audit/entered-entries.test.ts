import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import picocolors from 'picocolors';
import type { AuditRun, OpenLedger } from '../../../lib/audit/audit-run';
import { INPUTS } from '../../../lib/audit/grounds/input-list';
import { INPUT_LABELS } from '../../../lib/audit/grounds/input-names';
import { readEarlierReport } from '../../../lib/audit/grounds/read-earlier';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { type NoteSigner, openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { publishCheckpointAndKey } from '../../../lib/audit/ledger/publish-checkpoint';
import { openLogFolders } from '../../../lib/audit/logs/open-log-folders';
import { sha256 } from '../../../lib/audit/node-crypto';
import { verifyEarlier } from '../../../lib/audit/verify/verify-earlier';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { describeAudit } from '../../../lib/cli/describe/describe-audit';
import type { Access } from '../../../lib/domain/audit/access';
import { recordAccesses } from '../../../lib/domain/audit/ledger/record-accesses';
import { readBusEvent } from '../../../lib/domain/audit/records/read-bus-event';
import { makeSigningKey } from '../../../lib/signing-key';
import { DATA_SET, USAGE } from '../../unit/audit/attribution/agreements';
import {
  BUCKET,
  makeExport,
  makeLinkRead,
  makeS3Read,
  makeSftpUpload,
  PARTNER,
  REGION,
  ROOM,
  SERVER,
  type Sighting,
} from '../../unit/audit/scenario';
import { auditLogs, makeFolder, put, TOOLS, writeLogs } from './audit-trial';

/* What was entered in the ledger as it happened, and stands in no log that a report is made of. */

const [DAY, NEXT, AFTER] = [
  { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' },
  { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
  { from: '2026-03-03T00:00:00Z', to: '2026-03-04T00:00:00Z' },
];
const STRANGER = '777788889999';
const ORIGIN = 'room/trial';

/** A room: its logs, its ledger, and who signs. */
function makeRoom() {
  const [logs, ledger, key] = [makeFolder(), makeFolder(), join(makeFolder(), 'audit.pem')];
  makeSigningKey(key);
  const signer = openNoteSigner(key, ORIGIN);
  const shared = { signer, ledger: { origin: ORIGIN, open: () => openLedgerFolder(ledger) } };
  return {
    logs,
    signer,
    ledger,
    audit: (period: typeof DAY, earlier?: AuditRun['earlier'], change: Partial<AuditRun> = {}) =>
      auditLogs(logs, { ...shared, ...change, ...period, ...(earlier === undefined ? {} : { earlier }) }),
    /** As `record-access` does. */
    enter: async (...accesses: readonly Access[]) => {
      const store = openLedgerFolder(ledger);
      await recordAccesses(sha256, ORIGIN, store, accesses, publishCheckpointAndKey(store, signer));
      store.close();
    },
    verify: async (pack: string, earlier: readonly string[] = []) =>
      (await verifyPack(pack, signer.key, { ...TOOLS, ledger, earlier })).findings,
  };
}

/** The same store, to which others write before anything else is done with it. */
function enterBefore(store: OpenLedger, others: readonly Access[], signer: NoteSigner): OpenLedger {
  let entered: Promise<unknown> | undefined;
  const enter = () => {
    entered ??=
      others.length === 0
        ? Promise.resolve()
        : recordAccesses(sha256, ORIGIN, store, others, publishCheckpointAndKey(store, signer));
    return entered;
  };
  return {
    ...store,
    get: async (path) => {
      await enter();
      return store.get(path);
    },
  };
}

const accessOf = ({ reading }: Pick<Sighting, 'reading'>): Access => {
  if (reading.kind !== 'access') throw new Error('it is no access');
  return reading.access;
};
/** What Data Exchange tells of an account's own export, to which no request of that account is needed. */
const makeAutoExport = (at: string) =>
  accessOf({
    reading: readBusEvent({
      id: 'auto-export',
      source: 'aws.dataexchange',
      'detail-type': 'Auto-export Job Completed',
      account: PARTNER,
      time: at,
      region: REGION,
      detail: { DataSet: { Id: DATA_SET }, Revision: { Id: 'r1' } },
    }),
  });
const readsAt = (at: string, account: string, key: string) => makeS3Read({ key: `usage/${key}`, at, account });

/** Said by the name of an empty file: all of the days before was delivered by then. */
function deliverTo(logs: string, day: string, minute = '0030'): void {
  const folder = `AWSLogs/${ROOM}/CloudTrail/${REGION}/${day.replaceAll('-', '/')}`;
  const name = `${ROOM}_CloudTrail_${REGION}_${day.replaceAll('-', '')}T${minute}Z_end.json.gz`;
  put(logs, `${folder}/${name}`, gzipSync('{"Records":[]}'));
}

test('what a partner’s account forwards is told, explained and seen, and the pack is verified', async () => {
  const { logs, audit, enter, verify } = makeRoom();
  // The room's own side of a read, with no copy of the partner's account.
  writeLogs(
    logs,
    readsAt('2026-03-01T09:00:00Z', PARTNER, 'a').filter((each) => accessOf(each).recordedBy === ROOM),
  );
  deliverTo(logs, '2026-03-02');
  const silent = await audit(DAY);
  expect(silent.report.unseen.find(({ leg }) => leg === USAGE)?.sentence).toContain('no record of that account');
  const job = accessOf(makeExport({ dataSet: DATA_SET, at: '2026-03-01T10:00:00Z', account: PARTNER }));
  const auto = makeAutoExport('2026-03-01T11:00:00Z');
  await enter(job, auto);
  const outcome = await audit(DAY);
  const { rows, exceptions, report, out } = outcome;
  expect(describeAudit(outcome, out, 'KEY', picocolors.createColors(false))).toContain(
    '3 entries, 0 new; 2 of this time',
  );
  const told = rows.filter(({ service }) => service === 'dataexchange');
  expect(told).toMatchObject(
    [job, auto].map(({ id, witness }) => ({
      id,
      explained: { kind: 'attributed', party: 'retail', leg: USAGE, decision: { id: 'usage' } },
      recordedBy: PARTNER,
      witnesses: [witness],
      evidence: [{ file: 'ledger', event: id, sha256: expect.stringMatching(/^[\da-f]{64}$/) }],
    })),
  );
  expect(report.header.records.entered).toBe(2);
  // The room's own trail has nothing of them to be missed.
  expect(exceptions.filter(({ kind }) => kind === 'entered-without-log')).toEqual([]);
  expect(report.unseen.find(({ leg }) => leg === USAGE)?.sentence).toContain('were forwarded and are in this report');
  expect(await verify(out)).toEqual([]);
});

test('a log file that is gone takes nothing out of the report, and is told', async () => {
  const { logs, audit, verify } = makeRoom();
  writeLogs(join(logs, 'kept'), readsAt('2026-03-01T09:00:00Z', PARTNER, 'kept'));
  writeLogs(join(logs, 'gone'), [
    ...readsAt('2026-03-01T10:00:00Z', PARTNER, 'gone'),
    ...readsAt('2026-03-01T10:01:00Z', STRANGER, 'stolen'),
  ]);
  deliverTo(logs, '2026-03-02');
  const before = await audit(DAY);
  expect(before.exceptions.map(({ kind }) => kind)).not.toContain('entered-without-log');
  rmSync(join(logs, 'gone'), { recursive: true });
  const { rows, exceptions, report, out } = await audit(DAY);
  expect(rows.map(({ id, explained }) => [id, explained])).toEqual(
    before.rows.map(({ id, explained }) => [id, explained]),
  );
  expect(exceptions.filter(({ kind }) => kind === 'unexplained')).toHaveLength(1);
  expect(exceptions.filter(({ kind }) => kind === 'entered-without-log')).toMatchObject([
    { at: '2026-03-01T10:00:00Z', severity: 'gap', party: 'retail', leg: USAGE },
    {
      at: '2026-03-01T10:01:00Z',
      severity: 'gap',
      evidence: expect.arrayContaining([{ file: 'ledger' }].map(expect.objectContaining)),
    },
  ]);
  expect(report.verdict.kind).toBe('breached');
  expect(await verify(out)).toEqual([]);
});

test('what one report entered is told by no other, and what logs have is not read twice', async () => {
  const { logs, audit, enter, verify } = makeRoom();
  const reads = [
    ...readsAt('2026-03-01T23:50:00Z', PARTNER, 'a'),
    ...readsAt('2026-03-02T00:10:00Z', PARTNER, 'b'),
    ...readsAt('2026-03-02T13:00:00Z', PARTNER, 'c'),
  ];
  writeLogs(logs, reads);
  const auto = makeAutoExport('2026-03-01T23:40:00Z');
  await enter(auto);
  const [first, second] = [await audit(DAY), await audit(NEXT)];
  const told = [first, second].map(({ rows }) => rows.map(({ id }) => id));
  expect(told.flat()).toHaveLength(4);
  expect(new Set(told.flat()).size).toBe(4);
  expect(told[0]).toContain(auto.id);
  expect(second.report.header.records.duplicates).toBe(0);
  for (const { out, exceptions } of [first, second]) {
    expect(exceptions.filter(({ kind }) => kind === 'entered-without-log')).toEqual([]);
    expect(await verify(out)).toEqual([]);
  }
});

test('what a report told from the ledger is not told as late when its log comes; what nobody was told of is', async () => {
  const { logs, audit, enter, verify } = makeRoom();
  const [told, untold] = ['a', 'b'].map((key) => readsAt('2026-03-01T20:00:00Z', STRANGER, key).slice(0, 1));
  writeLogs(join(logs, 'first'), readsAt('2026-03-01T12:00:00Z', PARTNER, 'c'));
  await enter(accessOf(told![0]!));
  const first = await audit(DAY);
  // Both come a day late, and one of them was in the ledger when the first report was made.
  await enter(accessOf(untold![0]!));
  writeLogs(join(logs, 'late'), [...told!, ...untold!]);
  deliverTo(logs, '2026-03-03');
  const { size } = first.report.header.ledger!;
  const known = [{ periods: [DAY], entries: size, meanwhile: [] }];
  const earlier = { periods: [DAY], inputs: [join(first.out, INPUTS)], told: known };
  const second = await audit(NEXT, earlier);
  expect(first.rows.map(({ id }) => id)).toContain(accessOf(told![0]!).id);
  expect(second.rows.map(({ id, late }) => [id, late])).toEqual([[accessOf(untold![0]!).id, 'whole']]);
  expect(second.exceptions.map(({ kind }) => kind)).toContain('unexplained');
  for (const { out } of [first, second]) expect(await verify(out)).toEqual([]);
  expect((await verifyEarlier(second.out, [first.out])).findings).toEqual([]);
  expect(await readEarlierReport(first.out)).toMatchObject({ told: { entries: size } });
});

/** A report as the one that follows knows it. */
async function asEarlier(...packs: readonly string[]): Promise<NonNullable<AuditRun['earlier']>> {
  const read = await Promise.all(packs.map(readEarlierReport));
  const reports = read.filter((each) => typeof each !== 'string');
  return {
    periods: reports.map(({ period }) => period),
    inputs: reports.map(({ inputs }) => inputs),
    told: reports.map(({ told }) => told),
  };
}

test('what is forwarded after the report of its time is told once, in the next, however late it is', async () => {
  const { logs, audit, enter, verify } = makeRoom();
  writeLogs(logs, readsAt('2026-03-01T08:00:00Z', PARTNER, 'a'));
  deliverTo(logs, '2026-03-02');
  const first = await audit(DAY);
  const [early, soon] = [makeAutoExport('2026-03-01T02:00:00Z'), makeAutoExport('2026-03-01T22:00:00Z')];
  await enter(early, { ...soon, id: `${soon.id}-2` });
  deliverTo(logs, '2026-03-03');
  const second = await audit(NEXT, await asEarlier(first.out));
  const ids = [early.id, `${soon.id}-2`];
  expect(second.rows.map(({ id, late }) => [id, late])).toEqual(ids.map((id) => [id, 'whole']));
  expect(second.report.accesses.late).toMatchObject({ accesses: 2 });
  // What the second told of the first day, the third does not tell again; what came after, it does.
  const last = { ...early, id: 'auto-export-3' };
  await enter(last);
  deliverTo(logs, '2026-03-04');
  const third = await audit(AFTER, await asEarlier(first.out, second.out));
  expect(third.rows.map(({ id, late }) => [id, late])).toEqual([[last.id, 'whole']]);
  for (const { out } of [first, second, third]) expect(await verify(out)).toEqual([]);
  expect((await verifyEarlier(third.out, [first.out, second.out])).findings).toEqual([]);
  // Left out, it is in no pack of the series; without those before, that is not known.
  const packs = [first.out, second.out];
  expect(await verify(third.out, packs)).toEqual([]);
  put(third.out, 'accesses.jsonl', '');
  const untold = {
    file: expect.stringMatching(/^ledger: entry \d+$/),
    problem: expect.stringMatching(/^it is of the time before/),
  };
  expect(await verify(third.out, packs)).toContainEqual(untold);
  expect(await verify(third.out, packs.slice(1))).not.toContainEqual(untold);
});

test('what a report told from the ledger is not told again, however late its log comes', async () => {
  const { logs, audit, enter, verify } = makeRoom();
  const slow = readsAt('2026-03-01T02:00:00Z', STRANGER, 'a').slice(0, 1);
  const [told] = slow.map(accessOf);
  writeLogs(join(logs, 'first'), readsAt('2026-03-01T12:00:00Z', PARTNER, 'c'));
  await enter(told!);
  const first = await audit(DAY);
  expect(first.rows.map(({ id }) => id)).toContain(told!.id);
  writeLogs(join(logs, 'late'), slow);
  deliverTo(logs, '2026-03-03');
  const second = await audit(NEXT, await asEarlier(first.out));
  expect(second.rows).toEqual([]);
  for (const { out } of [first, second]) expect(await verify(out)).toEqual([]);
});

test('what comes late is explained with what was told of it before', async () => {
  const { logs, audit, verify } = makeRoom();
  const sightings = makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/p.jsonl', at: '2026-03-01T03:00:00Z' });
  const isObject = (each: Sighting) => each.source.log === 'cloudtrail' && accessOf(each).service === 's3';
  expect(sightings.filter(isObject)).toHaveLength(1);
  writeLogs(
    join(logs, 'first'),
    sightings.filter((each) => !isObject(each)),
  );
  deliverTo(logs, '2026-03-02');
  const first = await audit(DAY);
  writeLogs(join(logs, 'late'), sightings.filter(isObject));
  deliverTo(logs, '2026-03-03');
  const second = await audit(NEXT, await asEarlier(first.out));
  expect(second.rows).toMatchObject([
    { late: 'further', explained: { kind: 'attributed', party: 'retail' }, witnesses: expect.any(Array) },
  ]);
  expect(second.rows[0]!.witnesses.length).toBeGreaterThan(1);
  expect(second.report.header.records).not.toHaveProperty('entered');
  for (const { out } of [first, second]) expect(await verify(out)).toEqual([]);
});

test('lines that the SFTP server’s log got after the report of its day are told in the next', async () => {
  const { logs, audit, verify } = makeRoom();
  const linesAt = (at: string, key: string) =>
    makeSftpUpload({ user: 'retail-sftp', key: `raw/purchases/${key}`, at }).flatMap(({ source }) =>
      source.log === 'cloudwatch' ? [JSON.stringify(source.event)] : [],
    );
  const [known, added] = [linesAt('2026-03-01T03:00:00Z', 'a.jsonl'), linesAt('2026-03-01T02:00:00Z', 'b.jsonl')];
  const server = makeFolder();
  const both = openLogFolders([
    { label: '', folder: logs },
    { label: INPUT_LABELS.transfer, folder: server },
  ]);
  const write = (lines: readonly string[]) => put(server, '2026-03-01.jsonl', `${lines.join('\n')}\n`);
  write(known);
  deliverTo(logs, '2026-03-02');
  const first = await audit(DAY, undefined, { logs: both });
  // As it was, it is known by its hash, whatever the ledger has.
  const other = makeFolder();
  const ledger = { origin: ORIGIN, open: () => openLedgerFolder(other) };
  const same = await audit(NEXT, await asEarlier(first.out), { logs: both, ledger });
  expect(same.rows).toEqual([]);
  write([...added, ...known]);
  deliverTo(logs, '2026-03-03');
  const second = await audit(NEXT, await asEarlier(first.out), { logs: both });
  const ids = added.map((line): string => `transfer-log/${JSON.parse(line).id}`).toSorted();
  const told = second.rows.flatMap(({ evidence }) => evidence.map(({ event }) => event));
  expect([...new Set(told)].toSorted()).toEqual(ids);
  expect(second.rows.map(({ late }) => late)).toEqual(second.rows.map(() => 'whole'));
  for (const { out } of [first, second]) expect(await verify(out)).toEqual([]);
  expect((await verifyEarlier(second.out, [first.out])).findings).toEqual([]);
});

describe('what others enter while a report is made', () => {
  /** A ledger to which somebody else writes as soon as the report has read it. */
  function makeBusy(entered: (time: number) => readonly Access[]) {
    const room = makeRoom();
    let opened = 0;
    const open = () => {
      opened += 1;
      // Opened first to read, then to write; what is entered is there when it is written.
      const others = opened % 2 === 0 ? entered(opened / 2) : [];
      return enterBefore(openLedgerFolder(room.ledger), others, room.signer);
    };
    const audit = async (period: typeof DAY, earlier?: AuditRun['earlier']) =>
      room.audit(period, earlier, { ledger: { origin: ORIGIN, open } });
    return { ...room, audit, openedTimes: () => opened };
  }

  test('is in the report, where it is judged by it', async () => {
    const auto = makeAutoExport('2026-03-01T10:00:00Z');
    const { logs, audit, verify, openedTimes } = makeBusy((time) => (time === 1 ? [auto] : []));
    writeLogs(logs, readsAt('2026-03-01T09:00:00Z', PARTNER, 'a'));
    deliverTo(logs, '2026-03-02');
    const { rows, out, report } = await audit(DAY);
    expect(rows.map(({ id }) => id)).toContain(auto.id);
    expect(openedTimes()).toBe(4);
    expect(report.header.ledger).not.toHaveProperty('meanwhile');
    expect(await verify(out)).toEqual([]);
  });

  test('is in the report, where it came late for the one of its time', async () => {
    const auto = makeAutoExport('2026-03-01T10:00:00Z');
    const { logs, audit, verify } = makeBusy((time) => (time === 2 ? [auto] : []));
    writeLogs(logs, readsAt('2026-03-01T09:00:00Z', PARTNER, 'a'));
    deliverTo(logs, '2026-03-02');
    const first = await audit(DAY);
    expect(first.rows.map(({ id }) => id)).not.toContain(auto.id);
    deliverTo(logs, '2026-03-03');
    const second = await audit(NEXT, await asEarlier(first.out));
    expect(second.rows.map(({ id, late }) => [id, late])).toEqual([[auto.id, 'whole']]);
    expect(second.report.header.ledger).not.toHaveProperty('meanwhile');
    expect(await verify(second.out, [first.out])).toEqual([]);
  });

  test('is in the next, where it is too young to be judged', async () => {
    const auto = makeAutoExport('2026-03-01T23:40:00Z');
    const { logs, audit, verify } = makeBusy((time) => (time === 1 ? [auto] : []));
    // The last log file is of 23:30: what is younger than 23:15 is not judged.
    writeLogs(logs, readsAt('2026-03-01T09:00:00Z', PARTNER, 'a'));
    deliverTo(logs, '2026-03-01', '2330');
    const first = await audit(DAY);
    expect(first.rows.map(({ id }) => id)).not.toContain(auto.id);
    expect(first.report.header.ledger?.meanwhile).toEqual([{ from: 0, to: 1 }]);
    expect(await verify(first.out)).toEqual([]);
    deliverTo(logs, '2026-03-03');
    const second = await audit(NEXT, await asEarlier(first.out));
    expect(second.rows.map(({ id, late }) => [id, late])).toEqual([[auto.id, 'whole']]);
    expect(await verify(second.out)).toEqual([]);
  });

  test('is no reason to leave out what is judged, whoever says so', async () => {
    const { logs, audit, enter, verify } = makeRoom();
    const auto = makeAutoExport('2026-03-01T10:00:00Z');
    await enter(auto);
    writeLogs(logs, readsAt('2026-03-01T09:00:00Z', PARTNER, 'a'));
    deliverTo(logs, '2026-03-02');
    const { out } = await audit(DAY);
    const [rows, report] = ['accesses.jsonl', 'report.json'].map((name) => join(out, name));
    const lines = readFileSync(rows!, 'utf8').split('\n');
    writeFileSync(rows!, lines.filter((line) => !line.includes(auto.id)).join('\n'));
    const told = JSON.parse(readFileSync(report!, 'utf8'));
    told.header.ledger.meanwhile = [{ from: 0, to: told.header.ledger.size }];
    writeFileSync(report!, JSON.stringify(told));
    expect(await verify(out)).toContainEqual({
      file: 'ledger: entry 0',
      problem: 'it is of this period, and in no table',
    });
  });

  test('and does not end, is in the next from what was entered when the third was begun', async () => {
    const { logs, audit, verify, openedTimes } = makeBusy((time) => [
      { ...makeAutoExport('2026-03-01T10:00:00Z'), id: `auto-${time}` },
    ]);
    const reads = readsAt('2026-03-01T09:00:00Z', PARTNER, 'a');
    writeLogs(logs, reads);
    deliverTo(logs, '2026-03-02');
    const autosOf = (rows: readonly { readonly id: string }[]) =>
      rows.flatMap(({ id }) => (id.startsWith('auto-') ? [id] : [])).toSorted();
    const first = await audit(DAY);
    expect([openedTimes(), autosOf(first.rows)]).toEqual([6, ['auto-1', 'auto-2']]);
    expect(first.report.header.ledger).toMatchObject({ size: reads.length + 2 });
    expect(first.report.header.ledger).not.toHaveProperty('meanwhile');
    expect(await verify(first.out)).toEqual([]);
    deliverTo(logs, '2026-03-03');
    const second = await audit(NEXT, await asEarlier(first.out));
    expect(second.rows.map(({ id, late }) => [id, late])).toEqual(
      ['auto-3', 'auto-4', 'auto-5'].map((id) => [id, 'whole']),
    );
    expect(await verify(second.out, [first.out])).toEqual([]);
    expect((await verifyEarlier(second.out, [first.out])).findings).toEqual([]);
  });
});

test('what was entered live is the same as the report reads, whatever is believed of the names of sessions', async () => {
  const { logs, audit, enter, verify } = makeRoom();
  const upload = makeSftpUpload({ user: 'telco-retail-2026.retail', key: 'usage/a', at: '2026-03-01T09:00:00Z' });
  const posed = makeLinkRead({ session: 'somebody@link', key: 'usage/b', at: '2026-03-01T09:10:00Z' }).slice(0, 1);
  const inOther = posed.map((each) => JSON.parse(JSON.stringify(each).replaceAll('PresignDownloadLink', 'Other')));
  const sightings: readonly Sighting[] = [...upload, ...inOther];
  writeLogs(logs, sightings);
  deliverTo(logs, '2026-03-02');
  await enter(...sightings.map(accessOf));
  const { exceptions, out } = await audit(DAY);
  expect(exceptions.filter(({ kind }) => kind === 'conflicting-record')).toEqual([]);
  expect(await verify(out)).toEqual([]);
});

test('an event and the trail’s record of the same are one access', async () => {
  const { logs, audit, enter, verify } = makeRoom();
  const sightings = makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/p.jsonl', at: '2026-03-01T09:00:00Z' });
  const [event] = sightings.filter(({ source }) => source.log === 'event-bus').map(accessOf);
  writeLogs(
    logs,
    sightings.filter(({ source }) => source.log !== 'event-bus'),
  );
  await enter(event!);
  const { rows, out } = await audit(DAY);
  const written = rows.filter(({ act }) => act === 'write');
  expect(written.map(({ witnesses }) => witnesses.toSorted())).toEqual([['cloudtrail', 'event-bus', 'transfer-log']]);
  expect(written[0]?.evidence.filter(({ file }) => file === 'ledger')).toMatchObject([{ record: 0, event: event!.id }]);
  expect(await verify(out)).toEqual([]);
  expect(written[0]?.recordedBy).toBe(ROOM);
});

test('a download by SFTP that broke off is held to what was agreed, and the pack says so to whoever verifies it', async () => {
  const { logs, audit, enter, verify } = makeRoom();
  writeLogs(logs, readsAt('2026-03-01T09:00:00Z', PARTNER, 'a'));
  deliverTo(logs, '2026-03-02');
  const download = (id: string, bytes: number) =>
    accessOf({
      reading: readBusEvent({
        id,
        source: 'aws.transfer',
        'detail-type': 'SFTP Server File Download Failed',
        account: ROOM,
        time: '2026-03-01T10:00:00Z',
        region: REGION,
        detail: { 'server-id': SERVER, username: 'nobody', 'session-id': id, 'file-path': `/${BUCKET}/usage/a`, bytes },
      }),
    });
  await enter(download('halfway', 99), download('never-began', 0));
  const { exceptions, out } = await audit(DAY);
  expect(exceptions.map(({ kind, evidence }) => [kind, evidence.map(({ event }) => event)])).toEqual([
    // Nor did S3 tell that anything was read.
    ['sftp-without-object', ['event-bus/halfway']],
    ['unexplained', ['event-bus/halfway']],
  ]);
  expect(await verify(out)).toEqual([]);
});
