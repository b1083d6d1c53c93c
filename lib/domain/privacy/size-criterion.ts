import { formatCount } from '../format';
import type { ClassCriterion } from './class-criterion';
import type { PrivacyFloor } from './privacy-floor';
import { thresholdOf } from './sample-threshold';

/**
 * All that asks for subjects in a class, as the one number that keeps all of it. Parts of a class with too few subjects
 * have too few as well: all its rows are lost. `subjects`: of the whole delivery.
 */
export function createSizeCriterion(floor: PrivacyFloor, subjects: number): ClassCriterion {
  const asked = listAsked(floor, subjects);
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

interface Asked {
  readonly least: number;
  readonly relax: (score: number) => string | undefined;
}

function listAsked({ k, risk, kMap, population }: PrivacyFloor, subjects: number): readonly Asked[] {
  const asked: Asked[] = [{ least: k, relax: (score) => `lower k to ${formatCount(score)}` }];
  if (risk?.maximum !== undefined)
    asked.push({
      least: Math.ceil(1 / risk.maximum - 1e-9),
      relax: (score) => `raise risk.maximum to ${Math.ceil(1000 / score - 1e-9) / 1000}`,
    });
  if (kMap !== undefined && population?.kind === 'size')
    asked.push({ least: thresholdOf(kMap, subjects / population.subjects), relax: () => 'lower kMap' });
  return asked;
}
