import type { ColumnType } from '../../domain/agreement/plan/plan';
import { isNumberStyle, WRITTEN_STYLES, type WrittenStyle } from '../../domain/agreement/written-styles';
import type { ColumnProfile } from '../../domain/discovery/column-profile';
import { all, column, isPresent, named, number, table, when } from '../sql/rendering/expressions';
import type { SqlExpression } from '../sql/rendering/sql-expression';
import { stylePattern } from '../sql/rendering/style-pattern';
import type { DuckDbSession } from './duckdb-session';

/** What a column of text holds. */
export type Reading = Pick<ColumnProfile, 'type' | 'written' | 'readings'>;

/** Rows with another value would be rejected: fewer than two in a hundred, in all. */
const LEAST_FIT = 0.99;

const TEXT: Reading = { type: { kind: 'string' } };
const NUMBERS: readonly ColumnType[] = [
  { kind: 'integer' },
  { kind: 'decimal', precision: 18, scale: 4 },
  { kind: 'double' },
];
const DATES: readonly ColumnType[] = [{ kind: 'date' }, { kind: 'timestamp' }];
/** The narrowest type first. */
const NARROWER: readonly ColumnType[] = [NUMBERS[0]!, { kind: 'boolean' }, ...NUMBERS.slice(1), ...DATES];

/**
 * A column of text may hold numbers or dates: the narrowest type that nearly all of its rows fit, and how they are written.
 * Where there is more than one way, and they give other values, it stays text, and all of them are told.
 */
export async function narrowType(
  session: DuckDbSession,
  values: string,
  present: number,
  sample: readonly string[],
): Promise<Reading> {
  if (present === 0) return TEXT;
  const usual = await readUsually(session, values, present);
  const found: { readonly type: ColumnType; readonly written: WrittenStyle }[] = [];
  for (const written of listCandidates(sample)) {
    const type = await fitType(session, values, present, isNumberStyle(written) ? NUMBERS : DATES, written);
    if (type !== undefined) found.push({ type, written });
  }
  const [first, ...others] = found;
  if (first === undefined || usual === 'name') return usual === 'name' ? TEXT : (usual ?? TEXT);
  const isDate = !isNumberStyle(first.written);
  const readings = found.map(({ written }) => written);
  if (isDate) return others.length === 0 ? first : { ...TEXT, readings };
  const ways = await keepDifferent(session, values, [...(usual === undefined ? [] : [undefined]), ...readings]);
  if (ways.length === 1) return usual ?? first;
  return { ...TEXT, readings: ways.map((style) => style ?? USUAL_NUMBER) };
}

const USUAL_NUMBER = '1234.56';

/** A value as it is written in a style; none: in the usual way. */
export function readAs(style: WrittenStyle | undefined, type: ColumnType): SqlExpression {
  const value = column('value');
  return { kind: 'parse', operand: style === undefined ? value : { kind: 'rewrite', operand: value, style }, type };
}

/** `name`: digits that are no number. */
async function readUsually(
  session: DuckDbSession,
  values: string,
  present: number,
): Promise<Reading | 'name' | undefined> {
  const type = await fitType(session, values, present, NARROWER);
  const special = await session.run(
    `SELECT count(*) FILTER (WHERE regexp_matches(value, '^[+-]?0[0-9]')), count(*) FILTER (WHERE value IN ('0', '1')), count(*) FILTER (WHERE regexp_matches(value, '^[0-9]{17,}$')) FROM ${values}`,
  );
  const [padded, bits, long] = (await special.getColumns()).map(([count]) => Number(count) > 0);
  // A number that begins with a zero, or has more digits than one counts with, is a name, and some of them would be lost;
  // `0` and `1` among words are no truth values.
  const isNumber = type !== undefined && NUMBERS.includes(type);
  if (isNumber && (padded || (long && type.kind !== 'integer'))) return 'name';
  return type === undefined || (type.kind === 'boolean' && bits) ? undefined : { type };
}

async function fitType(
  session: DuckDbSession,
  values: string,
  present: number,
  types: readonly ColumnType[],
  style?: WrittenStyle,
): Promise<ColumnType | undefined> {
  const fits = await session.read({
    columns: types.map((type, index) =>
      named(`fits_${index}`, {
        kind: 'sum',
        operand: when(isPresent(readAs(style, type)), column('rows'), number(0)),
      }),
    ),
    from: table(values),
  });
  return types.find((_, index) => Number(fits[index]?.[0]) >= present * LEAST_FIT);
}

/** Styles that values of a sample look like, where any of them is more than digits. */
function listCandidates(sample: readonly string[]): readonly WrittenStyle[] {
  if (sample.every((text) => /^[+-]?[0-9]*$/.test(text))) return [];
  return WRITTEN_STYLES.filter((style) => {
    const pattern = new RegExp(`^(?:${stylePattern(style)})$`);
    return sample.filter((text) => pattern.test(text)).length >= sample.length * LEAST_FIT;
  });
}

/** The first, and of the others those by which some value is another number than by all that were kept before. */
async function keepDifferent(
  session: DuckDbSession,
  values: string,
  styles: readonly (WrittenStyle | undefined)[],
): Promise<readonly (WrittenStyle | undefined)[]> {
  const kept: (WrittenStyle | undefined)[] = [];
  for (const style of styles) {
    let isOther = true;
    for (const known of kept) isOther &&= await differ(session, values, known, style);
    if (isOther) kept.push(style);
  }
  return kept;
}

async function differ(
  session: DuckDbSession,
  values: string,
  one: WrittenStyle | undefined,
  other: WrittenStyle | undefined,
): Promise<boolean> {
  const left = readAs(one, { kind: 'double' });
  const right = readAs(other, { kind: 'double' });
  const condition = all([isPresent(left), isPresent(right), { kind: 'compare', op: '<>', left, right }]);
  const [[others] = []] = await session.read({
    columns: [named('others', { kind: 'count-where', condition })],
    from: table(values),
  });
  return Number(others) > 0;
}
