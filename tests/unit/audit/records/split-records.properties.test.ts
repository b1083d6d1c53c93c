import fc from 'fast-check';
import { openRecordWalker } from '../../../../lib/audit/logs/open-record-walker';
import type { RawRecord } from '../../../../lib/domain/audit/records/record-marks';
import type { RecordWalker } from '../../../../lib/domain/audit/records/record-walker';
import { splitRecords } from '../../../../lib/domain/audit/records/split-records';

const ROOM = '111122223333';

interface Split {
  readonly records: readonly unknown[];
  readonly malformed: readonly string[];
  readonly problem: string | undefined;
}

function splitBy(
  walker: RecordWalker | undefined,
  text: string,
  chunk: number,
  onRecord: (record: RawRecord) => void,
): Split {
  const records: unknown[] = [];
  const malformed: string[] = [];
  const handler = {
    onRecord: (record: RawRecord) => {
      records.push(decodeJson(record.bytes.subarray(record.from, record.to)));
      onRecord(record);
    },
    onMalformed: (problem: string) => void malformed.push(problem),
  };
  const splitter = splitRecords(handler, new Set([ROOM]), walker);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += Math.max(1, chunk)) {
    if (!splitter.push(bytes.slice(at, at + Math.max(1, chunk)))) break;
  }
  return { records, malformed, problem: splitter.finish() };
}

function decodeJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

const WALKER = openRecordWalker();

/** The same with a walker and without. */
function split(text: string, chunk = text.length, onRecord: (record: RawRecord) => void = () => {}): Split {
  const plain = splitBy(undefined, text, chunk, onRecord);
  expect(splitBy(WALKER, text, chunk, () => {})).toEqual(plain);
  return plain;
}

const nasty = fc.oneof(
  fc.string(),
  fc.constantFrom('},{"eventVersion":"1', '"', '\\', '\\"', '],"Records":[{', '\u2028{', 'eventSource'),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    nasty,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('fields'),
  ),
  list: fc.array(tie('any'), { maxLength: 4 }),
  fields: fc.dictionary(nasty, tie('any'), { maxKeys: 5 }),
}));

it('splits whatever stands in records, however the bytes are cut', () => {
  const written = fc.tuple(fc.array(value.fields), fc.boolean(), fc.integer({ min: 1, max: 40 }), fc.boolean());
  fc.assert(
    fc.property(written, ([elements, isPretty, chunk, isArray]) => {
      const text = JSON.stringify(isArray ? elements : { Records: elements }, null, isPretty ? 2 : 0);
      const { records, malformed, problem } = split(text, chunk);
      expect(records).toEqual(JSON.parse(JSON.stringify(elements)));
      expect([malformed, problem]).toEqual([[], undefined]);
    }),
    { numRuns: 300 },
  );
});

it('sees where a file is cut short, and keeps what stands before', () => {
  const elements = [{ a: 'x{[' }, { b: [1, { c: '}' }] }, { d: 'é' }];
  const text = JSON.stringify({ Records: elements });
  for (let end = 1; end < text.length; end += 1) {
    const { records, problem } = split(text.slice(0, end));
    expect(problem).toBe('it ends in the middle of its records');
    expect(records).toEqual(elements.slice(0, records.length));
  }
});

it('splits one log after the other, whatever became of the one before', () => {
  const whole = JSON.stringify({ Records: [{ a: 1 }, { b: 'x' }] });
  const ends = fc.integer({ min: 0, max: whole.length });
  const before = fc.oneof(
    ends.map((end) => whole.slice(0, end)),
    fc.constantFrom(
      `${whole}]`,
      `${whole} and more`,
      '[1,',
      '{"Records":[{"long":"\\',
      `[{"long":"${'x'.repeat(2_200_000)}`,
    ),
  );
  fc.assert(
    fc.property(before, fc.boolean(), (log, isWalked) => {
      const records: unknown[] = [];
      const malformed: string[] = [];
      const handler = {
        onRecord: ({ bytes, from, to }: RawRecord) => void records.push(decodeJson(bytes.subarray(from, to))),
        onMalformed: (problem: string) => void malformed.push(problem),
      };
      const splitter = splitRecords(handler, new Set([ROOM]), isWalked ? WALKER : undefined);
      splitter.push(new TextEncoder().encode(log));
      expect(splitter.finish() === undefined).toBe(log === whole || log === '');
      [records.length, malformed.length] = [0, 0];
      expect(splitter.push(new TextEncoder().encode(whole))).toBe(true);
      expect([splitter.finish(), records, malformed]).toEqual([undefined, [{ a: 1 }, { b: 'x' }], []]);
    }),
    { numRuns: 200 },
  );
});

it.each([
  ['a bracket too many', '{"Records":[{"a":1}]}]', 'a bracket closes that was never opened', [{ a: 1 }]],
  ['text behind the records', '{"Records":[{"a":1}]} and more', 'it holds something beside its records', [{ a: 1 }]],
  ['another list of the same file', '{"Records":[{"a":1}],"others":[{"b":2}]}', undefined, [{ a: 1 }]],
  ['a list of another name', '{"others":[{"b":2}]}', undefined, []],
  ['CloudWatch events', '{"events":[{"message":"{}"}],"searchedLogStreams":[]}', undefined, [{ message: '{}' }]],
])('%s', (_, text, problem, records) => {
  expect(split(text)).toEqual({ records, malformed: [], problem });
});

it('counts what is no object, and a record longer than any can be', () => {
  const text = `{"Records":[1,"two",null,{"a":1},[{"b":2}],{"long":"${'x'.repeat(3_000_000)}"},{"c":3}]}`;
  const { records, malformed, problem } = split(text, 65_536);
  expect(records).toEqual([{ a: 1 }, [{ b: 2 }], { c: 3 }]);
  expect(malformed).toEqual([
    ...Array.from({ length: 3 }, () => 'what stands where a record should is no object'),
    'a record is longer than 2097152 bytes',
  ]);
  expect(problem).toBeUndefined();
});

it('shows what a record is about, in it and not in what it holds', () => {
  const record = {
    userIdentity: { accountId: ROOM, type: 'AssumedRole' },
    eventSource: 's3.amazonaws.com',
    requestParameters: { eventSource: 'kms.amazonaws.com', accountId: '444455556666' },
    eventName: 'GetObject',
  };
  const seen: unknown[] = [];
  const decode = (bytes: Uint8Array, { from, to }: { from: number; to: number }) =>
    new TextDecoder().decode(bytes.subarray(from, to));
  for (const chunk of [1, 7, 1000]) {
    split(JSON.stringify({ Records: [record] }), chunk, ({ bytes, source, name, isOwn, hasOtherAccount, isService }) =>
      seen.push([decode(bytes, source), decode(bytes, name), isOwn, hasOtherAccount, isService]),
    );
  }
  expect(seen).toEqual(Array.from({ length: 3 }, () => ['s3.amazonaws.com', 'GetObject', true, true, false]));
});

describe('the walker', () => {
  const key = fc.constantFrom(
    ...['eventSource', 'eventName', 'eventCategory', 'accountId', 'type', 'arn', 'sourceIdentity', 'userIdentity'],
    ...[
      'lakeFormationRoleSessionName',
      'bucketName',
      'eventTime',
      'EventName',
      'roleName',
      'xaccountId',
      'Identity',
      'urce',
      'rn',
      'a',
      '',
    ],
  );
  const texts = fc.constantFrom(
    ROOM,
    '444455556666',
    'AWSService',
    'AWSLF-x',
    '',
    '}{][:,',
    'a:"b',
    'x\\',
    'é:',
    'Insight',
  );
  const part = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'medium' }, texts, fc.integer(), fc.constant(null), tie('list'), tie('fields')),
    list: fc.array(tie('any'), { maxLength: 4 }),
    fields: fc.dictionary(key, tie('any'), { maxKeys: 9 }),
  }));
  const layout = fc.tuple(fc.constantFrom(undefined, 1, '\t'), fc.boolean(), fc.integer({ min: 1, max: 400 }));

  it('sees of every record what is seen byte by byte', () => {
    const marksOf = (walker: RecordWalker | undefined, text: string, chunk: number) => {
      const seen: unknown[] = [];
      splitBy(walker, text, chunk, ({ bytes, from, to, source, name, category, time, principal, bucket, ...marks }) => {
        const spans = [source, name, category, time, principal, bucket].map((span) =>
          span.to === 0 ? 0 : [span.from - from, span.to - from],
        );
        seen.push([spans, to - from, marks, new TextDecoder().decode(bytes.subarray(from, to))]);
      });
      return seen;
    };
    let told = 0;
    fc.assert(
      fc.property(fc.array(part.fields, { maxLength: 6 }), layout, (records, [indent, isSpaced, chunk]) => {
        const written = JSON.stringify({ Records: records }, null, indent);
        const text = isSpaced ? written.replaceAll('":', '" :') : written;
        const plain = marksOf(undefined, text, chunk);
        for (const size of [chunk, text.length + 1]) expect(marksOf(WALKER, text, size)).toEqual(plain);
        told += plain.length;
      }),
      { numRuns: 250 },
    );
    expect(told).toBeGreaterThan(250);
  });

  it.each([100, 64 * 1024, 262_000, 300_000])('reads records around %i bytes from behind each other', (size) => {
    const records = Array.from({ length: 9 }, (_, at) => ({ eventName: `N${at}`, long: 'x'.repeat(size + at), at }));
    expect(split(JSON.stringify({ Records: records })).records).toEqual(records);
  });

  it('has a record with more keys than it has room for read byte by byte', () => {
    const many = Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [String(at), { accountId: ROOM }]));
    let isOwnAlone: boolean | undefined;
    splitBy(WALKER, JSON.stringify([many]), 1e7, ({ hasOtherAccount }) => {
      isOwnAlone = !hasOtherAccount;
    });
    expect(isOwnAlone).toBe(true);
  });
});
