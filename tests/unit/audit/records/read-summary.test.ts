import { readCloudTrailRecord } from '../../../../lib/domain/audit/records/read-cloudtrail-record';
import { readSummary } from '../../../../lib/domain/audit/records/read-summary';
import { makeSummary } from '../scenario';

const SUMMARY = makeSummary({
  from: '2026-03-01T09:20:00Z',
  to: '2026-03-01T09:25:00Z',
  counts: { GetObject: 1000, PutObject: 2 },
});

it('reads the primary dimension, and nothing of the details, which may be the most frequent alone', () => {
  const frame = {
    id: 'summary-2026-03-01T09:20:00Z',
    account: '111122223333',
    region: 'eu-central-1',
    source: 's3.amazonaws.com',
    from: '2026-03-01T09:20:00Z',
    to: '2026-03-01T09:25:00Z',
    dimension: 'eventName',
  };
  const summaries = [
    { ...frame, name: 'GetObject', counted: 1000 },
    { ...frame, name: 'PutObject', counted: 2 },
  ];
  expect(readSummary(SUMMARY)).toEqual(summaries);
  expect(readCloudTrailRecord(SUMMARY)).toEqual({ kind: 'unknown', what: 'Aggregated s3.amazonaws.com', summaries });
});

const primary = { dimension: 'eventName', statistics: [{ name: 'GetObject', value: 3 }], aggregationType: 'Count' };

it.each([
  ['no object', 'text'],
  ['an event, not a summary', { ...SUMMARY, eventCategory: 'Data' }],
  ['no window', { ...SUMMARY, timeWindow: undefined }],
  [
    'a window that ends before it begins',
    { ...SUMMARY, timeWindow: { windowStart: '2026-03-01T09:25:00Z', windowEnd: '2026-03-01T09:20:00Z' } },
  ],
  ['no account', { ...SUMMARY, accountId: 'all' }],
  [
    'by users: how they are named is not documented',
    { ...SUMMARY, summary: { primaryDimension: { ...primary, dimension: 'userIdentity' } } },
  ],
  ['not a count', { ...SUMMARY, summary: { primaryDimension: { ...primary, aggregationType: 'Sum' } } }],
  [
    'no number',
    { ...SUMMARY, summary: { primaryDimension: { ...primary, statistics: [{ name: 'GetObject', value: -1 }] } } },
  ],
  ['no name', { ...SUMMARY, summary: { primaryDimension: { ...primary, statistics: [{ value: 3 }, 'x', null] } } }],
  ['no summary', { ...SUMMARY, summary: null }],
])('reads nothing of %s', (_, record) => {
  expect(readSummary(record)).toEqual([]);
});
