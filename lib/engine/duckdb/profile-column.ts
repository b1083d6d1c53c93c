import type { WrittenStyle } from '../../domain/agreement/written-styles';
import type { ColumnProfile } from '../../domain/discovery/column-profile';
import { findShape } from '../../domain/discovery/describe-shape';
import { recogniseColumn } from '../../domain/discovery/recognise-column';
import { named, table } from '../sql/rendering/expressions';
import type { DuckDbSession } from './duckdb-session';
import type { GivenColumn } from './list-given-columns';
import { narrowType, type Reading, readAs } from './narrow-type';
import { SCANNED, scannedName, valuesName } from './scanned-names';

/** Distinct values that recognisers look at: all, up to so many. */
const SAMPLE = 10_000;

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
  const reading: Reading = given.type.kind === 'string' ? await narrowType(session, values, present, texts) : given;
  const { type, written } = reading;
  const width = written === undefined ? spread : await measureSpread(session, values, written);
  const isNumber = type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'double';
  return {
    ...reading,
    name: given.name,
    rows,
    missing: rows - present,
    distinct,
    once,
    entropy: Number(entropy.toPrecision(4)),
    longest,
    ...(isNumber && Number.isFinite(width) && { spread: Number(width.toPrecision(2)) }),
    shape: findShape(texts),
    recognised: recogniseColumn({ name: given.name, values: texts }),
  };
}

async function measureSpread(session: DuckDbSession, values: string, style: WrittenStyle): Promise<number> {
  const number = readAs(style, { kind: 'double' });
  const [[most] = [], [least] = []] = await session.read({
    columns: [
      named('most', { kind: 'maximum', operand: number }),
      named('least', { kind: 'minimum', operand: number }),
    ],
    from: table(values),
  });
  return Number(most) - Number(least);
}
