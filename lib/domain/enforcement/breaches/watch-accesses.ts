import type { AgreementInForce } from '../../agreement/agreement-in-force';
import { periodOf } from '../../agreement/periods/period-of';
import type { Plan } from '../../agreement/plan/plan';
import type { Access, Resource } from '../../audit/access';
import { type AttributedAccess, attributeAccesses, readQueried } from '../../audit/attribution/attribute-accesses';
import { findLegs } from '../../audit/attribution/find-legs';
import type { RecordedDecision } from '../../audit/attribution/recorded-decision';
import type { LedgerAccess } from '../../audit/ledger/read-latest';
import { copiesOf, type JoinedAccess, joinAccesses } from '../../audit/records/join-accesses';
import type { BreachReport } from '../../registry/breach-report';
import type { BreachRecord } from '../../registry/conduct-records';
import type { UsageRecord } from '../../registry/door-records';
import { type BreachContext, findBreaches } from './find-breaches';
import { type Reading, sumReadings } from './sum-readings';

/** What a look at the stream rests on. */
export interface WatchGrounds {
  readonly plan: Plan;
  /** The last day on which anything is granted: ISO date. */
  readonly lastDay: string;
  /** Of all agreements: whose access it was is looked for among all parties, and after their terms too. */
  readonly agreements: readonly AgreementInForce[];
  /** Of this agreement. */
  readonly decisions: readonly RecordedDecision[];
  /** Of this agreement, on record. */
  readonly breaches?: readonly BreachRecord[];
  readonly roomAccounts: ReadonlySet<string>;
  readonly bucketOwners: ReadonlyMap<string, string>;
  /** The ledger has more than the entries that are looked at: what belongs to the last of them may be there. */
  readonly goesOn?: boolean;
  /** UTC, ISO 8601 */
  readonly now: string;
}

interface WatchedAccesses {
  /** All that is found, what was found at an earlier look too: it has the same name. */
  readonly reports: readonly BreachReport[];
  /** What is counted then. The same as before where nothing settled. */
  readonly usage: UsageRecord;
  /** Accesses of this agreement among what is counted now. */
  readonly counted: number;
}

/** Milliseconds in which what belongs to an access may still come: who was handed the credentials, the other side's copy. */
const SETTLES_IN = 15 * 60 * 1000;
/** Entries after which the oldest are taken for settled whatever their time. */
const MAX_UNSETTLED = 5000;
/** Days that tell what is usual, the fewest that can, and how many times that is far above. */
const [USUAL_DAYS, FEWEST_DAYS, FAR_ABOVE] = [35, 5, 10];
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Looks at the entries of the ledger that are not counted yet, for one agreement. What a party did is judged at once; what
 * nobody can be named for, when all that might explain it has had time to come. Each access is counted once, when it is
 * settled: looking again at the same entries, or at more, ends with the same record.
 * @param entries of the ledger, from `usage.position` on
 */
export function watchAccesses(entries: readonly Access[], usage: UsageRecord, grounds: WatchGrounds): WatchedAccesses {
  const { plan, goesOn = false, now } = grounds;
  const settled = countSettled(entries, goesOn, now);
  const rank = new Map(entries.map(({ id }, index) => [id, index]));
  const isSettled = (joined: JoinedAccess) => copiesOf(joined).some(({ id }) => (rank.get(id) ?? settled) < settled);
  const own = listOwn(entries, grounds);
  const judged = own.filter(({ joined, attribution }) => attribution.kind === 'attributed' || isSettled(joined));
  const counted = own.filter(({ joined }) => isSettled(joined));
  return {
    reports: findBreaches(judged, describeContext(usage, grounds)),
    usage: settled === 0 ? usage : addUsage(usage, plan, sumReadings(counted, []), usage.position + settled, now),
    counted: counted.length,
  };
}

/**
 * Judges the newest entries before their turn, where there are more before them than one look takes, as after a report of a
 * month. Nothing is counted by it, and nothing of what is counted already is judged: it only explains. When the turn comes, the
 * same is found again under the same names.
 * @param newest of the ledger, those from before `usage.position` too
 */
export function watchAhead(
  newest: readonly LedgerAccess[],
  usage: UsageRecord,
  grounds: WatchGrounds,
): readonly BreachReport[] {
  const limit = Date.parse(grounds.now) - SETTLES_IN;
  const counted = new Set(newest.flatMap(({ access, index }) => (index < usage.position ? [access.id] : [])));
  const entries = newest.map(({ access }) => access);
  const judged = listOwn(entries, grounds).filter(({ joined, attribution }) => {
    const copies = copiesOf(joined);
    const hasSettled = attribution.kind === 'attributed' || copies.every(({ at }) => Date.parse(at) <= limit);
    return hasSettled && !copies.some(({ id }) => counted.has(id));
  });
  return findBreaches(judged, describeContext(usage, grounds));
}

/** Those of the agreement. */
function listOwn(
  entries: readonly Access[],
  { plan, agreements, decisions, roomAccounts, bucketOwners }: WatchGrounds,
): readonly AttributedAccess[] {
  const attributed = attributeAccesses(
    joinAccesses(entries, bucketOwners, agreements),
    agreements,
    decisions,
    roomAccounts,
  );
  const queried = new Map(entries.flatMap((each) => [readQueried(each) ?? []].filter(isPair)));
  return attributed.filter((each) => concerns(each, plan, agreements, queried));
}

function describeContext(usage: UsageRecord, grounds: WatchGrounds): BreachContext {
  const { plan, agreements, breaches = [], roomAccounts, lastDay, now } = grounds;
  const { id, version } = plan.agreement;
  const earlier = agreements
    .map((each) => each.plan)
    .filter(({ agreement }) => agreement.id === id && agreement.version !== version);
  return { plan, earlier, breaches, roomAccounts, lastDay, norm: describeNorm(usage, now), counted: usage, now };
}

/** How many of the first entries are old enough, without one between that is not; before more is read, all but the last. */
function countSettled(entries: readonly Access[], goesOn: boolean, now: string): number {
  if (goesOn) return Math.max(0, entries.length - MAX_UNSETTLED);
  const limit = Date.parse(now) - SETTLES_IN;
  const first = entries.findIndex(({ at }) => Date.parse(at) > limit);
  const settled = first === -1 ? entries.length : first;
  return Math.max(settled, entries.length - MAX_UNSETTLED);
}

/** Whether it was under this agreement; or, where nobody of any agreement is known, at a place of this one. */
function concerns(
  { joined, attribution }: AttributedAccess,
  { agreement }: Plan,
  agreements: readonly AgreementInForce[],
  queried: ReadonlyMap<string, Resource>,
): boolean {
  switch (attribution.kind) {
    case 'attributed':
      return attribution.agreement.id === agreement.id;
    case 'unattributed':
      return agreements.some(
        (each) => each.plan.agreement.id === agreement.id && findLegs(each, joined.access, queried) !== undefined,
      );
    case 'ambiguous':
    case 'own-door':
    case 'internal':
      return false;
  }
}

function isPair<T>(pair: readonly [string, T] | readonly []): pair is readonly [string, T] {
  return pair.length === 2;
}

/** The median of the days before today on which anything was read, by leg; nothing of a leg that has too few. */
function describeNorm({ days }: UsageRecord, now: string) {
  const before = days.filter(({ day, bytes }) => day < now.slice(0, 10) && bytes > 0);
  const legs = [...new Set(before.map(({ leg }) => leg))];
  const usual = legs.flatMap((leg) => {
    const read = before
      .filter((each) => each.leg === leg)
      .map(({ bytes }) => bytes)
      .sort((a, b) => a - b);
    return read.length < FEWEST_DAYS ? [] : [[leg, read[Math.floor(read.length / 2)] ?? 0] as const];
  });
  return { usual: Object.fromEntries(usual), factor: FAR_ABOVE };
}

function addUsage(
  { agreement, days, periods }: UsageRecord,
  { legs, term }: Plan,
  readings: readonly Reading[],
  position: number,
  now: string,
): UsageRecord {
  const oldest = new Date(Date.parse(now) - USUAL_DAYS * DAY_MS).toISOString().slice(0, 10);
  const byDay = new Map(days.map((each) => [`${each.leg} ${each.party} ${each.day}`, each]));
  const byPeriod = new Map(periods.map((each) => [`${each.leg} ${each.period}`, each]));
  for (const { party, leg, day, requests, bytes } of readings) {
    const earlier = byDay.get(`${leg} ${party} ${day}`);
    byDay.set(`${leg} ${party} ${day}`, { party, leg, day, ...add(earlier, { requests, bytes }) });
    const terms = legs.find(({ id }) => id === leg);
    if (terms?.quota === undefined) continue;
    const period = periodOf(term.starts, terms.every, day);
    const sum = add(byPeriod.get(`${leg} ${period}`), { requests, bytes });
    byPeriod.set(`${leg} ${period}`, { leg, period, ...sum });
  }
  return {
    agreement,
    position,
    days: [...byDay.values()].filter(({ day }) => day >= oldest),
    periods: keepPeriods([...byPeriod.values()], oldest),
  };
}

/**
 * Of each leg the one that runs, the one before, and those that reach into the days that are kept: what is late, as what a report
 * of the month before enters, is still counted where it belongs.
 */
function keepPeriods(periods: UsageRecord['periods'], oldest: string): UsageRecord['periods'] {
  const latestFirst = periods.toSorted((a, b) => (a.period < b.period ? 1 : -1));
  const legs = new Set(periods.map(({ leg }) => leg));
  return [...legs].flatMap((leg) => {
    const own = latestFirst.filter((each) => each.leg === leg);
    // Each ends where the next begins, or before.
    return own.filter((_, at) => at < 2 || (own[at - 1]?.period ?? '') > oldest);
  });
}

interface Sum {
  readonly requests: number;
  readonly bytes: number;
}

function add(left: Sum | undefined, right: Sum): Sum {
  return { requests: (left?.requests ?? 0) + right.requests, bytes: (left?.bytes ?? 0) + right.bytes };
}
