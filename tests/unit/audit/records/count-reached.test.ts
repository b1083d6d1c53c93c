import { openRecordWalker } from '../../../../lib/audit/logs/open-record-walker';
import { countReached, mergeReached } from '../../../../lib/domain/audit/records/count-reached';
import { splitRecords } from '../../../../lib/domain/audit/records/split-records';
import { BUCKET, ROOM } from '../scenario';

const role = (session: string) => `arn:aws:sts::${ROOM}:assumed-role/BarterJob/${session}`;
const record = (given: { arn?: string; bucket?: string; at?: string; name?: string }) => ({
  eventTime: given.at ?? '2026-03-02T10:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: given.name ?? 'GetObject',
  userIdentity: { type: 'AssumedRole', ...(given.arn === undefined ? {} : { arn: given.arn }), accountId: ROOM },
  requestParameters: { bucketName: given.bucket ?? BUCKET, key: 'a' },
});

function count(records: readonly object[], walker = false) {
  const counter = countReached([BUCKET, 'landing']);
  const onRecord = (raw: Parameters<typeof counter.addRecord>[0]) =>
    counter.addRecord(raw, { kind: 'internal', what: 's3 GetObject' });
  const splitter = splitRecords(
    { onRecord, onMalformed: () => {} },
    new Set([ROOM]),
    walker ? openRecordWalker() : undefined,
  );
  splitter.push(new TextEncoder().encode(JSON.stringify({ Records: records })));
  return counter.list();
}

test.each([true, false])('sessions of a role are one principal; other buckets do not count (walker: %s)', (walker) => {
  const records = [
    record({ arn: role('run-2'), at: '2026-03-02T11:00:00Z' }),
    record({ arn: role('run-1') }),
    record({ arn: role('run-3'), at: '2026-03-02T12:00:00Z' }),
    record({ arn: `arn:aws:iam::${ROOM}:user/ops/ada` }),
    record({ arn: role('run-1'), bucket: 'landing' }),
    record({ arn: role('run-1'), bucket: 'results' }),
    record({}),
  ];
  const [first, last] = ['2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z'];
  const operation = 's3 GetObject';
  const job = `arn:aws:sts::${ROOM}:assumed-role/BarterJob`;
  expect(mergeReached([count(records, walker)])).toEqual([
    { principal: job, operation, bucket: BUCKET, records: 3, first, last: '2026-03-02T12:00:00Z' },
    { principal: '', operation, bucket: BUCKET, records: 1, first, last },
    { principal: `arn:aws:iam::${ROOM}:user/ops/ada`, operation, bucket: BUCKET, records: 1, first, last },
    { principal: job, operation, bucket: 'landing', records: 1, first, last },
  ]);
});

test('counts of several readers add up, whoever read what', () => {
  const records = Array.from({ length: 60 }, (_, at) =>
    record({ arn: role(`r${at % 4}`), at: `2026-03-02T10:${String((at * 7) % 60).padStart(2, '0')}:00Z` }),
  );
  const whole = mergeReached([count(records)]);
  for (const cut of [1, 20, 59]) {
    const parts = [count(records.slice(cut)), count(records.slice(0, cut))];
    expect(mergeReached(parts)).toEqual(whole);
  }
  expect(whole).toMatchObject([{ records: 60, first: '2026-03-02T10:00:00Z', last: '2026-03-02T10:59:00Z' }]);
});

test('whoever makes up names fills no memory, and is counted', () => {
  const records = Array.from({ length: 6000 }, (_, at) => record({ arn: `arn:aws:iam::${ROOM}:user/made-up-${at}` }));
  const lines = count(records);
  expect(lines).toHaveLength(5001);
  expect(lines.filter(({ principal }) => principal === 'other principals')).toMatchObject([{ records: 1000 }]);
});
