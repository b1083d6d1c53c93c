import fc from 'fast-check';
import { formatEntry } from '../../../../lib/domain/audit/ledger/ledger-entry';
import { readCloudTrailRecord } from '../../../../lib/domain/audit/records/read-cloudtrail-record';
import { CODE_POINT } from '../../../fixtures/code-point';
import { sha256 } from '../sha256';
import { RECORD_CASES } from './record-cases';

describe('records of any shape', () => {
  const records = RECORD_CASES.flatMap(({ cases, read }) => cases.map(({ record }) => ({ record, read })));
  const junk = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: CODE_POINT, maxLength: 40 }),
    fc.integer({ min: 0, max: 3 }).map((times) => '\u0001é"\ud800<'.repeat(10 ** times * 6)),
  );

  it('are read as something, without an error, and every access fits the ledger', () => {
    let changed = 0;
    fc.assert(
      fc.property(fc.constantFrom(...records), fc.array(fc.tuple(fc.nat(), junk), { maxLength: 4 }), (one, changes) => {
        const record = changes.reduce<unknown>((whole, [at, value]) => replaceAt(whole, at, value), one.record);
        const reading = one.read(record);
        changed += changes.length;
        if (reading.kind === 'access') formatEntry(sha256, reading.access);
        else expect(JSON.stringify(reading).length).toBeLessThan(400);
      }),
      { numRuns: 3000 },
    );
    process.stdout.write(`  records: ${changed} fields replaced by junk, none upset the reading\n`);
  });

  it('a record with every text at its longest fits the ledger, and says what was cut', () => {
    const long = '\u0001\ud800'.repeat(40_000);
    for (const { record, read } of records) {
      const reading = read(lengthen(record, long));
      if (reading.kind === 'access') formatEntry(sha256, reading.access);
    }
    const object = JSON.parse(JSON.stringify(RECORD_CASES.find(({ topic }) => topic === 's3')!.cases[0]!.record));
    object.userAgent = long;
    object.requestParameters.key = long;
    expect(readCloudTrailRecord(object)).toMatchObject({
      kind: 'access',
      clipped: ['client.agent', 'resource.key'],
    });
  });
});

/** The value with the part at one of its places, counted in order of their appearance, replaced. */
function replaceAt(value: unknown, at: number, replacement: unknown): unknown {
  const paths = listPaths(value, []);
  const path = paths[at % paths.length]!;
  return putAt(value, path, replacement);
}

function listPaths(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => listPaths(inner, [...path, name]))];
}

function putAt(value: unknown, [name, ...rest]: readonly string[], replacement: unknown): unknown {
  if (name === undefined) return replacement;
  const copy: Record<string, unknown> = Object.assign(Array.isArray(value) ? [] : {}, value);
  copy[name] = putAt(copy[name], rest, replacement);
  return copy;
}

/** Every text beneath that is free to be anything made long. */
function lengthen(value: unknown, long: string): unknown {
  const fixed = /^(event|recipient|account|resource-arn|source$|time$|detail-type|activity-type|id$|type$|server-id)/i;
  const paths = listPaths(value, []).filter((path) => !fixed.test(path.at(-1) ?? ''));
  return paths.reduce((whole, path) => (isTextAt(whole, path) ? putAt(whole, path, long) : whole), value);
}

function isTextAt(value: unknown, path: readonly string[]): boolean {
  const found = path.reduce<unknown>((inner, name) => Object(inner)[name], value);
  return typeof found === 'string' && path.length > 0;
}
