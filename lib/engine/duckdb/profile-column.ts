import type { ColumnType } from '../../domain/agreement/plan';
import type { ColumnProfile } from '../../domain/discovery/column-profile';
import { findShape } from '../../domain/discovery/describe-shape';
import { recogniseColumn } from '../../domain/discovery/recognise-column';
import { column, isPresent, named, number, table, when } from '../sql/expressions';
import type { DuckDbSession } from './duckdb-session';
import type { GivenColumn } from './list-given-columns';
import { SCANNED, scannedName, valuesName } from './scanned-names';

/** Distinct values that recognisers look at: all, up to so many. */
const SAMPLE = 10_000;

/** Rows with another value would be rejected: fewer than two in a hundred, in all. */
const LEAST_FIT = 0.99;

/** A column of text may hold numbers or dates: the narrowest type first that nearly all of its rows fit. */
const NARROWER: readonly ColumnType[] = [
  { kind: 'integer' },
  { kind: 'boolean' },
  { kind: 'decimal', precision: 18, scale: 4 },
  { kind: 'double' },
  { kind: 'date' },
  { kind: 'timestamp' },
];

/** Counts a column's values once; all figures are of these counts. Leaves them behind as `valuesName`. */
export async function profileColumn(
  session: DuckDbSession,
  given: GivenColumn,
  index: number,
  rows: number,
): Promise<ColumnProfile> {
  const values = valuesName(index);
  await session.run(
    `CREATE TABLE ${values} AS SELECT value, rows, CAST(row_number() OVER () AS INTEGER) AS code FROM (
SELECT ${scannedName(index)} AS value, count(*) AS rows FROM ${SCANNED} WHERE ${scannedName(index)} IS NOT NULL GROUP BY 1)`,
  );
  const figures = await (
    await session.run(`SELECT count(*), coalesce(sum(rows), 0), count(*) FILTER (WHERE rows = 1),
coalesce(max(length(value)), 0), -sum(rows / total * log2(rows / total)),
max(TRY_CAST(value AS DOUBLE)) - min(TRY_CAST(value AS DOUBLE))
FROM ${values}, (SELECT sum(rows) AS total FROM ${values})`)
  ).getColumns();
  const [distinct = 0, present = 0, once = 0, longest = 0, entropy = 0, spread = 0] = figures.map(([value]) =>
    Number(value ?? 0),
  );
  const sample = await (
    await session.run(`SELECT value FROM ${values} ORDER BY sha256(value), value LIMIT ${SAMPLE}`)
  ).getColumns();
  const texts = (sample[0] ?? []) as string[];
  const type = given.type.kind === 'string' ? await narrow(session, values, present) : given.type;
  const isNumber = type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'double';
  return {
    name: given.name,
    type,
    rows,
    missing: rows - present,
    distinct,
    once,
    entropy: Number(entropy.toPrecision(4)),
    longest,
    ...(isNumber && Number.isFinite(spread) && { spread: Number(spread.toPrecision(2)) }),
    shape: findShape(texts),
    recognised: recogniseColumn({ name: given.name, values: texts }),
  };
}

async function narrow(session: DuckDbSession, values: string, present: number): Promise<ColumnType> {
  if (present === 0) return { kind: 'string' };
  const fits = await session.read({
    columns: NARROWER.map((type, index) =>
      named(`fits_${index}`, {
        kind: 'sum',
        operand: when(isPresent({ kind: 'parse', operand: column('value'), type }), column('rows'), number(0)),
      }),
    ),
    from: table(values),
  });
  const special = await session.run(
    `SELECT count(*) FILTER (WHERE regexp_matches(value, '^[+-]?0[0-9]')), count(*) FILTER (WHERE value IN ('0', '1')), count(*) FILTER (WHERE regexp_matches(value, '^[0-9]{17,}$')) FROM ${values}`,
  );
  const [padded, bits, long] = (await special.getColumns()).map(([count]) => Number(count) > 0);
  const type = NARROWER.find((_, index) => Number(fits[index]?.[0]) >= present * LEAST_FIT);
  if (type === undefined) return { kind: 'string' };
  // A number that begins with a zero, or has more digits than one counts with, is a name, and some of them would be lost;
  // `0` and `1` among words are no truth values.
  const isNumber = type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'double';
  return (isNumber && (padded || (long && type.kind !== 'integer'))) || (type.kind === 'boolean' && bits)
    ? { kind: 'string' }
    : type;
}
