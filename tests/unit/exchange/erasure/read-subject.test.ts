import fc from 'fast-check';
import type { PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import { readSubject } from '../../../../lib/domain/exchange/erasure/read-subject';

const DATASET = { subject: 'id', columns: [{ name: 'id', type: { kind: 'string' } }] } as unknown as PlannedDataset;

test.each<[string, string, string]>([
  ['is the subject', 'c7', 'c7'],
  ['with quotes of its own keeps them', '"c7"', '"c7"'],
  ['with a line break is quoted, and is the one that it has', String.raw`"line\nbreak"`, 'line\nbreak'],
  ['with another control character too', String.raw`"tab\tand\u0000"`, 'tab\tand\0'],
  ['that is no whole JSON string is as it stands', String.raw`"a\nb" "c"`, String.raw`"a\nb" "c"`],
  ['that is a list is as it stands', String.raw`["a\nb"]`, String.raw`["a\nb"]`],
])('an identifier %s', (_, identifier, subject) => {
  expect(readSubject(DATASET, identifier)).toEqual({ kind: 'read', subject });
});

test.each(['', 'c1\nc2', '"c1\nc2"', 'tab\there'])('several, or none, are nobody: %j', (identifier) => {
  expect(readSubject(DATASET, identifier)).toEqual({ kind: 'refused', reason: 'malformed' });
});

test('every text can be named: as it stands, or quoted', () => {
  const text = fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom('"', '\\', 'n', '\n', '\0', 'a') });
  const property = fc.property(text, fc.nat(2), (bare, quotes) => {
    const subject = Array.from({ length: quotes }).reduce<string>((inner) => JSON.stringify(inner), bare);
    const reading = [subject, JSON.stringify(subject)].map((identifier) => readSubject(DATASET, identifier));
    expect(reading).toContainEqual({ kind: 'read', subject });
  });
  fc.assert(property, { numRuns: 500 });
});
