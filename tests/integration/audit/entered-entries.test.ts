import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import picocolors from 'picocolors';
import type { AuditRun } from '../../../lib/audit/audit-run';
import { INPUTS } from '../../../lib/audit/input-list';
import { openLedgerFolder } from '../../../lib/audit/ledger-folder';
import { sha256 } from '../../../lib/audit/node-crypto';
import { openNoteSigner } from '../../../lib/audit/note-signer';
import { publishCheckpointAndKey } from '../../../lib/audit/publish-checkpoint';
import { readEarlierReport } from '../../../lib/audit/read-earlier';
import { verifyEarlier } from '../../../lib/audit/verify-earlier';
import { verifyPack } from '../../../lib/audit/verify-pack';
import { describeAudit } from '../../../lib/cli/describe-audit';
import type { Access } from '../../../lib/domain/audit/access';
import { recordAccesses } from '../../../lib/domain/audit/ledger/record-accesses';
import { readBusEvent } from '../../../lib/domain/audit/records/read-bus-event';
import { makeSigningKey } from '../../../lib/signing-key';
import { DATA_SET, USAGE } from '../../unit/audit/attribution/agreements';
import {
  BUCKET,
  makeExport,
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

const [DAY, NEXT] = [
  { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' },
  { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
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
    audit: (period: typeof DAY, earlier?: AuditRun['earlier']) =>
      auditLogs(logs, { ...shared, ...period, ...(earlier === undefined ? {} : { earlier }) }),
    /** As `record-access` does. */
    enter: async (...accesses: readonly Access[]) => {
      const store = openLedgerFolder(ledger);
      await recordAccesses(sha256, ORIGIN, store, accesses, publishCheckpointAndKey(store, signer));
      store.close();
    },
    verify: async (pack: string) => (await verifyPack(pack, signer.key, { ...TOOLS, ledger })).findings,
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
function deliverTo(logs: string, day: string): void {
  const folder = `AWSLogs/${ROOM}/CloudTrail/${REGION}/${day.replaceAll('-', '/')}`;
  const name = `${ROOM}_CloudTrail_${REGION}_${day.replaceAll('-', '')}T0030Z_end.json.gz`;
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
  const ledgers = [{ period: DAY, entries: size }];
  const earlier = { periods: [DAY], inputs: [join(first.out, INPUTS)], ledgers };
  const second = await audit(NEXT, earlier);
  expect(first.rows.map(({ id }) => id)).toContain(accessOf(told![0]!).id);
  expect(second.rows.map(({ id, late }) => [id, late])).toEqual([[accessOf(untold![0]!).id, 'whole']]);
  expect(second.exceptions.map(({ kind }) => kind)).toContain('unexplained');
  for (const { out } of [first, second]) expect(await verify(out)).toEqual([]);
  expect((await verifyEarlier(second.out, [first.out])).findings).toEqual([]);
  expect(await readEarlierReport(first.out)).toMatchObject({ entries: size });
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
    ['unexplained', ['event-bus/halfway']],
  ]);
  expect(await verify(out)).toEqual([]);
});
