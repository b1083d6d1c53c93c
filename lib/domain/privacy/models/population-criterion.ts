import { formatCount, formatShare } from '../../format';
import type { ClassTable } from '../histogram/class-table';
import type { ClassCriterion } from './class-criterion';
import type { PrivacyFloor } from './privacy-floor';
import { roundUpShare } from './round-up-share';

/** Shares that are this close to the agreed one are equal to it. */
const ROUNDING = 1e-12;

/** What is asked of the population that each class stands for, where it is counted. */
export function createPopulationCriteria({ kMap, presence, population }: PrivacyFloor): readonly ClassCriterion[] {
  if (population?.kind !== 'counts') return [];
  return [
    ...(kMap === undefined ? [] : [createKMap(kMap)]),
    ...(presence === undefined ? [] : [createPresence(presence.atMost)]),
    ...(presence === undefined || presence.atLeast <= 0 ? [] : [createAbsence(presence.atLeast)]),
  ];
}

/** Parts of a class stand for no more of the population than the class does: all rows of one that fails are lost. */
function createKMap(kMap: number): ClassCriterion {
  return {
    failure: `stand for fewer than ${formatCount(kMap)} subjects of the population`,
    score: ({ population }) => population,
    judge: ({ population }, { fails, losses }) => {
      for (let index = 0; index < fails.length; index++) {
        if (population[index]! >= kMap) continue;
        fails[index] = 1;
        losses[index] = 1;
      }
    },
    relax: (score) => (score >= 1 ? `lower kMap to ${formatCount(score)}` : undefined),
  };
}

/**
 * Parts that are kept hold no more than δ of the population they stand for, together δ P at the most; the other n − δ P
 * subjects of the class are lost, with a row each.
 */
function createPresence(atMost: number): ClassCriterion {
  return {
    failure: `hold more than ${formatShare(atMost)} of the population that they stand for`,
    score: (table) => measureShares(table).map((share) => -share),
    judge: (table, { fails, losses }) => {
      const shares = measureShares(table);
      for (let index = 0; index < fails.length; index++) {
        if (shares[index]! <= atMost + ROUNDING) continue;
        fails[index] = 1;
        const lost = table.subjects[index]! - atMost * table.population[index]! - ROUNDING;
        losses[index] = Math.max(losses[index]!, lost / table.rows[index]!);
      }
    },
    relax: (score) => (score >= -1 ? `raise presence.max to ${roundUpShare(-score)}` : undefined),
  };
}

/** Of a class that fails a part may stand for the absent alone, and be in no release: nothing need be lost. */
function createAbsence(atLeast: number): ClassCriterion {
  return {
    failure: `hold less than ${formatShare(atLeast)} of the population that they stand for`,
    score: measureShares,
    judge: (table, { fails }) => {
      const shares = measureShares(table);
      for (let index = 0; index < fails.length; index++) if (shares[index]! < atLeast - ROUNDING) fails[index] = 1;
    },
    relax: (score) => (score > 0 ? `lower presence.min to ${Math.floor(score * 1000 + 1e-9) / 1000}` : undefined),
  };
}

/** δ per class: subjects of the delivery / subjects of the population; a class without population is wholly present. */
function measureShares({ subjects, population }: ClassTable): Float64Array {
  return Float64Array.from(subjects, (held, index) => {
    const known = population[index]!;
    return known === 0 ? (held === 0 ? 0 : Number.POSITIVE_INFINITY) : held / known;
  });
}
