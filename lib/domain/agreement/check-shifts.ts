import { chooseTreatment } from './column-rules';
import type { AgreementDraft, DatasetDraft } from './draft-agreement';
import { isDuration } from './duration';
import { fewestDays } from './fewest-days';
import { type Remark, warningAt } from './remark';

/**
 * A delivery may hold the days of its round alone: then of a subject who has rows at both ends of it only few shifts keep all
 * days inside, however far they may go. Where they may go to more places than the round has days, that narrows everybody's.
 */
export function checkShifts({ datasets = {}, legs = [] }: AgreementDraft): Remark[] {
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
      return [warnOf(['datasets', id, 'columns', name, 'treatment'], treatment.days, shortest)];
    });
  });
}

/** Of one row there is one day, which can be anywhere in the period. */
function isOneRowEach({ clean, subject }: DatasetDraft): boolean {
  const dedupe = clean?.dedupe ?? [];
  return dedupe !== true && dedupe.length === 1 && dedupe[0] === subject;
}

function warnOf(path: Remark['path'], days: number, every: string): Remark {
  return warningAt(
    path,
    `days move by up to ${days}, and a round is ${every}: where a delivery holds the days of its round alone, few shifts keep all days of whoever has some at both ends inside, often one`,
    'Generalise the column (`generalise: { dates: [week, month] }`), or leave each subject one row (`clean: { dedupe: [SUBJECT] }`). Nothing is lost where its days are not those of the round.',
  );
}
