import type { Expression } from '../expressions/expression';
import { parseExpression } from '../expressions/parse-expression';
import { isDuration } from '../periods/duration';
import { fewestDays } from '../periods/fewest-days';
import type { Column } from '../schema/agreement';
import { type Remark, warningAt } from '../yaml/remark';
import { chooseTreatment } from './column-rules';
import type { AgreementDraft, DatasetDraft } from './draft-agreement';

const DAY = 86_400_000;
const YEAR = 365 * DAY;

/**
 * A delivery may hold the days of its round alone: then of a subject who has rows at both ends of it only few shifts keep all
 * days inside, however far they may go. Where they may go to more places than the round has days, that narrows everybody's.
 */
export function checkShifts({ datasets = {}, legs = [], term }: AgreementDraft): Remark[] {
  return Object.entries(datasets).flatMap(([id, dataset]) => {
    // That dates are shifted by subject, and there has to be one, is said already.
    if (dataset?.subject === undefined || isOneRowEach(dataset)) return [];
    const periods = legs.flatMap((leg) =>
      leg?.dataset === id && leg.every !== undefined && isDuration(leg.every) ? [leg.every] : [],
    );
    const shortest = periods.toSorted((left, right) => fewestDays(left) - fewestDays(right))[0];
    if (shortest === undefined) return [];
    return Object.entries(dataset.columns ?? {}).flatMap(([name, column]) => {
      const treatment = column && chooseTreatment(column);
      if (treatment?.kind !== 'date-shift' || 2 * treatment.days <= fewestDays(shortest)) return [];
      if (goesFarBack(name, column, term?.starts)) return [];
      return [warnOf(['datasets', id, 'columns', name, 'treatment'], treatment.days, shortest)];
    });
  });
}

/** Of one row there is one day, which can be anywhere in the period. */
function isOneRowEach({ clean, subject }: DatasetDraft): boolean {
  const dedupe = clean?.dedupe ?? [];
  return dedupe !== true && dedupe.length === 1 && dedupe[0] === subject;
}

/** Whether its own check lets days in that lie a year or more before the first round: since when somebody is a customer, say. */
function goesFarBack(name: string, column: Column | undefined, starts: string | undefined): boolean {
  if (column === undefined || starts === undefined) return false;
  const earliest = (column.check ?? []).flatMap((text) => {
    const reading = parseExpression(text, new Map([[name, column.type]]));
    return reading.kind === 'condition' ? listEarliest(name, reading.condition) : [];
  });
  return earliest.length > 0 && Math.max(...earliest) <= Date.parse(starts) - YEAR;
}

/** The days or moments that a condition asks a column not to lie before. */
function listEarliest(name: string, condition: Expression): readonly number[] {
  if (condition.kind === 'and') return condition.operands.flatMap((operand) => listEarliest(name, operand));
  if (condition.kind !== 'compare') return [];
  const { op, left, right } = condition;
  const [above, below] = op === '>=' || op === '>' ? [left, right] : op === '<=' || op === '<' ? [right, left] : [];
  if (above?.kind !== 'column' || above.name !== name) return [];
  return below?.kind === 'date' || below?.kind === 'timestamp' ? [Date.parse(below.value.slice(0, 10))] : [];
}

function warnOf(path: Remark['path'], days: number, every: string): Remark {
  return warningAt(
    path,
    `days move by up to ${days}, and a round is ${every}: where a delivery holds the days of its round alone, few shifts keep all days of whoever has some at both ends inside, often one`,
    "Generalise the column (`generalise: { dates: [week, month] }`), or leave each subject one row (`clean: { dedupe: [SUBJECT] }`). Nothing is lost where its days go back far beyond the round: a check says so that lets in days of a year before the term (`check: since >= date '2001-01-01'`).",
  );
}
