import type { EntitlementRecord } from '../../registry/round-records';
import { isShownWhenFinal, type OnRecord } from '../rounds/list-shown-when-final';
import type { Entitlement } from './entitlement';

/** A permission as the service that holds it tells. */
export interface ActualEntitlement {
  readonly kind: Entitlement['kind'];
  /** Absent where what it opens belongs to no leg that is known here. */
  readonly leg?: string;
  /** Who holds it: 12 digits. */
  readonly account: string;
  /** Days of the rounds that it reaches, be it a part of one. */
  readonly releases: readonly string[];
  /** Of these, those of which it reaches less, or other, than was released. */
  readonly altered?: readonly string[];
  /** What the service calls it. */
  readonly reference: string;
  /** It may be there: it is given where it should be, and taken back where it should not. */
  readonly isUnsure?: true;
  /** It opens more than any entitlement does, or to others: nobody agreed to it, whatever its leg. */
  readonly isBeside?: true;
}

/** One change at one service. */
export interface EntitlementStep {
  readonly do: 'grant' | 'revoke' | 'show' | 'withdraw';
  readonly kind: Entitlement['kind'];
  readonly leg?: string;
  readonly account: string;
  /** What is granted or shown, or what is withdrawn or lost. */
  readonly releases: readonly string[];
  /** Of what stands already. */
  readonly reference?: string;
  readonly reason: Entitlement['reason'] | 'not-agreed';
  readonly clause: string;
  /** What somebody did by hand, and is put back by this. */
  readonly drift?: 'added' | 'removed' | 'changed';
}

/** The steps for one account. Whatever becomes of them, those for others go on. */
interface PartySteps {
  readonly account: string;
  /** What is taken away comes first. */
  readonly steps: readonly EntitlementStep[];
}

/**
 * What has to be done so that there is what should be, and nothing else. Nothing, where that is so already.
 * @param recorded what was last granted or taken back from here: what differs from that was done by hand
 * @param on what data sets show by themselves is known by it
 */
export function diffEntitlements(
  desired: readonly Entitlement[],
  actual: readonly ActualEntitlement[],
  recorded: readonly EntitlementRecord[],
  on?: OnRecord,
): readonly PartySteps[] {
  const granted = new Map(recorded.map((record) => [record.leg, record]));
  const served = new Set<ActualEntitlement>();
  const steps: EntitlementStep[] = [];
  for (const entitlement of desired.filter(({ effect }) => effect === 'grant')) {
    const holds = actual.find((each) => !served.has(each) && isFor(entitlement, each));
    if (holds !== undefined) served.add(holds);
    steps.push(...adjust(entitlement, holds, granted.get(entitlement.leg), on));
  }
  for (const extra of actual)
    if (!served.has(extra)) steps.push(takeBack(extra, desired, granted.get(extra.leg ?? '')));
  return groupByAccount(steps);
}

function isFor({ leg, account, kind }: Entitlement, actual: ActualEntitlement): boolean {
  return actual.isBeside !== true && actual.leg === leg && actual.account === account && actual.kind === kind;
}

function adjust(
  entitlement: Entitlement,
  holds: ActualEntitlement | undefined,
  record: EntitlementRecord | undefined,
  on: OnRecord | undefined,
): readonly EntitlementStep[] {
  const { kind, leg, account, releases, reason, clause } = entitlement;
  const common = { kind, leg, account, reason, clause } as const;
  if (holds === undefined || holds.isUnsure === true) {
    const isGone = holds === undefined && record?.state === 'granted';
    return [{ do: 'grant', ...common, releases, ...(isGone && { drift: 'removed' }) }];
  }
  const { reference } = holds;
  const { altered = [] } = holds;
  const missing = releases.filter(
    (day) => (!holds.releases.includes(day) || altered.includes(day)) && !wentElsewhere(entitlement, day, on),
  );
  const surplus = holds.releases.filter((day) => !releases.includes(day));
  const wasShown = missing.some((day) => record?.releases.includes(day));
  const wasHidden = surplus.some(
    (day) =>
      record !== undefined &&
      record.giving !== true &&
      !record.releases.includes(day) &&
      !isShownByPublication(entitlement, day, record, on),
  );
  return [
    ...(surplus.length === 0
      ? []
      : [{ do: 'withdraw', ...common, releases: surplus, reference, ...(wasHidden && CHANGED) } as const]),
    ...(missing.length === 0
      ? []
      : [{ do: 'show', ...common, releases: missing, reference, ...(wasShown && CHANGED) } as const]),
  ];
}

/** A data set never has what went another way, by a version before. */
function wentElsewhere({ kind, leg }: Entitlement, day: string, on: OnRecord | undefined): boolean {
  const release = on?.conduct.releases.find((each) => each.leg === leg && each.round === day);
  return on !== undefined && release !== undefined && isByDataSet(kind) && !isShownWhenFinal(on, release);
}

/**
 * A grant shows what is published from then on: what was taken back before anybody looked, nobody has put there by hand. What was
 * published before that was looked at, or is revoked for good, somebody has.
 */
function isShownByPublication(
  { kind, leg }: Entitlement,
  day: string,
  record: EntitlementRecord,
  on: OnRecord | undefined,
): boolean {
  const published = on?.conduct.rounds.find((round) => round.day === day && round.state === 'published');
  const release = on?.conduct.releases.find((each) => each.round === day && each.leg === leg);
  const isNew = published !== undefined && Date.parse(record.at) <= Date.parse(published.at);
  return isNew && release?.state !== 'revoked' && isByDataSet(kind);
}

function isByDataSet(kind: Entitlement['kind']): boolean {
  return kind === 'data-grant' || kind === 'product';
}

const CHANGED = { drift: 'changed' } as const;

function takeBack(
  extra: ActualEntitlement,
  desired: readonly Entitlement[],
  record: EntitlementRecord | undefined,
): EntitlementStep {
  const { kind, leg, account, releases, reference } = extra;
  const wanted = desired.find((each) => isFor(each, extra));
  const why = wanted?.effect === 'withhold' ? wanted : ({ reason: 'not-agreed', clause: 'legs' } as const);
  // What the version in force has no more, or delivers another way, was granted by an earlier one.
  const isLeftOut = desired.every((each) => each.leg !== leg || each.kind !== record?.kind);
  const isOwn = extra.isUnsure === true || record?.state === 'granted' || record?.giving === true;
  const byHand = extra.isBeside === true || !isOwn || (!isLeftOut && wanted?.effect !== 'withhold');
  return {
    do: 'revoke',
    kind,
    ...(leg === undefined ? {} : { leg }),
    account,
    releases,
    reference,
    reason: why.reason,
    clause: why.clause,
    ...(byHand ? ({ drift: 'added' } as const) : {}),
  };
}

const ORDER = ['revoke', 'withdraw', 'grant', 'show'] as const;

function groupByAccount(steps: readonly EntitlementStep[]): readonly PartySteps[] {
  const accounts = [...new Set(steps.map(({ account }) => account))].sort();
  return accounts.map((account) => ({
    account,
    steps: steps
      .filter((step) => step.account === account)
      .toSorted((a, b) => ORDER.indexOf(a.do) - ORDER.indexOf(b.do)),
  }));
}
