import type { ColumnType } from '../agreement/plan/plan';
import type { ColumnProfile } from './column-profile';
import { RECOGNISERS } from './list-recognisers';
import type { ValueTest } from './recogniser';

/** Of texts that look so no more than one in a thousand is something else: one alone says enough. */
const SURE = 1e-3;

const DAY = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b/;
const NUMBER = /^[-+]?\d[\d\s.,']*$/;
/** A name that counts, or is a year. */
const SHORT = /^\d{1,4}$/;

/**
 * The places, from 0, of names that are no names but values: the first line of the file is one of its rows. Such a name is
 * itself what its column's values are proven to be, or is by its form an identifier; or all columns of numbers and days are
 * named by one. Years and numbers of up to four digits may be names.
 */
export function findDataNames(columns: readonly ColumnProfile[]): readonly number[] {
  const numeric = [...columns.entries()].filter(([, { type }]) => type.kind !== 'string' && type.kind !== 'boolean');
  const areAlike = numeric.every(([, { name, type }]) => isAlike(name, type));
  const numbers = areAlike ? numeric.filter(([, { name }]) => !SHORT.test(name)).map(([place]) => place) : [];
  const values = [...columns.entries()].filter(([, column]) => isIdentifier(column.name) || isLikeValues(column));
  return [...new Set([...numbers, ...values.map(([place]) => place)])].toSorted((left, right) => left - right);
}

/** Days over numbers are names. */
function isAlike(name: string, { kind }: ColumnType): boolean {
  return kind === 'date' || kind === 'timestamp'
    ? DAY.test(name) || SHORT.test(name)
    : NUMBER.test(name) && !DAY.test(name);
}

function isIdentifier(name: string): boolean {
  return RECOGNISERS.some(
    ({ nature, tests }) => nature === 'identifier' && tests.some((test) => test.byChance <= SURE && passes(test, name)),
  );
}

function isLikeValues({ name, recognised }: ColumnProfile): boolean {
  return recognised.some(
    ({ kind, label, by }) =>
      by === 'values' &&
      RECOGNISERS.some(
        (recogniser) =>
          recogniser.kind === kind && recogniser.tests.some((test) => test.label === label && passes(test, name)),
      ),
  );
}

function passes({ looks, isOne }: ValueTest, name: string): boolean {
  return looks(name) && isOne(name);
}
