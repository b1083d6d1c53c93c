import fc from 'fast-check';
import { openRecordWalker } from '../../../../lib/audit/logs/open-record-walker';
import { countReached, mergeReached } from '../../../../lib/domain/audit/records/count-reached';
import { hasMark, isSameText, viewOf } from '../../../../lib/domain/audit/records/match-bytes';
import type { RawRecord } from '../../../../lib/domain/audit/records/record-marks';
import { splitRecords } from '../../../../lib/domain/audit/records/split-records';
import { encodeText } from '../../../../lib/domain/bytes';
import { BUCKET, ROOM } from '../scenario';

const HEADS = [
  ...['Job', 'Lake', 'barter-party-a.b', 'x@link'].map((role) => `arn:aws:sts::${ROOM}:assumed-role/${role}/`),
  `arn:aws:iam::${ROOM}:user/ops/`,
  `arn:aws:iam::${ROOM}:`,
  'odd/',
  '',
];
const RESTS = ['run-1', 'run-2', 'AWSLF-00-AT-1-x', 'u@s-0123', 'n@link', 'barter-warehouse-a.b-c-d', ':sts:x', ''];

const principals = fc.array(
  fc.record({
    arn: fc.tuple(fc.constantFrom(...HEADS), fc.constantFrom(...RESTS)).map((parts) => parts.join('')),
    name: fc.constantFrom('GetObject', 'PutObject'),
    bucket: fc.constantFrom(BUCKET, 'results'),
  }),
  { maxLength: 40 },
);

type Principal = { readonly arn: string; readonly name: string; readonly bucket: string };

function read(all: readonly Principal[], onRecord: (raw: RawRecord, at: number) => void): void {
  const Records = all.map(({ arn, name, bucket }) => ({
    eventTime: '2026-03-02T10:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: name,
    userIdentity: { type: 'AssumedRole', arn, accountId: ROOM },
    requestParameters: { bucketName: bucket },
  }));
  let at = 0;
  const onEach = (raw: RawRecord) => {
    onRecord(raw, at);
    at += 1;
  };
  const handler = { onRecord: onEach, onMalformed: () => {} };
  splitRecords(handler, new Set([ROOM]), openRecordWalker()).push(encodeText(JSON.stringify({ Records })));
  expect(at).toBe(all.length);
}

it('whoever came before, a principal is marked and counted as if it were the first', () => {
  fc.assert(
    fc.property(principals, (all) => {
      const counter = countReached([BUCKET]);
      const marked: boolean[] = [];
      read(all, (raw, at) => {
        marked.push(raw.isMarked);
        counter.addRecord(raw, { kind: 'internal', what: `s3 ${all[at]?.name}` });
      });
      const bytes = all.map(({ arn }) => encodeText(arn));
      expect(marked).toEqual(bytes.map((arn) => hasMark(arn, 0, arn.length)));
      const alone = all.map((each) => {
        const one = countReached([BUCKET]);
        read([each], (raw) => one.addRecord(raw, { kind: 'internal', what: `s3 ${each.name}` }));
        return one.list();
      });
      expect(mergeReached([counter.list()])).toEqual(mergeReached(alone));
    }),
    // A session is known by what stands before the last slash, whatever the first one says behind it.
    {
      numRuns: 100,
      examples: [[['odd/:sts:x', 'odd/run-1'].map((arn) => ({ arn, name: 'GetObject', bucket: BUCKET }))]],
    },
  );
});

it('two texts are the same where each of their bytes is, wherever they lie', () => {
  const texts = fc.tuple(fc.uint8Array({ maxLength: 21 }), fc.nat({ max: 9 }), fc.nat({ max: 9 }));
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(texts, fc.option(fc.nat()), ([expected, before, behind], changed) => {
      const bytes = Uint8Array.from([...Array(before).fill(1), ...expected, ...Array(behind).fill(1)]);
      const at = changed === null || expected.length === 0 ? -1 : before + (changed % expected.length);
      if (at >= 0) bytes[at] = bytes[at]! ^ 0x80;
      const isSame = isSameText(viewOf(bytes), before, before + expected.length, viewOf(expected));
      expect(isSame).toBe(at < 0);
      expect(isSameText(viewOf(bytes), before, before + expected.length + 1, viewOf(expected))).toBe(false);
      seen.add(isSame);
    }),
  );
  expect(seen.size).toBe(2);
});
