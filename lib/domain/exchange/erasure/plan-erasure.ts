import { addDuration } from '../../agreement/periods/duration';
import type { Plan, PlannedDataset, PlannedLeg } from '../../agreement/plan/plan';
import { nameAgain, nameOnce } from '../../registry/breach-name';
import type { BreachReport } from '../../registry/breach-report';
import type { Conduct } from '../../registry/conduct';
import type { ErasureRecord } from '../../registry/conduct-records';
import { toInstant } from '../../to-instant';
import { listFormerLegs } from '../entitlements/list-former-legs';
import { whenDestroyed } from '../entitlements/when-destroyed';
import { hasLeftEscrow } from '../rounds/has-left-escrow';

/** Who asks for what to be erased. Hashes and tokens only: the identifier stays where it was typed. */
interface ErasureRequest {
  readonly dataset: string;
  /** HMAC-SHA256 of the identifier under a key of its owner's, hexadecimal. */
  readonly subject: string;
  /** ARN of that key; absent: it is the owner's own, on this machine. */
  readonly key?: string;
  /** By leg, the subject's tokens: see `listTokenVersions`; none where the dataset releases none. */
  readonly tokens: Readonly<Record<string, readonly string[]>>;
  /** By leg, what its receiver is to know it by; absent: all know it by the record's own id. */
  readonly names?: Readonly<Record<string, string>>;
  readonly at: string;
}

/** What a receiver has still to erase a subject from. */
interface UnconfirmedErasure {
  readonly erasure: string;
  readonly party: string;
  readonly leg: string;
  readonly releases: readonly string[];
  /** UTC, ISO 8601. */
  readonly deadline: string;
  readonly overdue: boolean;
}

/** What came out, and what of it its receivers have attested to be destroyed: of that nobody has to be erased any more. */
export type Released = Pick<Conduct, 'releases' | 'attestations' | 'releaseAttestations'>;

/** How long a receiver has to say that it is done: the month of GDPR, article 12 (3). */
const ERASURE_TIME = 'P1M';

/** The same subject of the same dataset has the same name, however often it is asked for. */
export function nameErasure({ dataset, subject }: Pick<ErasureRequest, 'dataset' | 'subject'>): string {
  return `erasure-${dataset}-${subject.slice(0, 16)}`;
}

/** What the receiver of a leg knows an erasure by. */
export function nameTold({ id }: Pick<ErasureRecord, 'id'>, { erasure = id }: Pick<Receiver, 'erasure'>): string {
  return erasure;
}

/** The erasure that a receiver means, and what it is to its leg; undefined where it was told of none by that name. */
export function findTold(erasures: readonly ErasureRecord[], name: string, leg: string) {
  for (const erasure of erasures)
    for (const receiver of erasure.receivers)
      if (receiver.leg === leg && nameTold(erasure, receiver) === name) return { erasure, receiver };
  return undefined;
}

/** Versions of the dataset whose releases a leg has had, each with tokens of its own: that in force first. */
export function listTokenVersions(
  { version }: { readonly version: number },
  leg: string,
  { releases }: Pick<Conduct, 'releases'>,
): readonly number[] {
  const earlier = releases.flatMap((each) => (each.leg === leg ? (each.datasetVersion ?? []) : []));
  return [version, ...[...new Set(earlier)].filter((each) => each !== version).sort((a, b) => b - a)];
}

/** Legs by which a dataset is given, and those by which it was: a leg that was left out since has receivers all the same. */
export function listLegsOf(plan: Plan, { earlier }: Pick<Conduct, 'earlier'>, dataset: string): readonly PlannedLeg[] {
  const former = listFormerLegs(plan, earlier).map(({ leg }) => leg);
  return [...plan.legs, ...former].filter((leg) => leg.dataset === dataset);
}

/** A dataset that is given, or was by an earlier version, as the last version says it that has it. */
export function findErasable(
  plan: Plan,
  { earlier }: Pick<Conduct, 'earlier'>,
  id: string,
): PlannedDataset | undefined {
  return [...earlier, plan].flatMap(({ datasets }) => datasets).findLast((dataset) => dataset.id === id);
}

/** Every release that may hold the subject, and who has to erase it from there. */
export function planErasure(
  plan: Plan,
  { releases, earlier }: Pick<Conduct, 'releases' | 'earlier'>,
  request: ErasureRequest,
): ErasureRecord {
  const { dataset, subject, key, tokens, names = {}, at } = request;
  return {
    id: nameErasure(request),
    agreement: plan.agreement.id,
    dataset,
    subject,
    ...(key === undefined ? {} : { key }),
    requestedAt: at,
    // By whole days: the moment of the request would tell two receivers that they are asked for the same person.
    deadline: toInstant(addDuration(at.slice(0, 10), ERASURE_TIME)),
    receivers: listLegsOf(plan, { earlier }, dataset).map(({ id: leg, to: party }) => ({
      ...(names[leg] === undefined ? {} : { erasure: names[leg] }),
      leg,
      party,
      tokens: [...(tokens[leg] ?? [])],
      releases: releases.filter((release) => release.leg === leg).map(({ round }) => round),
      confirmations: [],
    })),
  };
}

/**
 * A release that was made of what was delivered before the erasure was known of: it holds the subject too.
 * @returns undefined where that is on record
 */
export function addRelease(erasure: ErasureRecord, leg: string, round: string): ErasureRecord | undefined {
  const isNews = erasure.receivers.some((each) => each.leg === leg && !each.releases.includes(round));
  if (!isNews) return undefined;
  const receivers = erasure.receivers.map((each) =>
    each.leg === leg ? { ...each, releases: [...each.releases, round].sort() } : each,
  );
  return { ...erasure, receivers };
}

/**
 * A release without the subject, in whose place one may have waited that held it when the erasure was asked for: nobody has had that.
 * @returns undefined where it is not on record
 */
export function dropRelease(erasure: ErasureRecord, leg: string, round: string): ErasureRecord | undefined {
  if (!isListed(erasure, leg, round)) return undefined;
  const receivers = erasure.receivers.map((each) =>
    each.leg === leg ? { ...each, releases: each.releases.filter((day) => day !== round) } : each,
  );
  return { ...erasure, receivers };
}

/** Whether the receiver of a leg is to erase the subject from a round's release, once that is out. */
export function isListed({ receivers }: ErasureRecord, leg: string, round: string): boolean {
  return receivers.some((each) => each.leg === leg && each.releases.includes(round));
}

/** What a receiver says, signed: from which releases the subject is erased. */
export type ErasureConfirmation = Omit<Receiver['confirmations'][number], 'at'>;

/**
 * A receiver says that the subject is erased from releases that it has had by a leg. What has not left the escrow it cannot
 * have had, and says nothing of.
 * @returns undefined where it has said so, or has not had them
 */
export function confirmErasure(
  erasure: ErasureRecord,
  leg: string,
  confirmation: ErasureConfirmation,
  released: Released,
  now: string,
): ErasureRecord | undefined {
  const receivers = erasure.receivers.map((each) => {
    const open = each.leg === leg ? listOpen(each, released) : [];
    const isNews = confirmation.releases.some((day) => open.includes(day));
    if (!isNews || !hasHad(each, confirmation.releases, released)) return each;
    return { ...each, confirmations: [...each.confirmations, { ...confirmation, at: now }] };
  });
  return receivers.every((each, index) => each === erasure.receivers[index]) ? undefined : { ...erasure, receivers };
}

/** Whether all of these have come to the receiver. */
export function hasHad(receiver: Receiver, days: readonly string[], released: Pick<Conduct, 'releases'>): boolean {
  const out = listOut(receiver, released);
  return days.every((day) => out.includes(day));
}

/** Receivers that had the subject and have not said that it is gone, and whether their time is over. */
export function listUnconfirmed(
  erasures: readonly ErasureRecord[],
  released: Released,
  now: string,
): readonly UnconfirmedErasure[] {
  return erasures.flatMap((erasure) =>
    erasure.receivers.flatMap((receiver): readonly UnconfirmedErasure[] => {
      const rest = listOpen(receiver, released);
      if (rest.length === 0) return [];
      const { party, leg } = receiver;
      const due = Math.min(...rest.map((day) => dueAt(erasure, leg, day, released)));
      const deadline = new Date(due).toISOString();
      const overdue = Date.parse(now) >= due;
      return [{ erasure: nameTold(erasure, receiver), party, leg, releases: rest, deadline, overdue }];
    }),
  );
}

/**
 * Receivers that did not say in time that a subject is erased, one report for each leg, and who has said it since, or that all
 * of the release is destroyed. Who said it and then had the subject by another release, and is late with that, is in breach anew.
 */
export function judgeErasures(
  plan: Plan,
  erasures: readonly ErasureRecord[],
  { breaches, ...released }: Released & Pick<Conduct, 'breaches'>,
  now: string,
) {
  const open = listUnconfirmed(erasures, released, now);
  const agreement = plan.agreement.id;
  const overdue = open
    .filter((each) => each.overdue)
    .map(({ erasure, party, leg, deadline: since }): BreachReport => {
      const report = nameReport(erasure, leg, breaches);
      return { report, agreement, breach: 'overdue-destruction', party, leg, since, reportedAt: now };
    });
  const confirmed = erasures.flatMap((erasure) =>
    erasure.receivers.flatMap((receiver) => {
      const { leg } = receiver;
      const id = nameTold(erasure, receiver);
      const at = whenLastSaid(receiver, released);
      const isOpen = open.some((each) => each.erasure === id && each.leg === leg && each.overdue);
      const report = nameReport(id, leg, breaches);
      const breach = breaches.find((each) => each.report === report);
      // What it said before its time was over was of other releases.
      const isSaid = !isOpen && at !== undefined && breach !== undefined && Date.parse(at) >= Date.parse(breach.since);
      return isSaid ? [{ report, at }] : [];
    }),
  );
  return { overdue, confirmed };
}

/** Digests that hang on one key. */
export interface ErasedUnderKey {
  /** Absent: the owner's own, on this machine. */
  readonly key?: string;
  readonly digests: readonly string[];
}

/** The subjects that a dataset's next deliveries are to be cleaned of. */
export function listErased(erasures: readonly ErasureRecord[], dataset: string): readonly ErasedUnderKey[] {
  const asked = erasures.filter((erasure) => erasure.dataset === dataset);
  return [...new Set(asked.map(({ key }) => key))].map((key) => ({
    ...(key === undefined ? {} : { key }),
    digests: asked.filter((each) => each.key === key).map(({ subject }) => subject),
  }));
}

type Receiver = ErasureRecord['receivers'][number];

/** Rounds that the receiver has not erased the subject from, nor destroyed whole. */
function listOpen(receiver: Receiver, released: Released): readonly string[] {
  const done = receiver.confirmations.flatMap(({ releases }) => releases);
  return listOut(receiver, released).filter(
    (day) => !done.includes(day) && whenDestroyed(receiver.leg, day, released) === undefined,
  );
}

/** When the receiver last said of any of its releases that the subject, or all of it, is gone. */
function whenLastSaid({ leg, releases, confirmations }: Receiver, released: Released): string | undefined {
  const destroyed = releases.flatMap((day) => whenDestroyed(leg, day, released) ?? []);
  return [...confirmations.map(({ at }) => at), ...destroyed].toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}

/** Rounds that may hold the subject and that have left the escrow. */
function listOut({ leg, releases }: Receiver, released: Pick<Conduct, 'releases'>): readonly string[] {
  return releases.filter((day) =>
    released.releases.some((each) => each.leg === leg && each.round === day && hasLeftEscrow(each)),
  );
}

/** Nobody erases what it has not got: of what comes out after the request, the month begins then. Milliseconds. */
function dueAt({ deadline }: ErasureRecord, leg: string, day: string, { releases }: Pick<Conduct, 'releases'>): number {
  const release = releases.find((each) => each.leg === leg && each.round === day);
  const out = release?.state === 'final' ? Date.parse(addDuration(release.at, ERASURE_TIME)) : 0;
  return Math.max(Date.parse(deadline), out);
}

/** Of the breach that is on record and not over, or else of one that would be new. */
function nameReport(erasure: string, leg: string, breaches: Conduct['breaches']): string {
  const base = `not-erased:${erasure}:${leg}`;
  const over = breaches.filter(({ report, resolvedAt }) => nameOnce(report) === base && resolvedAt !== undefined);
  return nameAgain(base, over.length + 1);
}
