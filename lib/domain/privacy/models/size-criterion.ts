import { formatCount } from '../../format';
import type { ClassCriterion, Verdict } from './class-criterion';
import { leastOfRisk } from './least-of-risk';
import { listAskedSubjects } from './list-asked-subjects';
import type { PrivacyFloor } from './privacy-floor';
import { roundUpShare } from './round-up-share';
import { USUAL_K } from './usual-k';

/** The average risk as every class keeps it by itself: no class may be smaller than the average is to be. */
export function createAverageOfEach(average: number): ClassCriterion {
  const least = leastOfRisk(average);
  return {
    failure: `hold fewer than ${formatCount(least)} subjects, which an average risk of ${average} asks of each region`,
    score: ({ subjects: held }) => held,
    judge: ({ subjects: held }, verdict) => markSmaller(held, least, verdict),
    relax: (score) => (score >= USUAL_K ? `raise risk.average to ${roundUpShare(1 / score)}` : undefined),
  };
}

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
    judge: ({ subjects: held }, verdict) => markSmaller(held, least, verdict),
    relax: (score) => (score >= 2 || (score >= 1 && asked.length > 1) ? relax(score) : undefined),
  };
}

function markSmaller(held: Uint32Array, least: number, { fails, losses }: Verdict): void {
  for (let index = 0; index < fails.length; index++) {
    if (held[index]! >= least) continue;
    fails[index] = 1;
    losses[index] = 1;
  }
}
