import type { RecordCounts } from '../../../../lib/domain/audit/records/collect-accesses';
import { judgeRecords, type ToldRecords } from '../../../../lib/domain/audit/report/judge-records';

const kind = (what: string, records: number) => ({ what, records, first: { file: 'a.json.gz', record: 0 } });

/** A room's report: of 40 records 30 are accesses, told in 25 rows that name 28 places in logs; 4 stand in the ledger alone. */
const ROOM: RecordCounts = {
  ...{ read: 40, accesses: 28, duplicates: 2, conflicts: 1, entered: 4 },
  ...{ internal: [kind('glue GetTable', 5)], unknown: [kind('bedrock InvokeModel', 3)], malformed: [kind('text', 1)] },
};
const TOLD: ToldRecords = { rows: 25, logged: 28, entered: 4 };
const PARTY: RecordCounts = {
  read: 25,
  accesses: 25,
  duplicates: 0,
  conflicts: 0,
  internal: [],
  unknown: [],
  malformed: [],
};

const { entered: _, ...NOTHING_ENTERED } = ROOM;

test.each<[string, RecordCounts, Partial<ToldRecords>, boolean]>([
  ['as many', ROOM, {}, true],
  ['more records than kinds and accesses', { ...ROOM, read: 41 }, {}, true],
  ['fewer records than kinds and accesses', { ...ROOM, read: 39 }, {}, false],
  ['more of a kind beside them', { ...ROOM, unknown: [kind('bedrock InvokeModel', 4)] }, {}, false],
  ['another conflict beside them', { ...ROOM, conflicts: 2 }, {}, false],
  ['as many accesses and copies as its rows name', ROOM, { logged: 30 }, true],
  ['fewer accesses and copies than its rows name', ROOM, { logged: 31 }, false],
  ['more of the ledger than its rows name', { ...ROOM, entered: 5 }, {}, true],
  ['less of the ledger than its rows name', { ...ROOM, entered: 3 }, {}, false],
  ['nothing of the ledger, which its rows name', NOTHING_ENTERED, {}, false],
  ['nothing of the ledger, as its rows', NOTHING_ENTERED, { entered: 0 }, true],
  ['half a record', { ...ROOM, read: 40.5 }, {}, false],
  ['less than no copies', { ...ROOM, accesses: 31, duplicates: -1 }, {}, false],
  ['a kind of less than none', { ...ROOM, internal: [kind('a', 6), kind('b', -1)] }, {}, false],
])('a room’s report that tells of %s', (_, told, rows, isBelieved) => {
  expect(judgeRecords(told, { ...TOLD, ...rows }, false)).toHaveLength(isBelieved ? 0 : 1);
});

test.each<[string, Partial<RecordCounts>, boolean]>([
  ['its rows', {}, true],
  ['more records', { read: 26 }, false],
  ['more accesses', { accesses: 26 }, false],
  ['copies', { duplicates: 1 }, false],
  ['what the room did for itself', { internal: [kind('glue GetTable', 5)] }, false],
])('a party’s report that tells of %s', (_, change, isBelieved) => {
  expect(judgeRecords({ ...PARTY, ...change }, { ...TOLD, entered: 0 }, true)).toHaveLength(isBelieved ? 0 : 1);
});
