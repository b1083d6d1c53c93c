import type { Population } from '../../privacy/histogram/population';
import type { ClosenessFloor, DiversityFloor } from '../../privacy/models/privacy-floor';
import { DEFAULT_RECODING } from '../../privacy/search/recoding';
import { judgeCloseness, judgeDiversity } from './judge-floor';
import {
  cannotBeOrdered,
  changes,
  fewerLoosens,
  higherLoosens,
  lowerLoosens,
  moreLoosens,
  thereLoosens,
  thereTightens,
} from './orders';
import { givers, type Rules, rule } from './rule';
import { sayList } from './say';

export const DATASET_RULES: Rules = {
  'datasets.*.title': rule(changes),
  'datasets.*.owner': rule(cannotBeOrdered),
  // Another one frees tokens and levels alike from those of earlier rounds.
  'datasets.*.version': rule(cannotBeOrdered),
  'datasets.*.basis': rule(thereTightens),
  'datasets.*.subject': rule(thereTightens),
  // Of other persons data were never agreed on.
  'datasets.*.persons': rule(thereTightens),
  // Rows are alike in fewer columns sooner; with none of them all are delivered.
  'datasets.*.clean.dedupe': rule(
    (before: readonly string[] = [], after: readonly string[] = []) => {
      if (before.length === 0 || after.length === 0) return after.length === 0 ? 'loosens' : 'tightens';
      return moreLoosens(before, after);
    },
    sayList,
    givers,
  ),
  'datasets.*.clean.rejectAbove': rule(higherLoosens, String, givers),
  // What stands for a missing value is none of the different ones that l counts.
  'datasets.*.clean.missingTexts': rule(fewerLoosens, (texts) => sayList(texts.map((text) => JSON.stringify(text)))),
  'datasets.*.privacy.k': rule(lowerLoosens),
  'datasets.*.privacy.l.*': rule(judgeDiversity, sayDiversity),
  'datasets.*.privacy.t.*': rule(judgeCloseness, sayCloseness),
  'datasets.*.privacy.suppressAtMost': rule(higherLoosens, String, givers),
  'datasets.*.privacy.kMap': rule(lowerLoosens),
  'datasets.*.privacy.presence.min': rule(lowerLoosens),
  'datasets.*.privacy.presence.max': rule(higherLoosens),
  'datasets.*.privacy.risk.average': rule(higherLoosens),
  'datasets.*.privacy.risk.maximum': rule(higherLoosens),
  // Whom the delivery is held against: by itself it bounds nothing, and two of them have no order.
  'datasets.*.privacy.population': rule(
    (before, after) => (before === undefined || after === undefined ? 'changes' : 'loosens'),
    sayPopulation,
  ),
  // In regions the risk is higher.
  'datasets.*.privacy.mode': rule((before: string = DEFAULT_RECODING.mode, after: string = DEFAULT_RECODING.mode) => {
    if (before === after) return 'changes';
    return after === DEFAULT_RECODING.mode ? 'tightens' : 'loosens';
  }),
  'datasets.*.privacy.metric': rule(changes),
  'datasets.*.privacy.asymmetry': rule(thereLoosens),
};

function sayDiversity({ atLeast, ...how }: DiversityFloor): string {
  const c = how.measure === 'recursive' ? `, c = ${how.c}` : '';
  return how.measure === undefined ? String(atLeast) : `${atLeast} (${how.measure}${c})`;
}

function sayCloseness({ atMost, ...how }: ClosenessFloor): string {
  if (how.distance !== 'hierarchical') return `${atMost} (${how.distance})`;
  return `${atMost} (hierarchical by ${how.hierarchy.file}: ${how.hierarchy.rows.join()})`;
}

/** Rows are their hash here. */
function sayPopulation(population: Population): string {
  return population.kind === 'size' ? `${population.subjects} subjects` : `${population.file}: ${population.rows}`;
}
