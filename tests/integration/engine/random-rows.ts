import fc from 'fast-check';
import type { PlannedDataset } from '../../../lib/domain/agreement/plan/plan';
import { generalise, makeColumn, makeDataset } from './engine-trial';

/** A row of `makePeople`, as texts; null is missing. */
export interface Person {
  readonly id: string | null;
  readonly age: string | null;
  readonly town: string | null;
  readonly code: string | null;
  readonly illness: string | null;
  readonly pay: string | null;
}

export type SubjectTreatment = 'token' | 'keep' | 'drop' | 'none';

/** Few values of everything, so that rows meet in tuples, subjects span them and nulls count. */
export const people: fc.Arbitrary<readonly Person[]> = fc.array(
  fc.record({
    id: fc.oneof({ weight: 20, arbitrary: fc.nat(12).map((n) => `p${n}`) }, fc.constant(null)),
    age: fc.oneof(fc.nat(5).map(String), fc.constant(null)),
    town: fc.constantFrom('Aston', 'Bexley', 'ß€😀', null),
    code: fc.constantFrom('ab1', 'ab2', 'a', null),
    illness: fc.constantFrom('flu', 'cold', null),
    pay: fc.oneof(
      fc.integer({ min: -3, max: 12 }).map((n) => (n / 4).toFixed(4)),
      fc.constant(null),
    ),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Classes by a generalised number, an exempted text and a mask that shows a character. */
export function makePeople(subject: SubjectTreatment, more: Partial<PlannedDataset> = {}): PlannedDataset {
  const kind = subject === 'none' ? 'drop' : subject;
  return makeDataset(
    [
      makeColumn('id', 'string', { role: 'identifier', treatment: { kind } }),
      makeColumn('age', 'integer', generalise({ kind: 'widths', widths: ['2'] })),
      makeColumn('town', 'string', { role: 'quasi' }),
      makeColumn('code', 'string', { role: 'identifier', treatment: { kind: 'mask', keepFirst: 1, keepLast: 0 } }),
      makeColumn('illness', 'string', { role: 'sensitive' }),
      makeColumn('pay', 'decimal', { role: 'sensitive' }),
    ],
    {
      classes: ['town', 'code'],
      ...(subject !== 'none' && { subject: 'id' }),
      privacy: {
        k: 2,
        l: [{ column: 'illness', atLeast: 2 }],
        t: [
          { column: 'illness', atMost: 0.5, distance: 'equal' },
          { column: 'pay', atMost: 0.5, distance: 'ordered' },
        ],
        suppressAtMost: 1,
      },
      ...more,
    },
  );
}

/** Everybody has the values of their first row in all of them. */
export function steadyPeople(rows: readonly Person[]): readonly Person[] {
  return rows.map((row) => (row.id === null ? row : rows.find(({ id }) => id === row.id)!));
}

export function toJsonLines(rows: readonly Person[]): string {
  const all = { id: null, age: null, town: null, code: null, illness: null, pay: null };
  return rows.map((row) => `${JSON.stringify({ ...all, ...row })}\n`).join('');
}

/** Rows by what makes their tuple: the mask, not the masked text. */
export function groupByTuple(rows: readonly Person[]): ReadonlyMap<string, readonly Person[]> {
  return groupBy(rows, ({ age, town, code }) => JSON.stringify([age, town, maskCode(code)]));
}

export function maskCode(code: string | null): string | null {
  if (code === null) return null;
  return code.length > 1 ? `${code[0]}***` : '***';
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

export function countDistinct(values: readonly (string | null)[]): number {
  return new Set(values.filter((value) => value !== null)).size;
}
