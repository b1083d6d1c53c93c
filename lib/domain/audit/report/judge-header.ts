import canonicalize from 'canonicalize';
import { DELIVERY_MS, findLastTold, findWatermark } from '../attribution/find-watermark';
import { measureCoverage, nameTrail } from '../attribution/measure-coverage';
import { isNotice } from '../integrity/trail-finding';
import type { DigestKey, LogKey } from '../integrity/trail-key';
import type { TrailVerdict } from '../integrity/verify-trail';
import type { AuditedTrail } from './audit-header';
import type { AuditReport, CoverageRun } from './audit-report';
import { REPORT_CAPS, summariseIntegrity } from './build-audit-report';
import { describeBroken, listCoverageGaps, tellsUnread } from './find-finding-exceptions';
import { findTrails, type InventoryTrails } from './find-trails';
import { endOfRun, joinCoverage } from './join-coverage';
import type { ReportedException } from './reported-exception';

/** What a report says of its logs: whoever signs it could say here that hardly anything was to be judged, or that all is whole. */
export type ToldOfLogs = Pick<AuditReport, 'coverage'> & {
  readonly header: Pick<AuditReport['header'], 'period' | 'watermark' | 'trails' | 'integrity'>;
};

/** What else a pack holds of the logs it was made of. */
export interface LogGrounds {
  /** Of the names of its log files. */
  readonly delivered: readonly LogKey[];
  /** How many digests it was made of. */
  readonly digests: number;
  /** Of their names. */
  readonly digested: readonly DigestKey[];
  /** When the last access in its table was; absent: there is none. */
  readonly lastAccess?: string;
  /** Its exceptions of the kinds `broken-integrity` and `coverage-gap`. */
  readonly exceptions: readonly ReportedException[];
  /** What the room's inventory says; absent: none lies there, as in a party's own pack. */
  readonly expected?: InventoryTrails;
}

const HOUR_MS = 60 * 60 * 1000;

/** Holds what a report says of its logs against what else is in its pack. @returns problems */
export function judgeHeader(told: ToldOfLogs, grounds: LogGrounds): readonly string[] {
  return [
    ...judgeTrails(told, grounds),
    ...judgeCoverage(told),
    ...judgeUnproven(told, grounds),
    ...judgeWatermark(told, grounds),
    ...judgeIntegrity(told, grounds),
  ];
}

function judgeTrails({ header: { trails } }: ToldOfLogs, { expected }: LogGrounds): readonly string[] {
  if (expected === undefined) return [];
  const names = new Set(trails.map(nameTrail));
  const isMissing = expected.trails.some((trail) => !names.has(nameTrail(trail)));
  const isOtherwise = trails.some((trail) => {
    const own = expected.trails.find((each) => nameTrail(each) === nameTrail(trail));
    const selectors = own === undefined ? expected.selectors?.get(trail.trail) : own.selectors;
    return canonicalize(trail.selectors ?? []) !== canonicalize(selectors ?? []);
  });
  return isMissing || isOtherwise ? ['its trails, or what they record, are not those of the inventory on record'] : [];
}

/** Every hour of the period, of every trail, once. */
function judgeCoverage({ header: { trails, period }, coverage }: ToldOfLogs): readonly string[] {
  const begins = Math.floor(Date.parse(period.from) / HOUR_MS) * HOUR_MS;
  const isWhole = trails.every((trail) => {
    let reached = begins;
    for (const run of coverage.filter((each) => nameTrail(each) === nameTrail(trail))) {
      if (Date.parse(run.from) !== reached || !(run.hours > 0)) return false;
      reached += run.hours * HOUR_MS;
    }
    return reached >= Date.parse(period.to) && reached - HOUR_MS < Math.max(Date.parse(period.to), begins + HOUR_MS);
  });
  const known = new Set(trails.map(nameTrail));
  const isOwn = coverage.every((run) => known.has(nameTrail(run)));
  return isWhole && isOwn ? [] : ['its coverage does not tell of every hour of the period and every trail'];
}

/** Where no digests were checked, nothing but the names of log files tells of trails and hours. */
function judgeUnproven({ header, coverage }: ToldOfLogs, { delivered, expected }: LogGrounds): readonly string[] {
  const { trails, period, integrity } = header;
  if (integrity.kind !== 'not-checked') return [];
  const named = (each: readonly AuditedTrail[]) => each.map(nameTrail).toSorted();
  const isTrails = expected === undefined || isSame(named(trails), named(findTrails(expected, undefined, delivered)));
  return [
    ...(isTrails ? [] : ['its trails are not those of the inventory on record, or of the names of its log files']),
    ...(isSame(coverage, joinCoverage(measureCoverage(trails, [], delivered, period)))
      ? []
      : ['its coverage is not what the names of its log files show, and no digests were checked']),
  ];
}

/** It lies where its hours, the names of its files or its accesses show that all had been delivered, and nowhere else. */
function judgeWatermark({ header, coverage }: ToldOfLogs, grounds: LogGrounds): readonly string[] {
  const [told, begin, end] = [header.watermark, header.period.from, header.period.to].map((time) => Date.parse(time));
  const { least, most } =
    header.integrity.kind === 'not-checked' ? boundByLogs(grounds) : boundByDigests(coverage, grounds.digested, end!);
  if (told! < Math.min(least - DELIVERY_MS, end!))
    return ['it says of less than it could have judged that it judged it: its watermark is too early'];
  return told! <= Math.min(Math.max(most - DELIVERY_MS, begin!), end!)
    ? []
    : ['it says that it judged what its logs cannot have told yet: its watermark is too late'];
}

/** Between what all was told at the least, and at the most. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

const NEVER: Bounds = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

function boundByLogs({ delivered, lastAccess }: LogGrounds): Bounds {
  const last = delivered
    .map((each) => each.delivered)
    .toSorted()
    .at(-1);
  // What the room did itself is in no table, and may have come later.
  if (last === undefined) return lastAccess === undefined ? NEVER : { ...NEVER, least: Date.parse(lastAccess) };
  return { least: Date.parse(last), most: Date.parse(last) };
}

/**
 * Until when digests are known to tell of all trails of which they tell anything in the period: by the hours that they cover, and
 * at the most as far as there are any, by their names.
 */
function boundByDigests(coverage: readonly CoverageRun[], digested: readonly DigestKey[], periodEnd: number): Bounds {
  const ends = new Map<string, Bounds>();
  for (const run of coverage) {
    const told = leastTold(run);
    if (told === undefined) continue;
    // Of the last hour what is in the period was to be covered.
    const least = Math.min(told, periodEnd);
    const end = Date.parse(endOfRun(run));
    // What covers the last hour may reach beyond the period.
    const most = least > NEVER.least && end < periodEnd ? end : NEVER.most;
    const known = ends.get(nameTrail(run));
    ends.set(nameTrail(run), {
      least: Math.max(known?.least ?? least, least),
      most: Math.max(known?.most ?? most, most),
    });
  }
  if (ends.size === 0) return NEVER;
  const bounds = [...ends].map(([trail, { least, most }]): Bounds => {
    const named = digested.filter((each) => !each.backfill && nameTrail(each) === trail);
    return { least, most: Math.max(most, ...named.map(({ end }) => Date.parse(end))) };
  });
  return { least: Math.min(...bounds.map(({ least }) => least)), most: Math.min(...bounds.map(({ most }) => most)) };
}

/** Until when digests tell at the least, by the hours of a run; undefined where they tell nothing. */
function leastTold(run: CoverageRun): number | undefined {
  switch (run.state) {
    case 'validated':
    case 'quiet':
      return Date.parse(endOfRun(run));
    case 'partly-validated':
      // What covers an hour in part reaches into it.
      return Date.parse(endOfRun(run)) - HOUR_MS;
    case 'incomplete':
      // Be it by a digest of files that came late, of which none says until when it tells.
      return Number.NEGATIVE_INFINITY;
    case 'logged':
    case 'silent':
      return undefined;
  }
}

function judgeIntegrity(
  { header: { integrity }, coverage }: ToldOfLogs,
  { digests, exceptions }: LogGrounds,
): readonly string[] {
  const gaps = exceptions.filter(({ kind }) => kind === 'coverage-gap');
  const broken = exceptions.filter((each) => each.kind === 'broken-integrity' && !tellsUnread(each));
  const problems = isSame(gaps, listCoverageGaps(coverage, integrity.kind !== 'not-checked'))
    ? []
    : ['hours that nothing proves are not the exceptions that they are'];
  if (integrity.kind === 'not-checked')
    return digests === 0 && broken.length === 0
      ? problems
      : [...problems, 'it says that no digests were checked, and was made of some'];
  const { findings, findingsBeyond } = integrity;
  const details = findings.filter((finding) => !isNotice(finding)).map(describeBroken);
  const own = new Set(broken.map(({ detail }) => detail));
  const isTold =
    details.every((detail) => own.has(detail)) && (findingsBeyond > 0 || own.size === new Set(details).size);
  const isBroken = findingsBeyond === 0 && details.length === 0 && integrity.digests.given > 0;
  const isNamed = findingsBeyond > 0 || isBroken === (integrity.kind === 'intact');
  return isTold && isNamed && integrity.digests.given === digests
    ? problems
    : [...problems, 'what it says of its digests is not what its exceptions and its list of files say'];
}

/** Holds what a report says of its logs against logs and digests themselves. @returns problems */
export function compareLogs(
  told: ToldOfLogs,
  verdict: TrailVerdict,
  { delivered, expected = told.header }: Pick<LogGrounds, 'delivered' | 'expected'>,
): readonly string[] {
  const { period, ...header } = told.header;
  const trails = findTrails(expected, verdict, delivered);
  const settled = {
    trails,
    spans: verdict.spans,
    delivered: delivered.map((each) => each.delivered),
    from: period.from,
  };
  // Whether the end of the period was asked for is not told.
  const watermarks = [findWatermark(settled), findWatermark({ ...settled, to: period.to })];
  // Else the last access did, be it one of the room's own, which is in no table.
  const isTold = findLastTold(settled) !== undefined;
  const coverage = joinCoverage(measureCoverage(trails, verdict.spans, delivered, period));
  const parts: readonly (readonly [what: string, isSame: boolean])[] = [
    ['its integrity', isSame(header.integrity, summariseIntegrity(verdict, REPORT_CAPS.findings))],
    ['its trails', isSame(header.trails, trails)],
    ['its coverage', isSame(told.coverage, coverage)],
    ['its watermark', !isTold || watermarks.some((each) => Date.parse(each) === Date.parse(header.watermark))],
  ];
  return parts.flatMap(([what, same]) => (same ? [] : `what it says of ${what} is not what logs and digests show`));
}

function isSame(left: unknown, right: unknown): boolean {
  return canonicalize(left) === canonicalize(right);
}
