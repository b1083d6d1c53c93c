import type { Sha256 } from '../../bytes';
import type { Plan } from '../plan/plan';
import { formatPath } from '../yaml/remark';
import type { AmendmentChange } from './amendment-change';
import { diffResources, listStepsAnew, type ResourceChange, type StepAnew } from './diff-resources';
import { isSame } from './is-same';
import { type Difference, listDifferences, type RuleBook } from './list-differences';
import { cannotBeOrdered, changes } from './orders';
import { type About, type Rule, rule } from './rule';
import { COLUMN_PRESENCE, COLUMN_RULES } from './rules-of-columns';
import { DATASET_RULES } from './rules-of-datasets';
import { PARTY_RULES } from './rules-of-parties';
import { TERM_PRESENCE, TERM_RULES } from './rules-of-terms';
import { sayList } from './say';
import { sayApart } from './say-apart';
import { type PlanView, viewPlan } from './view-plan';

export interface Amendment {
  readonly changes: readonly AmendmentChange[];
  readonly resources: readonly ResourceChange[];
  readonly anew: readonly StepAnew[];
  /** Who has to sign: every party of either version. */
  readonly signers: readonly string[];
}

/**
 * What a new version of an agreement changes: who gains, what loosens, what resources follow. Every place of the two plans
 * is compared, but for their version and the hash of their content: no change means that they say the same.
 */
export function diffAgreements(old: Plan, next: Plan, sha256: Sha256): Amendment {
  const resources = diffResources(old, next);
  return {
    changes: listChanges(old, next, sha256),
    resources,
    anew: listStepsAnew(resources, next),
    signers: [...new Set([...old.parties, ...next.parties].map(({ id }) => id))],
  };
}

const RULES: RuleBook = {
  presence: { ...COLUMN_PRESENCE, ...TERM_PRESENCE },
  values: { ...PARTY_RULES, ...COLUMN_RULES, ...DATASET_RULES, ...TERM_RULES },
  order: rule(changes, sayList),
};

/** What no rule knows may be looser. */
const UNKNOWN: Rule = rule(cannotBeOrdered);

function listChanges(old: Plan, next: Plan, sha256: Sha256): readonly AmendmentChange[] {
  const [before, after] = [viewPlan(old, sha256), viewPlan(next, sha256)];
  const differences = [...listDifferences(before, after, RULES), ...listReordered(old, next, before, after)];
  // Controls follow from the terms, so that they are told only where nothing else tells why they differ.
  const told = differences.length > 0 ? differences : listDifferences(old.controls, next.controls, RULES, ['controls']);
  return told.map(({ place, before: was, after: is, rule: known = UNKNOWN }) => {
    const effect = known.judge(was, is);
    const about = aboutWhom(place, old, next);
    const gains = known.gains?.(was, is, about) ?? about.gainers;
    return {
      effect,
      place: formatPath(place),
      ...sayApart(was, is, known.say),
      gains: effect === 'loosens' || (effect === 'changes' && known.gains !== undefined) ? gains : [],
    };
  });
}

/** Parts that differ although each place of them is the same: their entries stand in another order. */
function listReordered(old: Plan, next: Plan, before: PlanView, after: PlanView): readonly Difference[] {
  const { agreement: _, controls: __, ...parts } = old;
  return Object.keys(parts).flatMap((part) => {
    const [was, is] = [Reflect.get(old, part), Reflect.get(next, part)];
    const isTold = !isSame(before[part], after[part]);
    return isTold || isSame(was, is) ? [] : [{ place: [part], before: was, after: is, rule: rule(changes) }];
  });
}

function aboutWhom([part, name = '', inside = '']: readonly string[], old: Plan, next: Plan): About {
  const [legs, datasets] = [
    [...old.legs, ...next.legs],
    [...old.datasets, ...next.datasets],
  ];
  const unique = (names: readonly string[]) => [...new Set(names)];
  const ofDataset = (dataset: string): About => ({
    givers: unique(datasets.filter(({ id }) => id === dataset).map(({ owner }) => owner)),
    gainers: unique(legs.filter((leg) => leg.dataset === dataset).map(({ to }) => to)),
  });
  switch (part) {
    case 'parties':
      return { givers: [], gainers: name === '' ? [] : [name] };
    case 'datasets':
      return ofDataset(name);
    case 'legs': {
      const named = legs.filter(({ id }) => id === name);
      return { givers: unique(named.map(({ from }) => from)), gainers: unique(named.map(({ to }) => to)) };
    }
    case 'fairness':
      if (name === 'weights') return ofDataset(inside);
  }
  return { givers: [], gainers: next.parties.map(({ id }) => id) };
}
