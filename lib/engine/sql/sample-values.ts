import { mayBeFraction } from '../../domain/agreement/checks/column-rules';
import type { ColumnType, PlannedDataset } from '../../domain/agreement/plan/plan';
import { WRITTEN, WRITTEN_CLASSES } from './measure-rows';
import { releasedName } from './release-rows';
import { all, canonicalText, column, isPresent, named, number, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Relation, SqlQuery } from './rendering/sql-query';

/** The queries by which a release's values are drawn, to be searched for identifiers. */

/** Each `value` of a released column once, as text; those of a class column stand in the classes already. */
export function listWrittenValues({ columns, classColumns }: PlannedDataset, index: number): SqlQuery {
  const { name, releasedAs } = columns[index]!;
  const released = column(releasedName(index));
  const isClassColumn = classColumns.some((classColumn) => classColumn.column === name);
  const from = table(isClassColumn ? WRITTEN_CLASSES : WRITTEN);
  if (!releasedAs || !mayBeFraction(releasedAs)) return listTexts(released, from, isPresent(released));
  const whole: SqlExpression = { kind: 'convert', operand: released, from: releasedAs, to: { kind: 'integer' } };
  const isLong: SqlExpression = holdsLong(releasedAs)
    ? { kind: 'compare', op: '>=', left: released, right: number(LEAST_NUMBER) }
    : { kind: 'boolean', value: false };
  return listTexts(whole, from, all([isLong, isPresent(whole)]));
}

/** Of numbers that may have a fraction, whole ones from seven digits on: shorter ones are amounts, and are not even read where a file says how large its values are. */
const LEAST_NUMBER = 1_000_000;

/** Engines that compare a short decimal with it would write it with the places of that, which may be too many. */
function holdsLong(type: ColumnType): boolean {
  return type.kind !== 'decimal' || 10 ** (type.precision - type.scale) > LEAST_NUMBER;
}

function listTexts(value: SqlExpression, from: Relation, where: SqlExpression): SqlQuery {
  return { columns: [named('value', canonicalText(value))], from, where, distinct: true };
}

const DIGITS = 12;
export const MOST_DIGITS = 16 ** DIGITS;

/** The first digits of a text's digest, as a number below `MOST_DIGITS`. */
export function digitsOfDigest(value: SqlExpression): SqlExpression {
  const digest: SqlExpression = { kind: 'digest', operand: value };
  return { kind: 'hex-number', operand: { kind: 'characters', at: 'start', count: DIGITS, operand: digest } };
}

/** About that share of the values in a table: the same ones wherever they are drawn, whatever they look like. */
export function drawValues(values: string, share: number): SqlQuery {
  const all: SqlQuery = { columns: [named('value', column('value'))], from: table(values) };
  if (share >= 1) return all;
  return {
    ...all,
    where: {
      kind: 'compare',
      op: '<',
      left: digitsOfDigest(column('value')),
      right: number(Math.floor(share * MOST_DIGITS)),
    },
  };
}
