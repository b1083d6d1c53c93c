import fc from 'fast-check';
import { countSummarised } from '../../../../lib/domain/audit/attribution/count-summarised';
import type { EventSummary } from '../../../../lib/domain/audit/records/read-summary';
import { BUCKET, makeS3Read, PARTNER, REGION, ROOM } from '../scenario';

const MINUTE = 60_000;
const START = Date.parse('2026-03-01T09:00:00Z');
const toTime = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

function summarise(from: number, change: Partial<EventSummary> = {}): EventSummary {
  return {
    id: 's',
    account: ROOM,
    region: REGION,
    source: 's3.amazonaws.com',
    from: toTime(from),
    to: toTime(from + 5 * MINUTE),
    dimension: 'eventName',
    name: 'GetObject',
    counted: 1,
    ...change,
  };
}

/** The owner's copy. */
function read(at: number): object {
  const [owners] = makeS3Read({ key: 'usage/1.parquet', at: toTime(at), account: PARTNER });
  return owners?.source.log === 'cloudtrail' ? { ...owners.source.record, eventCategory: 'Data' } : {};
}

it('counts an event in the window it falls into: its beginning included, its end not', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 * 60 - 1 }), { maxLength: 60 }), (seconds) => {
      const counter = countSummarised([0, 5, 10, 15].map((minute) => summarise(START + minute * MINUTE)));
      for (const second of seconds) counter.add(read(START + second * 1000));
      const expected = [0, 1, 2, 3].map(
        (window) => seconds.filter((second) => Math.floor(second / 300) === window).length,
      );
      expect(counter.finish().map(({ found }) => found)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

it.each([
  ['another account', { account: PARTNER }, 0],
  ['another region', { region: 'us-east-1' }, 0],
  ['another operation', { name: 'PutObject' }, 0],
  ['another service', { source: 'dynamodb.amazonaws.com' }, 0],
  ['a later window', { from: toTime(START + MINUTE), to: toTime(START + 6 * MINUTE) }, 0],
  ['all of the bucket', { dimension: 'resourceARN', name: `arn:aws:s3:::${BUCKET}` }, 1],
  ['another bucket', { dimension: 'resourceARN', name: 'arn:aws:s3:::another' }, 0],
] as const)('%s', (_, change, found) => {
  const counter = countSummarised([summarise(START, change)]);
  counter.add(read(START));
  counter.add({ ...read(START), eventCategory: 'Management' });
  counter.add({ ...read(START), eventCategory: undefined });
  counter.add('no object');
  expect(counter.finish().map((each) => each.found)).toEqual([found]);
});

it('wants no record that no summary counts, and a summary that came twice is one', () => {
  const counter = countSummarised([
    summarise(START),
    summarise(START),
    summarise(START, { source: 'a', dimension: 'resourceARN' }),
  ]);
  expect(counter.isWanted('s3.amazonaws.com', 'GetObject')).toBe(true);
  expect(counter.isWanted('s3.amazonaws.com', 'PutObject')).toBe(false);
  expect(counter.isWanted('a', 'Anything')).toBe(true);
  expect(counter.finish()).toHaveLength(2);
});

it('takes a record of old, without a category, for a data event where it says that it is none of management', () => {
  const counter = countSummarised([summarise(START)]);
  counter.add({ ...read(START), eventCategory: undefined, managementEvent: false });
  expect(counter.finish().map(({ found }) => found)).toEqual([1]);
});
