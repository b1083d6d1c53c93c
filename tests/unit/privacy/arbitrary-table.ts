import fc from 'fast-check';
import type { PrivacyFloor, ValueHierarchy } from '../../../lib/domain/privacy/models/privacy-floor';
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

const INCOMES: ValueHierarchy = {
  file: 'incomes.csv',
  type: { kind: 'string' },
  rows: [
    ['low', 'some'],
    ['middle', 'some'],
    ['high', 'much'],
  ],
};

/** Every model that an agreement can ask for, one or several at once. */
export const arbitraryModels: fc.Arbitrary<PrivacyFloor> = fc
  .record({
    k: fc.integer({ min: 1, max: 3 }),
    l: fc.array(
      fc.oneof(
        fc.record({ column, atLeast: fc.constantFrom(2, 3), measure: fc.constant('entropy' as const) }),
        fc.record({
          column,
          atLeast: fc.constantFrom(2, 3),
          measure: fc.constant('recursive' as const),
          c: fc.constantFrom(0.5, 1, 2, 5),
        }),
      ),
      { maxLength: 1 },
    ),
    t: fc.array(
      fc.record({
        column,
        atMost: fc.constantFrom(0.1, 0.2, 0.25, 0.5),
        distance: fc.constant('hierarchical' as const),
        hierarchy: fc.constant(INCOMES),
      }),
      { maxLength: 1 },
    ),
    suppressAtMost: fc.constantFrom(0, 0.2, 0.35, 0.5, 1),
    risk: fc.record(
      { average: fc.constantFrom(0.2, 0.34, 0.5), maximum: fc.constantFrom(0.25, 0.34, 0.5) },
      { requiredKeys: [] },
    ),
    kMap: fc.integer({ min: 2, max: 9 }),
    presence: fc.record({ atLeast: fc.constantFrom(0, 0.1, 0.25), atMost: fc.constantFrom(0.3, 0.5, 1) }),
    population: fc.oneof(
      fc.record({ kind: fc.constant('size' as const), subjects: fc.integer({ min: 5, max: 60 }) }),
      fc.record({
        kind: fc.constant('counts' as const),
        file: fc.constant('population.csv'),
        rows: fc.array(
          fc.record({
            values: fc.array(fc.option(fc.constantFrom(...LEAVES), { freq: 9 }), { minLength: 3, maxLength: 3 }),
            subjects: fc.integer({ min: 0, max: 12 }),
          }),
          { maxLength: 20 },
        ),
      }),
      fc.constant(undefined),
    ),
  })
  .map(({ kMap, presence, population, ...floor }) => {
    if (population === undefined) return floor;
    return { ...floor, kMap, population, ...(population.kind === 'counts' && { presence }) };
  });

/** A population that knows as many columns as the table has. */
export function fitPopulation(table: Table): Table {
  const { population } = table.floor;
  if (population?.kind !== 'counts') return table;
  const rows = population.rows.map((row) => ({ ...row, values: row.values.slice(0, table.columns.length) }));
  return { ...table, floor: { ...table.floor, population: { ...population, rows } } };
}

/** Floors that limit risk where everybody can be followed: small groups, so that some release is found. */
export const arbitraryLinked: fc.Arbitrary<PrivacyFloor> = fc.record({
  k: fc.integer({ min: 1, max: 2 }),
  l: fc.array(fc.record({ column, atLeast: fc.constant(2) }), { maxLength: 1 }),
  t: fc.array(t, { maxLength: 1 }),
  suppressAtMost: fc.constantFrom(0, 0.1, 0.2, 0.35, 0.5, 1),
  risk: fc.record(
    { average: fc.constantFrom(0.34, 0.4, 0.5, 0.7), maximum: fc.constantFrom(0.25, 0.34, 0.5) },
    { requiredKeys: [] },
  ),
});
