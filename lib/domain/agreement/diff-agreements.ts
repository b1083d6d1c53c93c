import { MEASURES, type Measure } from '../enforcement/measures';
import { describeTreatment } from '../privacy/certify-release';
import { type AmendmentChange, compare, type Judge, NONE } from './amendment-change';
import { diffParty } from './diff-party';
import { addDuration } from './duration';
import type { Plan, PlannedColumn, PlannedDataset, PlannedLeg } from './plan';

/** What has to be made, changed or taken away in the room. */
export interface ResourceChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly what: 'party' | 'dataset' | 'leg';
  readonly id: string;
}

export interface Amendment {
  readonly changes: readonly AmendmentChange[];
  readonly resources: readonly ResourceChange[];
  /** Who has to sign: every party of either version. */
  readonly signers: readonly string[];
}

/** What a new version of an agreement changes: who gains, what loosens, what resources follow. */
export function diffAgreements(old: Plan, next: Plan): Amendment {
  const signers = [...new Set([...old.parties, ...next.parties].map(({ id }) => id))];
  return {
    changes: [
      ...diffTerm(old, next),
      ...pair(old.parties, next.parties).flatMap((each) => [
        ...diffPresence('parties')(each),
        ...diffParty(each.before, each.after),
      ]),
      ...pair(old.datasets, next.datasets).flatMap((each) => [
        ...diffPresence('datasets')(each),
        ...diffDataset(each.before, each.after, receiversOf(next, each.id)),
      ]),
      ...pair(old.legs, next.legs).flatMap((each) => diffLeg(each.id, each.before, each.after)),
      ...diffRemedies(old, next),
      ...diffFairness(old, next),
      ...pair(old.clauses, next.clauses).flatMap(({ id, before, after }) =>
        compare(`clauses.${id}`, describeClause(before), describeClause(after), () => 'changes', []),
      ),
    ],
    resources: [
      ...diffResources('party', old.parties, next.parties),
      ...diffResources('dataset', old.datasets, next.datasets),
      ...diffResources('leg', old.legs, next.legs),
    ],
    signers,
  };
}

interface Pair<T> {
  readonly id: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

function pair<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): readonly Pair<T>[] {
  const ids = [...new Set([...before, ...after].map(({ id }) => id))];
  return ids.map((id) => ({
    id,
    before: before.find((each) => each.id === id),
    after: after.find((each) => each.id === id),
  }));
}

function receiversOf({ legs }: Plan, dataset: string): readonly string[] {
  return [...new Set(legs.filter((leg) => leg.dataset === dataset).map(({ to }) => to))];
}

const say = (value: string | number | undefined): string => (value === undefined ? NONE : String(value));

/** A bound that protects by being high, such as k. Without one there is no protection. */
const lowerLoosens: Judge = (before, after) =>
  after === NONE || (before !== NONE && Number(after) < Number(before)) ? 'loosens' : 'tightens';
/** A bound that protects by being low, such as the rows that may be left out. */
const higherLoosens: Judge = (before, after) =>
  after === NONE || (before !== NONE && Number(after) > Number(before)) ? 'loosens' : 'tightens';
const longerLoosens: Judge = (before, after) =>
  addDuration(SOME_DAY, after) > addDuration(SOME_DAY, before) ? 'loosens' : 'tightens';
const SOME_DAY = '2026-01-01';

function diffTerm(old: Plan, { term, parties }: Plan): readonly AmendmentChange[] {
  const all = parties.map(({ id }) => id);
  const { starts, ends, notice, destroyWithin } = old.term;
  return [
    ...compare('term.starts', starts, term.starts, (a, b) => (b < a ? 'loosens' : 'tightens'), all),
    ...compare('term.ends', ends, term.ends, (a, b) => (b > a ? 'loosens' : 'tightens'), all),
    ...compare('term.exit.notice', notice, term.notice, () => 'changes', []),
    ...compare('term.exit.destroyWithin', destroyWithin, term.destroyWithin, longerLoosens, all),
  ];
}

function diffPresence(kind: string) {
  return ({ id, before, after }: Pair<unknown>): readonly AmendmentChange[] => {
    if ((before === undefined) === (after === undefined)) return [];
    const is = (value: unknown) => (value === undefined ? NONE : 'there');
    return [{ effect: 'changes', place: `${kind}.${id}`, before: is(before), after: is(after), gains: [] }];
  };
}

function diffDataset(
  before: PlannedDataset | undefined,
  after: PlannedDataset | undefined,
  gains: readonly string[],
): readonly AmendmentChange[] {
  if (before === undefined || after === undefined) return [];
  const at = `datasets.${after.id}`;
  const [floor, next] = [before.privacy, after.privacy];
  const bounds = (
    list: readonly { readonly column: string }[] = [],
    more: readonly { readonly column: string }[] = [],
  ) => [...new Set([...list, ...more].map(({ column }) => column))];
  const l = (of: typeof floor, column: string) => say(of?.l.find((each) => each.column === column)?.atLeast);
  const t = (of: typeof floor, column: string) => say(of?.t.find((each) => each.column === column)?.atMost);
  return [
    ...compare(`${at}.privacy.k`, say(floor?.k), say(next?.k), lowerLoosens, gains),
    ...bounds(floor?.l, next?.l).flatMap((column) =>
      compare(`${at}.privacy.l.${column}`, l(floor, column), l(next, column), lowerLoosens, gains),
    ),
    ...bounds(floor?.t, next?.t).flatMap((column) =>
      compare(`${at}.privacy.t.${column}`, t(floor, column), t(next, column), higherLoosens, gains),
    ),
    ...compare(
      `${at}.privacy.suppressAtMost`,
      say(floor?.suppressAtMost),
      say(next?.suppressAtMost),
      () => 'changes',
      [],
    ),
    ...compare(
      `${at}.clean.rejectAbove`,
      say(before.clean.rejectAbove),
      say(after.clean.rejectAbove),
      higherLoosens,
      gains,
    ),
    ...compare(`${at}.subject`, say(before.subject), say(after.subject), () => 'changes', []),
    ...pairColumns(before.columns, after.columns).flatMap(([name, one, other]) =>
      compare(`${at}.columns.${name}`, describeColumn(one), describeColumn(other), judgeColumn(one, other), gains),
    ),
  ];
}

function pairColumns(before: readonly PlannedColumn[], after: readonly PlannedColumn[]) {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  const find = (columns: readonly PlannedColumn[], name: string) => columns.find((each) => each.name === name);
  return names.map((name) => [name, find(before, name), find(after, name)] as const);
}

function describeColumn(column: PlannedColumn | undefined): string {
  if (column === undefined) return NONE;
  const { treatment } = column;
  const levels = treatment.kind === 'generalise' ? ` ${JSON.stringify(treatment.generalisation)}` : '';
  return `${column.role}, ${describeTreatment(treatment)}${levels.length > 120 ? ` ${levels.length} characters of levels` : levels}`;
}

/** Released where it was not, or as it is where it was treated, is looser. */
function judgeColumn(before: PlannedColumn | undefined, after: PlannedColumn | undefined): Judge {
  const openness = (column: PlannedColumn | undefined) =>
    column?.releasedAs === undefined ? 0 : column.treatment.kind === 'keep' ? 2 : 1;
  const [was, is] = [openness(before), openness(after)];
  return () => (is > was ? 'loosens' : is < was ? 'tightens' : 'changes');
}

function diffLeg(
  id: string,
  before: PlannedLeg | undefined,
  after: PlannedLeg | undefined,
): readonly AmendmentChange[] {
  const at = `legs.${id}`;
  if (before === undefined && after !== undefined) {
    const { from, to, dataset } = after;
    return [{ effect: 'loosens', place: at, before: NONE, after: `${from} gives ${to} ${dataset}`, gains: [to] }];
  }
  if (before !== undefined && after === undefined) {
    const { from, to, dataset } = before;
    return [{ effect: 'tightens', place: at, before: `${from} gives ${to} ${dataset}`, after: NONE, gains: [] }];
  }
  if (before === undefined || after === undefined) return [];
  const gains = [after.to];
  const words = (list: readonly string[]) => [...list].sort().join(', ') || NONE;
  const wider: Judge = () => (after.purposes.every((each) => before.purposes.includes(each)) ? 'tightens' : 'loosens');
  const fewer: Judge = () => (before.forbids.every((each) => after.forbids.includes(each)) ? 'tightens' : 'loosens');
  return [
    ...compare(`${at}.every`, before.every, after.every, () => 'changes', []),
    ...compare(`${at}.via`, JSON.stringify(before.via), JSON.stringify(after.via), () => 'changes', []),
    ...compare(`${at}.retain`, before.retain, after.retain, longerLoosens, gains),
    ...compare(`${at}.purposes`, words(before.purposes), words(after.purposes), wider, gains),
    ...compare(`${at}.forbids`, words(before.forbids), words(after.forbids), fewer, gains),
    ...compare(`${at}.quota.requests`, say(before.quota?.requests), say(after.quota?.requests), higherLoosens, gains),
    ...compare(`${at}.quota.bytes`, say(before.quota?.bytes), say(after.quota?.bytes), higherLoosens, gains),
  ];
}

function diffRemedies(old: Plan, next: Plan): readonly AmendmentChange[] {
  const triggers = [...new Set([...old.remedies, ...next.remedies].map(({ on }) => on))];
  const words = (plan: Plan, trigger: string) =>
    plan.remedies
      .filter(({ on }) => on === trigger)
      .map(({ after, do: measure }) => (after === undefined ? measure : `${measure} after ${after}`))
      .join(', ') || NONE;
  const hardest = (plan: Plan, trigger: string) =>
    Math.max(
      -1,
      ...plan.remedies.filter(({ on }) => on === trigger).map((each) => MEASURES.indexOf(each.do as Measure)),
    );
  return triggers.flatMap((trigger) => {
    const [was, is] = [hardest(old, trigger), hardest(next, trigger)];
    const judge: Judge = () => (is < was ? 'loosens' : is > was ? 'tightens' : 'changes');
    const all = next.parties.map(({ id }) => id);
    return compare(`remedies.${trigger}`, words(old, trigger), words(next, trigger), judge, all);
  });
}

function diffFairness(old: Plan, next: Plan): readonly AmendmentChange[] {
  const all = next.parties.map(({ id }) => id);
  const weights = [...new Set([...Object.keys(old.fairness.weights), ...Object.keys(next.fairness.weights)])];
  return [
    ...compare('fairness.tolerance', say(old.fairness.tolerance), say(next.fairness.tolerance), higherLoosens, all),
    ...compare(
      'fairness.outside',
      old.fairness.outside,
      next.fairness.outside,
      (_, b) => (b === 'warn' ? 'loosens' : 'tightens'),
      all,
    ),
    ...weights.flatMap((dataset): readonly AmendmentChange[] => {
      const [was, is] = [old.fairness.weights[dataset], next.fairness.weights[dataset]];
      if (was === undefined || is === undefined || was === is) return [];
      const owner = next.datasets.find(({ id }) => id === dataset)?.owner;
      // What one gives weighs more: one has to give less for the same.
      const gains = owner === undefined ? [] : is > was ? [owner] : receiversOf(next, dataset);
      return [{ effect: 'changes', place: `fairness.weights.${dataset}`, before: say(was), after: say(is), gains }];
    }),
  ];
}

function describeClause(clause: Plan['clauses'][number] | undefined): string {
  if (clause === undefined) return NONE;
  const bound = clause.legalOnly ? 'for the law alone' : clause.controls.join(', ');
  return `${clause.text.trim().slice(0, 300)} (${bound})`;
}

function diffResources(
  what: ResourceChange['what'],
  before: readonly { readonly id: string }[],
  after: readonly { readonly id: string }[],
): readonly ResourceChange[] {
  return pair(before, after).flatMap(({ id, before: one, after: other }): readonly ResourceChange[] => {
    if (one === undefined) return [{ change: 'added', what, id }];
    if (other === undefined) return [{ change: 'removed', what, id }];
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ change: 'changed', what, id }];
  });
}
