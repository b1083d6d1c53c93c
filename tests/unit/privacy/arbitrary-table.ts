import fc from 'fast-check';
import type { PrivacyFloor } from '../../../lib/domain/privacy/privacy-floor';
import type { Hierarchy, Table } from './table';

const LEAVES = ['a', 'b', 'c', 'd', 'e'];

/**
 * Small deliveries of all shapes: missing values, subjects with several rows, columns that cannot be generalised,
 * hierarchies that end in one value or in several.
 */
export function arbitraryTable(floor: fc.Arbitrary<PrivacyFloor>): fc.Arbitrary<Table> {
  const table = fc.record({
    columns: fc
      .array(fc.record({ hierarchy: arbitraryHierarchy(), weight: fc.constantFrom(1, 0.5, 0.25, 0.1) }), {
        maxLength: 3,
      })
      .map((columns) => columns.map((column, index) => ({ name: `c${index}`, ...column }))),
    rows: fc.array(
      fc.record({
        values: fc.array(fc.option(fc.constantFrom(...LEAVES), { freq: 9 }), { minLength: 3, maxLength: 3 }),
        subject: fc.nat({ max: 9 }).map(String),
        sensitive: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 3),
      }),
      { maxLength: 20 },
    ),
    sensitive: fc.constant(['low', 'middle', 'high', null]),
    floor,
  });
  return table.map(({ columns, rows, ...rest }) => ({
    columns,
    rows: rows.map((row) => ({ ...row, values: row.values.slice(0, columns.length) })),
    ...rest,
  }));
}

function arbitraryHierarchy(): fc.Arbitrary<Hierarchy> {
  const parent = fc.array(fc.nat({ max: 3 }), { minLength: 5, maxLength: 5 });
  const hierarchy = fc.tuple(fc.array(parent, { minLength: 1, maxLength: 3 }), fc.boolean()).map(
    ([parents, endsInOne]): Hierarchy => ({
      kind: 'hierarchy',
      file: 'values.csv',
      rows: LEAVES.map((leaf, index) => [leaf, ...climb(index, parents), ...(endsInOne ? ['any'] : [])]),
    }),
  );
  return fc.oneof(
    { weight: 3, arbitrary: hierarchy },
    { weight: 1, arbitrary: fc.constant({ kind: 'none' as const }) },
  );
}

/** The group a leaf is in at each level is the parent of its group at the level below. */
function climb(leaf: number, parents: readonly (readonly number[])[]): readonly string[] {
  let group = leaf;
  return parents.map((parent, level) => {
    group = parent[group]!;
    return `${level + 1}.${group}`;
  });
}

const column = fc.constant('s');
const t = fc.record({
  column,
  atMost: fc.constantFrom(0, 0.1, 0.2, 0.25, 0.3, 0.5),
  distance: fc.constantFrom('equal' as const, 'ordered' as const),
});

export const arbitraryFloor: fc.Arbitrary<PrivacyFloor> = fc.record({
  k: fc.integer({ min: 1, max: 5 }),
  l: fc.array(fc.record({ column, atLeast: fc.integer({ min: 1, max: 3 }) }), { maxLength: 1 }),
  t: fc.array(t, { maxLength: 1 }),
  suppressAtMost: fc.constantFrom(0, 0.1, 0.2, 0.35, 0.5, 1),
});

/** Nothing but t, with rows to spare: a class that passes may fail once it is merged. */
export const arbitraryCloseness: fc.Arbitrary<PrivacyFloor> = fc.record({
  k: fc.constant(1),
  l: fc.constant([]),
  t: fc.array(t, { minLength: 1, maxLength: 1 }),
  suppressAtMost: fc.constantFrom(0.1, 0.2, 0.3, 0.4, 0.5),
});
