import { attributeAccesses } from '../../../../lib/domain/audit/attribution/attribute-accesses';
import { joinAccesses } from '../../../../lib/domain/audit/records/join-accesses';
import { collectTotals } from '../../../../lib/domain/audit/report/collect-totals';
import { openRowReporter } from '../../../../lib/domain/audit/report/report-access';
import type { ReportedAccess } from '../../../../lib/domain/audit/report/reported-access';
import { tallyFlows } from '../../../../lib/domain/audit/report/tally-flows';
import { nameLinkSession } from '../../../../lib/domain/enforcement/doors/link-session';
import { AGREEMENT, DATA_SET, decide, GOOGLE, SNOWFLAKE } from '../attribution/agreements';
import {
  BUCKET,
  collect,
  LEDGER,
  makeDecrypt,
  makeDoorUse,
  makeExport,
  makeLakeRead,
  makeLinkRead,
  makeQuery,
  makeS3Read,
  makeSftpDownload,
  makeSftpUpload,
  makeSignIn,
  PARTNER,
  ROOM,
  type Sighting,
} from '../scenario';

const AT = '2026-03-02T10:00:00Z';
const KEY = 'usage/1.parquet';
const STRANGER = '777766665555';
const TELCO_ROLE = 'barter-party-telco-retail-2026.telco';
const RETAIL_ROLE = 'barter-party-telco-retail-2026.retail';
const WAREHOUSE = 'barter-warehouse-telco-retail-2026.telco-retail-usage';
const GOOGLES = 'barter-warehouse-telco-retail-2026.telco-retail-scores';
const ACCOUNTS = {
  room: new Set([ROOM]),
  parties: new Map(AGREEMENT.plan.parties.map(({ id, account }) => [id, account])),
};
const DECISIONS = [decide(), decide({ id: '2026-03-02T09:59:00Z/link-1', at: '2026-03-02T09:59:00Z' })];

function report(sightings: readonly Sighting[]): readonly ReportedAccess[] {
  const owners = new Map([BUCKET, LEDGER].map((bucket) => [bucket, ROOM]));
  const joined = joinAccesses(collect(sightings), owners, [AGREEMENT]);
  const tell = openRowReporter([{ inForce: AGREEMENT, plan: '' }]);
  return attributeAccesses(joined, [AGREEMENT], DECISIONS, new Set([ROOM])).map((each) => tell(each, () => []));
}

function tally(rows: readonly ReportedAccess[]) {
  const flows = tallyFlows(ACCOUNTS);
  for (const row of rows) if (row.explained.kind !== 'internal') flows.add(row);
  return flows.list();
}

const reads = (bytes: number, accesses = 1) => [{ from: ROOM, to: PARTNER, accesses, bytes }];
const by = (account: string) => ({ kind: 'account', account }) as const;

it.each<[way: string, sightings: readonly Sighting[], flows: ReturnType<typeof tally>]>([
  ['S3, by the party’s own account', makeS3Read({ key: KEY, at: AT, account: PARTNER }), reads(1000)],
  ['Lake Formation', makeLakeRead({ keys: [KEY], at: AT, account: PARTNER }), reads(0)],
  ['a key alone', [makeDecrypt({ key: KEY, at: AT, account: PARTNER })], []],
  [
    'a role of the room that is the party’s, handed in',
    [
      ...makeSignIn({ role: RETAIL_ROLE, at: AT, by: by(PARTNER) }),
      ...makeDoorUse({ role: RETAIL_ROLE, at: AT, operation: 'PutObject', key: 'raw/purchases/1.csv' }),
    ],
    [{ from: PARTNER, to: ROOM, accesses: 1, bytes: 0 }],
  ],
  [
    'the same role, from its outbox',
    makeDoorUse({
      role: RETAIL_ROLE,
      at: AT,
      operation: 'GetObject',
      key: 'outbox/telco-retail-2026/retail/1',
      bucket: LEDGER,
    }),
    reads(1000),
  ],
  [
    'the same role, listed and deleted',
    [
      ...makeDoorUse({ role: RETAIL_ROLE, at: AT, operation: 'ListObjects', key: 'raw/purchases/' }),
      ...makeDoorUse({ role: RETAIL_ROLE, at: AT, operation: 'DeleteObject', key: 'raw/purchases/1.csv' }),
    ],
    [],
  ],
  [
    'a role of the party in whose account the room stands',
    makeDoorUse({ role: TELCO_ROLE, at: AT, operation: 'PutObject', key: 'raw/usage/1.csv' }),
    [{ from: ROOM, to: ROOM, accesses: 1, bytes: 0 }],
  ],
  [
    'SFTP, handed in',
    makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/1.csv', at: AT }),
    [{ from: PARTNER, to: ROOM, accesses: 1, bytes: 0 }],
  ],
  [
    'SFTP, fetched',
    makeSftpDownload({ user: 'retail-sftp', keys: [KEY, 'usage/2.parquet'], at: AT, ip: '192.0.2.1' }),
    reads(0, 2),
  ],
  ['a link', makeLinkRead({ session: nameLinkSession('link-1'), key: KEY, at: AT }), reads(1000)],
  [
    'a warehouse of Snowflake’s',
    [
      ...makeSignIn({ role: WAREHOUSE, at: AT, by: by(SNOWFLAKE) }),
      ...makeDoorUse({ role: WAREHOUSE, at: AT, operation: 'GetObject', key: KEY }),
    ],
    reads(1000),
  ],
  [
    'a warehouse of Google’s',
    [
      ...makeSignIn({ role: GOOGLES, at: AT, by: { kind: 'google', subject: GOOGLE } }),
      ...makeDoorUse({ role: GOOGLES, at: AT, operation: 'GetObject', key: KEY }),
    ],
    reads(1000),
  ],
  ['Data Exchange', [makeExport({ dataSet: DATA_SET, at: AT, account: PARTNER })], reads(0)],
  ['a query', makeQuery({ key: KEY, at: AT, account: PARTNER }), reads(0)],
  [
    'nobody’s: the account is the stranger’s own',
    makeS3Read({ key: KEY, at: AT, account: STRANGER }),
    [{ from: ROOM, to: STRANGER, accesses: 1, bytes: 1000 }],
  ],
  ['nobody’s: refused', makeS3Read({ key: KEY, at: AT, account: STRANGER, error: 'AccessDenied' }), []],
])('what went by %s goes from or to the account of whoever it was for', (_, sightings, flows) => {
  expect(tally(report(sightings))).toEqual(flows);
});

test('a download by SFTP that was broken off went as far as it came', () => {
  const rows = report(makeSftpDownload({ user: 'retail-sftp', keys: [KEY], at: AT, ip: '192.0.2.1' }));
  const broken = rows.flatMap((row): readonly ReportedAccess[] =>
    row.act === 'read' ? [{ ...row, service: 'transfer', outcome: 'failed', bytes: { out: 9, in: 0 } }] : [],
  );
  expect(tally(broken)).toEqual(reads(9));
});

test('what S3’s own log alone tells of a leg is the room’s', () => {
  const line = makeS3Read({ key: KEY, at: AT, account: PARTNER }).slice(-1);
  expect(tally(report(line))).toEqual(reads(1000));
});

test('of a party that the report does not name, the account stays as the record tells it', () => {
  const flows = tallyFlows({ ...ACCOUNTS, parties: new Map() });
  for (const row of report(makeLinkRead({ session: nameLinkSession('link-1'), key: KEY, at: AT }))) flows.add(row);
  expect(flows.list()).toEqual([{ from: ROOM, to: ROOM, accesses: 1, bytes: 1000 }]);
});

test('what came late is counted, and in no plot', () => {
  const totals = collectTotals(ACCOUNTS.room, AGREEMENT.plan.parties);
  for (const row of report(makeS3Read({ key: KEY, at: AT, account: PARTNER }))) totals.add({ ...row, late: 'whole' });
  expect(totals.finish()).toMatchObject({ total: 1, byParty: [{ allowed: 1 }], byHour: [], flows: [] });
});
