import type { Plan, PlannedLeg } from '../agreement/plan';
import type { AttributedAccess } from '../audit/attribution/attribute-accesses';
import { isInRange } from './address-range';
import type { BreachKind } from './breach-kinds';
import type { BreachReport } from './breach-report';
import { periodOf } from './period-of';

/** What a receiver usually reads in a day, and what is far above it. */
export interface ReadingNorm {
  /** Bytes a day, by leg: the median of earlier days. */
  readonly usual: Readonly<Record<string, number>>;
  /** How many times that is far above. */
  readonly factor: number;
}

export interface BreachContext {
  readonly plan: Plan;
  /** Accounts of the room itself. */
  readonly roomAccounts: ReadonlySet<string>;
  /** The last day of the agreement: ISO date. */
  readonly lastDay: string;
  readonly norm: ReadingNorm;
  /** UTC, ISO 8601: when it is looked at. */
  readonly now: string;
}

/**
 * Looks for what breaks the agreement in the stream of accesses. The same accesses, looked at again, give the same reports:
 * a report is named for what it is about, so that it is on record once. Reports of one kind, party, leg and day are one.
 */
export function findBreaches(attributed: readonly AttributedAccess[], context: BreachContext): readonly BreachReport[] {
  const found = attributed.flatMap((each) => judgeAccess(each, context));
  const merged = new Map<string, BreachReport>();
  for (const report of [...found, ...judgeVolumes(attributed, context)]) {
    const earlier = merged.get(report.report);
    const evidence = [...new Set([...(earlier?.evidence ?? []), ...(report.evidence ?? [])])].slice(0, MAX_EVIDENCE);
    merged.set(report.report, { ...report, ...(earlier && { since: earlier.since ?? report.reportedAt }), evidence });
  }
  return [...merged.values()];
}

const MAX_EVIDENCE = 1000;
/** Acts by which data are reached. */
const READS: ReadonlySet<string> = new Set(['read', 'query', 'export', 'vend']);

function judgeAccess({ joined, attribution }: AttributedAccess, context: BreachContext): readonly BreachReport[] {
  const { access } = joined;
  if (access.outcome !== 'allowed') return [];
  const told = (kind: BreachKind, party: string | undefined, leg: string | undefined) => [
    report(context, kind, party, leg, access.at, [access.id]),
  ];
  if (access.act === 'permit') return judgeSharing({ joined, attribution }, context);
  if (!READS.has(access.act)) return [];
  if (attribution.kind === 'unattributed') {
    return attribution.reason === 'no-leg' ? [] : told('foreign-principal', undefined, undefined);
  }
  if (attribution.kind !== 'attributed' || attribution.role === 'giver') return [];
  const { party, leg, role, decision } = attribution;
  if (role === 'other-party') return told('other-partys-leg', party, leg);
  const day = access.at.slice(0, 10);
  if (day > context.lastDay || day < context.plan.term.starts) return told('after-expiry', party, leg);
  const networks = context.plan.parties.find(({ id }) => id === party)?.networks;
  const ip = access.client?.ip;
  // Where a service of AWS reads on the party's behalf, the log names the service and no address.
  const isAddress = ip !== undefined && /^[\d.]+$|:/.test(ip);
  if (networks !== undefined && isAddress && !networks.some((cidr) => isInRange(ip, cidr)))
    return told('foreign-network', party, leg);
  if (decision?.effect === 'forbid') return told('forbidden-access', party, leg);
  return decision === undefined ? told('undecided-access', party, leg) : [];
}

/** A party that grants or publishes what it received to an account that is neither its own, nor a party's, nor the room's. */
function judgeSharing({ joined, attribution }: AttributedAccess, context: BreachContext): readonly BreachReport[] {
  const { access } = joined;
  if (attribution.kind !== 'attributed' || attribution.role !== 'receiver') return [];
  const own = context.plan.parties.find(({ id }) => id === attribution.party)?.account;
  const { receiver } = access;
  if (receiver === undefined || receiver === own || context.roomAccounts.has(receiver)) return [];
  return [report(context, 'resharing', attribution.party, attribution.leg, access.at, [access.id])];
}

interface Volume {
  readonly party: string;
  readonly leg: string;
  readonly day: string;
  readonly bytes: number;
  readonly accesses: readonly string[];
  readonly at: string;
}

/** Reads of a day far above the norm, and reads of a period beyond the quota. */
function judgeVolumes(attributed: readonly AttributedAccess[], context: BreachContext): readonly BreachReport[] {
  const volumes = sumByDay(attributed);
  const { usual, factor } = context.norm;
  const bulk = volumes
    .filter(({ leg, bytes }) => (usual[leg] ?? 0) > 0 && bytes > (usual[leg] ?? 0) * factor)
    .map(({ party, leg, at, accesses }) => report(context, 'bulk-read', party, leg, at, accesses));
  const over = context.plan.legs.flatMap((leg) => judgeQuota(leg, volumes, context));
  return [...bulk, ...over];
}

function judgeQuota(
  { id, quota, every, to }: PlannedLeg,
  volumes: readonly Volume[],
  context: BreachContext,
): readonly BreachReport[] {
  if (quota === undefined) return [];
  const periods = new Map<string, Volume[]>();
  for (const volume of volumes.filter(({ leg }) => leg === id)) {
    const period = periodOf(context.plan.term.starts, every, volume.day);
    periods.set(period, [...(periods.get(period) ?? []), volume]);
  }
  return [...periods.values()].flatMap((days): readonly BreachReport[] => {
    const requests = days.reduce((sum, { accesses }) => sum + accesses.length, 0);
    const bytes = days.reduce((sum, day) => sum + day.bytes, 0);
    if (requests <= (quota.requests ?? Number.POSITIVE_INFINITY) && bytes <= (quota.bytes ?? Number.POSITIVE_INFINITY))
      return [];
    const last = days.at(-1);
    return last === undefined ? [] : [report(context, 'over-quota', to, id, last.at, last.accesses)];
  });
}

function sumByDay(attributed: readonly AttributedAccess[]): readonly Volume[] {
  const days = new Map<string, Volume>();
  for (const { joined, attribution } of attributed) {
    const { access } = joined;
    if (attribution.kind !== 'attributed' || attribution.role !== 'receiver') continue;
    if (access.act !== 'read' || access.outcome !== 'allowed') continue;
    const { party, leg } = attribution;
    const day = access.at.slice(0, 10);
    const key = `${leg} ${party} ${day}`;
    const before = days.get(key);
    days.set(key, {
      party,
      leg,
      day,
      bytes: (before?.bytes ?? 0) + (access.bytes?.out ?? 0),
      accesses: [...(before?.accesses ?? []), access.id],
      at: access.at,
    });
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

function report(
  { plan, now }: BreachContext,
  kind: BreachKind,
  party: string | undefined,
  leg: string | undefined,
  at: string,
  evidence: readonly string[],
): BreachReport {
  const name = [kind, party ?? 'nobody', leg ?? 'none', at.slice(0, 10)].join(':');
  return {
    report: name,
    agreement: plan.agreement.id,
    breach: kind,
    ...(party === undefined ? {} : { party }),
    ...(leg === undefined ? {} : { leg }),
    since: at,
    reportedAt: now,
    evidence: [...evidence].slice(0, MAX_EVIDENCE),
  };
}
