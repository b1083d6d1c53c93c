import { periodOf } from '../../agreement/periods/period-of';
import type { Plan, PlannedLeg } from '../../agreement/plan/plan';
import type { Access } from '../../audit/access';
import { hasMoved } from '../../audit/access';
import type { AttributedAccess } from '../../audit/attribution/attribute-accesses';
import { judgeNetwork } from '../../audit/attribution/judge-network';
import { judgeRole } from '../../audit/attribution/judge-role';
import { isOpening, reachOfAct } from '../../audit/reach-of-act';
import { tellClient } from '../../audit/records/find-client';
import { copiesOf, type JoinedAccess } from '../../audit/records/join-accesses';
import type { BreachKind } from '../../registry/breach-kinds';
import type { BreachReport } from '../../registry/breach-report';
import type { BreachRecord } from '../../registry/conduct-records';
import type { UsageRecord } from '../../registry/door-records';
import { uniteEvidence } from './breach-evidence';
import { openAnswered, tiesOf } from './open-answered';
import { type Reading, sumReadings } from './sum-readings';

/** What a receiver usually reads in a day, and what is far above it. */
interface ReadingNorm {
  /** Bytes a day, by leg: the median of earlier days. */
  readonly usual: Readonly<Record<string, number>>;
  /** How many times that is far above. */
  readonly factor: number;
}

export interface BreachContext {
  /** The version in force. */
  readonly plan: Plan;
  /** Those before it: an access is judged by the one that held then. */
  readonly earlier?: readonly Plan[];
  /** Accounts of the room itself. */
  readonly roomAccounts: ReadonlySet<string>;
  /** The last day of the agreement: ISO date. */
  readonly lastDay: string;
  readonly norm: ReadingNorm;
  /** What was counted before: none of it is among the accesses. */
  readonly counted: Pick<UsageRecord, 'days' | 'periods'>;
  /** On record of this agreement: what was overruled or is over answers for what it showed. */
  readonly breaches?: readonly BreachRecord[];
  /** UTC, ISO 8601: when it is looked at. */
  readonly now: string;
}

/**
 * Looks for what breaks the agreement in the stream of accesses. The same accesses, looked at again, give the same reports:
 * a report is named for what it is about, so that it is on record once. Reports of one kind, party (of strangers,
 * account), leg and day are one, until that is answered for.
 */
export function findBreaches(attributed: readonly AttributedAccess[], context: BreachContext): readonly BreachReport[] {
  const found = attributed.flatMap((each) => judgeAccess(each, context));
  const isAnsweredFor = openAnswered(context.breaches ?? []);
  const byId = new Map(attributed.flatMap(({ joined }) => copiesOf(joined).map(({ id }) => [id, joined] as const)));
  const merged = new Map<string, BreachReport>();
  for (const report of [...found, ...judgeVolumes(attributed, context)]) {
    const shown = (report.evidence ?? []).flatMap((id) => {
      const joined = byId.get(id);
      return joined === undefined || isAnsweredFor(report.report, joined) ? [] : [{ id, joined }];
    });
    if (shown.length > 0)
      merged.set(report.report, addShown(merged.get(report.report) ?? { ...report, evidence: [] }, shown));
  }
  return [...merged.values()];
}

/** With what shows it, and nothing else. */
function addShown(
  report: BreachReport,
  shown: readonly { readonly id: string; readonly joined: JoinedAccess }[],
): BreachReport {
  const ids = shown.map(({ id }) => id);
  const ties = uniteEvidence(
    report.ties ?? [],
    shown.flatMap(({ joined }) => tiesOf(joined)),
  );
  return { ...report, evidence: uniteEvidence(report.evidence ?? [], ids), ...(ties.length === 0 ? {} : { ties }) };
}

function judgeAccess({ joined, attribution }: AttributedAccess, context: BreachContext): readonly BreachReport[] {
  const { access } = joined;
  const reach = reachOfAct(access.act);
  if (!hasMoved(access)) return [];
  const told = (kind: BreachKind, party: string | undefined, leg: string | undefined, stranger?: string) => [
    report(context, kind, party, leg, access.at, [access.id], stranger),
  ];
  if (isOpening(access.act)) return judgeSharing({ joined, attribution }, context);
  const outside = attribution.kind === 'attributed' ? judgeRole(attribution, access.act) : undefined;
  if (outside !== undefined && attribution.kind === 'attributed')
    return told(outside, attribution.party, attribution.leg);
  // Of what else was changed or listed nothing is taken away: the report tells of it.
  if (reach !== 'taken' && reach !== 'opened') return [];
  if (attribution.kind === 'unattributed') {
    return attribution.reason === 'no-leg' ? [] : told('foreign-principal', undefined, undefined, attribution.account);
  }
  if (attribution.kind !== 'attributed' || attribution.role === 'giver') return [];
  const { party, leg, decision } = attribution;
  const held = planOf(attribution.agreement.version, context);
  const day = access.at.slice(0, 10);
  // While a version is being carried out, what the one before let through is explained by that.
  const isLeftOut = !held.legs.some(({ id }) => id === leg) && decision?.effect !== 'permit';
  if (day > context.lastDay || day < held.term.starts || isLeftOut) return told('after-expiry', party, leg);
  const foreign = judgeNetwork(attribution, tellClient(joined));
  if (foreign !== undefined) return told(foreign, party, leg);
  if (decision?.effect === 'forbid') return told('forbidden-access', party, leg);
  return decision === undefined ? told('undecided-access', party, leg) : [];
}

function planOf(version: number, { plan, earlier = [] }: BreachContext): Plan {
  return earlier.find(({ agreement }) => agreement.version === version) ?? plan;
}

/**
 * A party that opens what it received to an account that is neither its own nor the room's, or to everybody, or puts it into a
 * data set of its own: there is nothing to be done with one but to give it to others.
 */
function judgeSharing({ joined, attribution }: AttributedAccess, context: BreachContext): readonly BreachReport[] {
  const { access } = joined;
  if (attribution.kind !== 'attributed' || attribution.role !== 'receiver') return [];
  const { parties } = planOf(attribution.agreement.version, context);
  const own = parties.find(({ id }) => id === attribution.party)?.account;
  const isKnown = (account: string) => account === own || context.roomAccounts.has(account);
  const isImport = access.act === 'publish' && attribution.joins.leg === 'received';
  if (!isImport && (isTakingBack(access.operation) || listReceivers(access).every(isKnown))) return [];
  return [report(context, 'resharing', attribution.party, attribution.leg, access.at, [access.id])];
}

/** Of several grants of Lake Formation made at once, the one that is attributed. */
function listReceivers({ service, receiver, grantees }: Access): readonly string[] {
  const one = receiver === undefined ? [] : [receiver];
  return service === 'lakeformation' ? one : (grantees ?? one);
}

function isTakingBack(operation: string): boolean {
  return /^(?:Batch)?(?:Revoke|Delete|Disassociate|Remove|Retire|Cancel|Reject)/.test(operation);
}

/** Reads of a day far above the norm, and reads of a period beyond the quota. */
function judgeVolumes(attributed: readonly AttributedAccess[], context: BreachContext): readonly BreachReport[] {
  const { plan, norm, counted } = context;
  const bulk = sumReadings(attributed, counted.days)
    .filter(({ leg, bytes }) => (norm.usual[leg] ?? 0) > 0 && bytes > (norm.usual[leg] ?? 0) * norm.factor)
    .map(({ party, leg, at, accesses }) => report(context, 'bulk-read', party, leg, at, accesses));
  const readings = sumReadings(attributed, []);
  return [...bulk, ...plan.legs.flatMap((leg) => judgeQuota(leg, readings, context))];
}

function judgeQuota(
  { id, quota, every, to, via }: PlannedLeg,
  readings: readonly Reading[],
  context: BreachContext,
): readonly BreachReport[] {
  if (quota === undefined) return [];
  const periods = new Map<string, Reading[]>();
  for (const reading of readings.filter(({ leg }) => leg === id)) {
    const period = periodOf(context.plan.term.starts, every, reading.day);
    periods.set(period, [...(periods.get(period) ?? []), reading]);
  }
  return [...periods].flatMap(([period, days]): readonly BreachReport[] => {
    const before = context.counted.periods.find((each) => each.leg === id && each.period === period);
    const requests = days.reduce((sum, day) => sum + day.requests, before?.requests ?? 0);
    const bytes = days.reduce((sum, day) => sum + day.bytes, before?.bytes ?? 0);
    // Where links are given, requests are those for links, and beyond the quota there is none; a link reads one file of many, and
    // a warehouse any number of parts of a file for one query.
    const isInParts = via.kind === 'api' || via.kind === 'snowflake' || via.kind === 'gcs';
    const most = isInParts ? undefined : quota.requests;
    if (requests <= (most ?? Number.POSITIVE_INFINITY) && bytes <= (quota.bytes ?? Number.POSITIVE_INFINITY)) return [];
    const last = days.at(-1);
    return last === undefined ? [] : [report(context, 'over-quota', to, id, last.at, last.accesses)];
  });
}

function report(
  { plan, now }: BreachContext,
  kind: BreachKind,
  party: string | undefined,
  leg: string | undefined,
  at: string,
  evidence: readonly string[],
  stranger = 'nobody',
): BreachReport {
  const name = [kind, party ?? stranger, leg ?? 'none', at.slice(0, 10)].join(':');
  return {
    report: name,
    agreement: plan.agreement.id,
    breach: kind,
    ...(party === undefined ? {} : { party }),
    ...(leg === undefined ? {} : { leg }),
    since: at,
    reportedAt: now,
    evidence: [...evidence],
  };
}
