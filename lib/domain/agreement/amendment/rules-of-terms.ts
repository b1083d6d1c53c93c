import type { Delivery, PlannedLeg, PlannedRemedy } from '../plan/plan';
import { judgeRemedies } from './judge-remedies';
import {
  cannotBeOrdered,
  changes,
  earlierLoosens,
  fewerLoosens,
  higherLoosens,
  laterLoosens,
  longerLoosens,
  lowerLoosens,
  moreLoosens,
  shorterLoosens,
  thereOpens,
  thereTightens,
} from './orders';
import { givers, type Rules, rule } from './rule';
import { sayList, sayThere } from './say';

export const TERM_RULES: Rules = {
  'agreement.title': rule(changes),
  'term.starts': rule(earlierLoosens),
  'term.ends': rule(laterLoosens),
  // By a longer one who leaves gets for longer, by a shorter one it is bound for less.
  'term.exit.notice': rule(cannotBeOrdered),
  'term.exit.destroyWithin': rule(longerLoosens),
  // Where raw data go, and to whom.
  'room.topology': rule(cannotBeOrdered),
  'room.account': rule(cannotBeOrdered),
  'room.region': rule(cannotBeOrdered),
  'room.operator': rule(cannotBeOrdered),
  'legs.*.every': rule(shorterLoosens),
  'legs.*.via': rule(cannotBeOrdered, ({ kind, ...settings }: Delivery) =>
    sayList([kind, ...Object.values<string>(settings)]),
  ),
  'legs.*.retain': rule(longerLoosens),
  'legs.*.purposes': rule(moreLoosens, sayList),
  'legs.*.forbids': rule(fewerLoosens, sayList),
  // Who gives may give less.
  'legs.*.expects.subjects': rule(lowerLoosens, String, givers),
  'legs.*.expects.completeness': rule(lowerLoosens, String, givers),
  'legs.*.expects.lossAtMost': rule(higherLoosens, String, givers),
  'legs.*.quota.requests': rule(higherLoosens),
  'legs.*.quota.bytes': rule(higherLoosens),
  'legs.*.watermark': rule(lowerLoosens),
  'legs.*.transfer.safeguard': rule(thereTightens),
  'fairness.tolerance': rule(higherLoosens),
  'fairness.outside': rule((_, after) => (after === 'withhold' ? 'tightens' : 'loosens')),
  // What one gives weighs more: one has to give less for the same.
  'fairness.weights.*': rule(changes, String, (before, after, { givers, gainers }) =>
    Number(after) > Number(before) ? givers : gainers,
  ),
  'remedies.*': rule(judgeRemedies, (measures: readonly Omit<PlannedRemedy, 'on'>[]) =>
    sayList(measures.map(({ after, do: measure }) => (after === undefined ? measure : `${measure} after ${after}`))),
  ),
  'clauses.*.text': rule(changes),
  'clauses.*.control': rule(fewerLoosens, sayControls),
};

export const TERM_PRESENCE: Rules = {
  'parties.*': rule(thereOpens, sayThere),
  'datasets.*': rule(thereOpens, sayThere),
  'legs.*': rule(thereOpens, ({ from, to, dataset }: PlannedLeg) => `${from} gives ${to} ${dataset}`),
  // A clause that goes binds nobody any more; what a new one lets them do people read.
  'clauses.*': rule(
    (before) => (before === undefined ? 'changes' : 'loosens'),
    ({ text, control }: { readonly text: string; readonly control: readonly string[] }) =>
      `${text.trim()} (${sayControls(control)})`,
  ),
};

function sayControls(controls: readonly string[]): string {
  return controls.length === 0 ? 'for the law alone' : controls.join(', ');
}
