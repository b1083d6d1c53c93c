import type { MeasureRecord } from '../../registry/conduct-records';

type Cited = Pick<MeasureRecord, 'do' | 'party' | 'clause'>;

/**
 * What was taken of the measures against a breach: by clause, since remedies may ask for the same twice, as for a reminder.
 * Where an amendment has numbered clauses anew, those that are left are matched in their order.
 * @param measures in the order of the remedies
 */
export function matchTaken<T extends Cited>(
  measures: readonly T[],
  taken: readonly MeasureRecord[],
): ReadonlyMap<T, MeasureRecord> {
  const matched = new Map<T, MeasureRecord>();
  const left = new Set(taken);
  const match = (isTaken: (measure: T, each: MeasureRecord) => boolean) => {
    for (const measure of measures) {
      if (matched.has(measure)) continue;
      const found = [...left].find((each) => isTaken(measure, each));
      if (found === undefined) continue;
      matched.set(measure, found);
      left.delete(found);
    }
  };
  const isAlike = (measure: T, each: MeasureRecord) => each.do === measure.do && each.party === measure.party;
  match((measure, each) => isAlike(measure, each) && each.clause === measure.clause);
  match(isAlike);
  return matched;
}
