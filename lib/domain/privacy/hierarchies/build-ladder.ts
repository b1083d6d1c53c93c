import type { ColumnType } from '../../agreement/plan/plan';
import type { UnknownValues } from '../search/solution';
import { formatInterval, parseDecimal } from '../treatments/decimal';
import { climbHierarchy } from './climb-hierarchy';
import { formatPeriod } from './format-period';
import { ANY_VALUE, type Generalisation } from './generalisation';
import { type ClassValues, createLevel, type Ladder } from './ladder';

/** What engines print of dates, timestamps and doubles that no period or interval holds. */
const BOUNDLESS: ReadonlySet<string> = new Set(['infinity', '-infinity', 'inf', '-inf', 'nan']);

/**
 * What every distinct value of a class column is shown as at each level. A hierarchy's domain is the leaves of its
 * file; elsewhere it is the values present. Null stays null, a value of its own, up to the level that shows all values
 * alike; infinite dates and numbers stay what they are up to there.
 * @throws Error for a value that its column's type does not have.
 */
export function buildLadder(
  generalisation: Generalisation,
  type: ColumnType,
  column: ClassValues,
): Ladder | UnknownValues {
  switch (generalisation.kind) {
    case 'none':
      return stackLevels(column, []);
    case 'widths':
      return stackLevels(column, [...generalisation.widths.map(showInterval(column.name)), showAnything]);
    case 'prefixes':
      return stackLevels(column, [...generalisation.lengths.map(showPrefix), showAnything]);
    case 'dates':
      return stackLevels(column, [
        ...generalisation.periods.map((period) =>
          showWithin(column.name, 'date', (text: string) => formatPeriod(text, period)),
        ),
        showAnything,
      ]);
    case 'hierarchy':
      return climbHierarchy(generalisation, type, column);
  }
}

type Show = (value: string | null) => string | null;

/** Level 0 shows the values themselves; shares count the values present. */
function stackLevels({ values }: ClassValues, generalised: readonly Show[]): Ladder {
  const levels = [values, ...generalised.map((show) => values.map(show))].map((shown) => {
    const counts = new Map<string | null, number>();
    for (const value of shown) counts.set(value, (counts.get(value) ?? 0) + 1);
    return createLevel(shown, (value) => (counts.get(value) ?? 0) / values.length);
  });
  return { kind: 'ladder', levels, ...(generalised.length > 0 && { grid: 1 }) };
}

const showAnything: Show = () => ANY_VALUE;

function showPrefix(length: number): Show {
  return (value) => (value === null ? null : `${Array.from(value).slice(0, length).join('')}${ANY_VALUE}`);
}

function showInterval(column: string): (width: string) => Show {
  return (text) => {
    const width = parseDecimal(text);
    if (!width) throw new Error(`Column ${column} cannot be generalised to width ${text}: it is not a number.`);
    return showWithin(column, 'number', (value) => {
      const number = parseDecimal(value);
      return number && formatInterval(number, width);
    });
  };
}

function showWithin(column: string, kind: string, format: (text: string) => string | undefined): Show {
  return (value) => {
    if (value === null || BOUNDLESS.has(value)) return value;
    const shown = format(value);
    if (shown === undefined) throw new Error(`Column ${column} holds a value that is not a ${kind}.`);
    return shown;
  };
}
