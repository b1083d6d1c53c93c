import { formatCount } from '../../format';
import type { ClassCriterion } from './class-criterion';
import { listAskedSubjects } from './list-asked-subjects';
import type { PrivacyFloor } from './privacy-floor';

/**
 * All that asks for subjects in a class, as the one number that keeps all of it. Parts of a class with too few subjects
 * have too few as well: all its rows are lost. `subjects`: of the whole delivery.
 */
export function createSizeCriterion(floor: PrivacyFloor, subjects: number): ClassCriterion {
  const asked = listAskedSubjects(floor, subjects);
  const { least, relax } = asked.reduce((most, next) => (next.least > most.least ? next : most));
  return {
    failure: `hold fewer than ${formatCount(least)} subjects`,
    score: ({ subjects: held }) => held,
    judge: ({ subjects: held }, { fails, losses }) => {
      for (let index = 0; index < fails.length; index++) {
        if (held[index]! >= least) continue;
        fails[index] = 1;
        losses[index] = 1;
      }
    },
    relax: (score) => (score >= 2 || (score >= 1 && asked.length > 1) ? relax(score) : undefined),
  };
}
