import type { AgreementInForce } from '../../lib/domain/agreement/agreement-in-force';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import type { Access } from '../../lib/domain/audit/access';
import { leaveLastOpen } from '../../lib/domain/audit/attribution/leave-last-open';
import { listGranted } from '../../lib/domain/audit/attribution/list-granted';
import { listRecordedDecisions } from '../../lib/domain/audit/attribution/list-recorded-decisions';
import { listSignedVersions } from '../../lib/domain/audit/attribution/list-signed-versions';
import { placeAgreement, type RoomPlaces } from '../../lib/domain/audit/attribution/place-agreement';
import type { RecordedDecision } from '../../lib/domain/audit/attribution/recorded-decision';
import type { Checkpoint } from '../../lib/domain/audit/ledger/checkpoint';
import type { LedgerAccess } from '../../lib/domain/audit/ledger/read-latest';
import { formatBase64 } from '../../lib/domain/bytes';
import { MAX_EVIDENCE } from '../../lib/domain/enforcement/breaches/breach-evidence';
import { recordBreach } from '../../lib/domain/enforcement/breaches/record-breach';
import { watchAccesses, watchAhead } from '../../lib/domain/enforcement/breaches/watch-accesses';
import { NO_AGREEMENT } from '../../lib/domain/enforcement/policies/describe-refusal';
import { isAnswered } from '../../lib/domain/registry/breach-name';
import type { BreachReport } from '../../lib/domain/registry/breach-report';
import type { BreachRecord } from '../../lib/domain/registry/conduct-records';
import { decisionsSince } from '../../lib/domain/registry/decisions-since';
import type { UsageRecord } from '../../lib/domain/registry/door-records';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/registry/read-conduct';
import { readPlans } from '../../lib/domain/registry/read-plans';
import { RecordUnreadable } from '../../lib/domain/registry/record-unreadable';
import { lastDayOf } from '../../lib/domain/registry/registered-agreement';
import type { Registry } from '../../lib/domain/registry/registry';
import type { Log } from '../shared/log';

export interface Watcher {
  readonly registry: Registry;
  readonly room: RoomPlaces;
  /** What the ledger has come to. */
  readonly head: () => Promise<Checkpoint>;
  readonly read: (from: number, size: number) => Promise<readonly Access[]>;
  /** The newest entries of some hours: at most so many, wherever they are in a ledger of that size. */
  readonly readNewest: (size: number, hours: Hours, most: number) => Promise<readonly LedgerAccess[]>;
  /** Tells the room of a breach: those in alarms, and whoever changes what is granted. */
  readonly announce: (report: BreachReport) => Promise<void>;
  /**
   * Puts the ledger's checkpoint of a size into the outboxes of an agreement's parties.
   * @returns false where none is signed yet
   */
  readonly show: (plan: Plan, size: number) => Promise<boolean>;
  /** The same, into those of all parties of all agreements. */
  readonly showAll: (size: number) => Promise<boolean>;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
}

/** UTC, ISO 8601. */
interface Hours {
  readonly from: string;
  readonly to: string;
}

/** The stream could not be looked at for some agreements; for the others it was. */
class NotWatched extends Error {
  override readonly name = 'NotWatched';
}

/** How far back an agreement looks that has not looked yet: its own accesses are younger than itself. */
const FIRST_LOOK = 5000;

/** The most entries that one look reads; after a time of many it takes several to have come to the end. */
const LONGEST_LOOK = 20_000;

/** Until it has, the newest are looked at before their turn: so many, of the last hours. */
const [MOST_AHEAD, HOURS_AHEAD] = [10_000, 6];
const HOUR_MS = 60 * 60 * 1000;
/** What could not be looked at, where it is not of one agreement. */
const NEWEST = 'the newest, before their turn';

/**
 * Looks at what the ledger has beyond what was counted, for every agreement: what breaks it goes on record once, and is told.
 * Where nothing is new that costs two reads.
 * @throws NotWatched so that it is alarmed on
 */
export async function watchRoom(watcher: Watcher): Promise<void> {
  const { registry, log } = watcher;
  const head = await watcher.head();
  const { size } = head;
  const whole = (await registry.usage(NO_AGREEMENT).read()) ?? startUsage(NO_AGREEMENT, 0);
  await beginMonth(watcher, head, whole);
  if (whole.position >= size) return;
  const { known, unread } = await readAgreements(watcher);
  const agreements = known.flatMap(({ inForce }) => inForce);
  // Most agreements have come as far as one another.
  const read = new Map<number, readonly Access[]>();
  const readFrom = async (position: number) => {
    const entries = read.get(position) ?? (await watcher.read(position, Math.min(size, position + LONGEST_LOOK)));
    read.set(position, entries);
    return entries;
  };
  const positions: number[] = [];
  const failed: string[] = [...unread];
  let newest: readonly LedgerAccess[] | undefined;
  const readAhead = async (position: number) => {
    if (size - position <= LONGEST_LOOK) return [];
    newest ??= await watcher.readNewest(size, lastHours(watcher.now()), MOST_AHEAD).catch((error: unknown) => {
      // All have their turn, whatever cannot be seen before it.
      failed.push(NEWEST);
      log.error('Newest accesses not looked at before their turn', { error: messageOf(error) });
      return [];
    });
    return newest;
  };
  for (const { on } of known) {
    const { agreement } = on.current;
    try {
      const usage = (await registry.usage(agreement).read()) ?? startUsage(agreement, Math.max(0, size - FIRST_LOOK));
      const entries = await readFrom(usage.position);
      const ahead = await readAhead(usage.position);
      positions.push(await watchAgreement(watcher, on, usage, { entries, ahead, size }, agreements));
    } catch (error) {
      failed.push(agreement);
      log.error('Accesses not looked at', { agreement, error: messageOf(error) });
    }
  }
  if (failed.length > 0) throw new NotWatched(`Not looked at: ${failed.join(', ')}.`);
  const { checkpoint: _, ...counted } = whole;
  await keep(registry, { ...counted, position: Math.min(size, ...positions) });
}

/**
 * At the first look of a month everybody is shown the same checkpoint, and it goes on record: letters tell of it. Where it is not
 * signed yet, the next look tries again.
 */
async function beginMonth({ registry, showAll, now }: Watcher, head: Checkpoint, { checkpoint }: UsageRecord) {
  const month = now().slice(0, 7);
  if (head.size === 0 || checkpoint?.month === month || !(await showAll(head.size))) return;
  const begun = { month, origin: head.origin, size: head.size, root: formatBase64(head.root) };
  const usage = registry.usage(NO_AGREEMENT);
  if (await usage.create({ ...startUsage(NO_AGREEMENT, 0), checkpoint: begun })) return;
  await usage.change([], (before) =>
    before.checkpoint?.month === month ? undefined : { ...before, checkpoint: begun },
  );
}

/** Every agreement on record that can be read, with all its versions that were in force, for as long as anybody asks; and the others' ids. */
async function readAgreements({ registry, room, log }: Watcher) {
  const known: { readonly on: AgreementOnRecord; readonly inForce: readonly AgreementInForce[] }[] = [];
  const unread: string[] = [];
  for (const agreement of await registry.listAgreements()) {
    let on: AgreementOnRecord | undefined;
    try {
      on = await readConduct(registry, agreement);
    } catch (error) {
      if (!(error instanceof RecordUnreadable)) throw error;
      log.error('Accesses not looked at', { agreement, error: error.message });
      unread.push(agreement);
    }
    // On the list of agreements, and nothing more yet: it is being put on record.
    if (on === undefined) continue;
    const [plans, signatures, entitlements] = await Promise.all([
      readPlans(registry, agreement),
      registry.signatures(agreement).list(),
      registry.entitlements(agreement).list(),
    ]);
    const made = { ...on.current.provisioned, granted: listGranted(entitlements) };
    const inForce = leaveLastOpen(listSignedVersions(plans, signatures, on.current)).map((version) =>
      placeAgreement(version, room, made),
    );
    known.push({ on, inForce });
  }
  return { known, unread };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

function lastHours(now: string): Hours {
  const [from, to] = [-HOURS_AHEAD * HOUR_MS, HOUR_MS].map((by) => new Date(Date.parse(now) + by).toISOString());
  return { from: from ?? now, to: to ?? now };
}

interface Look {
  /** From where it is counted. */
  readonly entries: readonly Access[];
  /** Before their turn, where there are more than one look takes. */
  readonly ahead: readonly LedgerAccess[];
  /** Entries in the ledger. */
  readonly size: number;
}

/** @returns up to where it is counted now */
async function watchAgreement(
  { registry, room, announce, show, now, log }: Watcher,
  { plan, conduct }: AgreementOnRecord,
  usage: UsageRecord,
  { entries, ahead, size }: Look,
  agreements: readonly AgreementInForce[],
): Promise<number> {
  const agreement = plan.agreement.id;
  const grounds = {
    plan,
    breaches: conduct.breaches,
    lastDay: lastDayOf(plan, conduct),
    agreements,
    roomAccounts: new Set([room.account]),
    bucketOwners: new Map([room.landingBucket, room.lakeBucket].map((bucket) => [bucket, room.account])),
    goesOn: size - usage.position > LONGEST_LOOK,
    now: now(),
  };
  const look = (decisions: readonly RecordedDecision[]) => {
    const inTurn = watchAccesses(entries, usage, { ...grounds, decisions });
    const before = ahead.length === 0 ? [] : watchAhead(ahead, usage, { ...grounds, decisions });
    return { ...inTurn, reports: [...inTurn.reports, ...before] };
  };
  const seen = [...entries, ...ahead.map(({ access }) => access)];
  // Without decisions every access of a party's is one that nobody decided: where there is none, they need not be read.
  // Not so where links were used: whose they are the decisions tell.
  const atFirst = look([]);
  const {
    reports,
    usage: next,
    counted,
  } = atFirst.reports.length === 0 && seen.every(({ joins }) => joins.link === undefined)
    ? atFirst
    : look(listRecordedDecisions(plan, await readDecisions(registry, agreement, seen)));
  for (const report of reports.filter((each) => !isTold(each, conduct.breaches))) {
    const breach = await recordBreach(registry, report);
    if (breach.announcedAt !== undefined) continue;
    await announce({ ...report, report: breach.report });
    await registry.breaches(agreement).change([breach.report], (record) => ({ ...record, announcedAt: now() }));
    const { kind, party = 'not named', clause } = breach;
    log.warn('Breach found in the stream of accesses', { agreement, breach: kind, party, clause });
  }
  if (next.position === usage.position) return next.position;
  // Whose accesses are entered is shown what the ledger has come to. Until it can be, they count as not looked at.
  if (counted > 0 && !(await show(plan, size))) {
    log.info('The ledger’s checkpoint is not signed yet: the next look goes on', { agreement, size });
    return usage.position;
  }
  await keep(registry, next);
  return next.position;
}

/** Whether it is on record, told, and all that shows it with it. */
function isTold({ report, evidence = [] }: BreachReport, breaches: readonly BreachRecord[]): boolean {
  const known = breaches.find((breach) => breach.report === report);
  if (known?.announcedAt === undefined || isAnswered(known)) return false;
  return known.evidence.length >= MAX_EVIDENCE || evidence.every((id) => known.evidence.includes(id));
}

/** What stands, and what was asked in the days before the first of these accesses: a session or a link is used by then. */
async function readDecisions(registry: Registry, agreement: string, entries: readonly Access[]) {
  const since = decisionsSince(entries.map(({ at }) => at));
  const [standing, asked] = await Promise.all([
    registry.standing(agreement).list(),
    registry.decisions(agreement).list(since),
  ]);
  return [...standing, ...asked];
}

function startUsage(agreement: string, position: number): UsageRecord {
  return { agreement, position, days: [], periods: [] };
}

/** It only goes on: a slower look that ends later undoes nothing. */
async function keep(registry: Registry, usage: UsageRecord): Promise<void> {
  if (await registry.usage(usage.agreement).create(usage)) return;
  await registry
    .usage(usage.agreement)
    .change([], (before) => (before.position < usage.position ? { ...before, ...usage } : undefined));
}
