import { listUnaccepted } from '../../lib/domain/exchange/peers/find-accepted';
import { findAmended, isSealedInVain } from '../../lib/domain/exchange/peers/find-amended';
import { withFormerLegs } from '../../lib/domain/exchange/peers/with-former-legs';
import { listShownWhenFinal } from '../../lib/domain/exchange/rounds/list-shown-when-final';
import {
  describeAmended,
  type PeerSide,
  type PublicationStep,
  planPublication,
} from '../../lib/domain/exchange/rounds/plan-publication';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { ReleaseRecord, RoundRecord } from '../../lib/domain/registry/round-records';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import type { Log } from '../shared/log';
import { dismissWorkflows } from './dismiss-workflows';
import type { PeerLine } from './peer-line';
import { PublicationForbidden } from './publication-forbidden';
import { readRound } from './read-round';
import { type Publishing, takeStep } from './take-step';
import type { Verification, VerifiedFile } from './verify-stored-release';
import { whyTakenBack } from './why-taken-back';

/** The way of delivery by which one leg's release leaves the escrow. Every step can be made again. */
export interface ReleaseChannel {
  /** Puts the release where it will be found, out of reach. */
  prepare(on: AgreementOnRecord, release: ReleaseRecord): Promise<Preparation>;
  /**
   * @param files as they were verified
   * @returns what speaks against that the release, as it was prepared, is of these files; empty where nothing does
   */
  compare(on: AgreementOnRecord, release: ReleaseRecord, files: readonly VerifiedFile[]): Promise<readonly string[]>;
  /**
   * @param files as they were verified
   * @returns the revision that carries it, where there is one
   */
  finalise(on: AgreementOnRecord, release: ReleaseRecord, files: readonly VerifiedFile[]): Promise<string | undefined>;
  /** @returns false where somebody else is still at work on it: ask again */
  revoke(on: AgreementOnRecord, release: ReleaseRecord, reason: string): Promise<boolean>;
}

type Preparation =
  | { readonly kind: 'prepared' }
  /** Somebody else is at work: ask again. */
  | { readonly kind: 'wait' }
  /** It never will be. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface Publisher {
  readonly registry: Registry;
  /** By which every leg's release is let out of the escrow, or not. */
  readonly policiesOf: RememberedPolicies;
  /** For data grants and products. */
  readonly exchange: ReleaseChannel;
  /** For every other way of delivery. */
  readonly place: ReleaseChannel;
  /** Holds the release as it lies there against its certificate. */
  readonly verify: (on: AgreementOnRecord, release: ReleaseRecord) => Promise<Verification>;
  /** Tells the workflows that wait, and the room, how the round ended. */
  readonly tell: (round: RoundRecord, releases: readonly ReleaseRecord[]) => Promise<void>;
  /** Ends a workflow that waits for a release that will not go out. */
  readonly dismiss: (token: string, reason: string) => Promise<void>;
  /** How a peer's room speaks to the others. */
  readonly peers: PeerLine;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
}

type Publication = 'published' | 'withheld' | 'waits' | 'preparing' | 'forbidden';

/**
 * Takes a round out of the escrow whole, or not at all: all releases are prepared and verified before any is finalised, and
 * what was finalised is revoked where another cannot be. Called again after a crash it goes on from what is on record.
 */
export async function publishRound(publisher: Publisher, on: AgreementOnRecord, day: string): Promise<Publication> {
  const { registry, log, tell } = publisher;
  const agreement = on.current.agreement;
  const { round, known, releases } = await readRound(registry, agreement, day);
  const peer = await readPeerSide(registry, on, round);
  const amended = findAmended(on.plan, on.conduct, round, known, peer && { ...peer, now: publisher.now() });
  for (const release of releases) {
    if (peer !== undefined && round.state === 'open') await unsealUnpromised(registry, on, release, peer);
    await dismissWorkflows(publisher, on, release, known);
  }
  const shown = listShownWhenFinal(on, releases);
  const shownLegs = shown.map(({ leg }) => leg);
  const plan = planPublication(round, known, amended, shownLegs, peer);
  if (plan.kind === 'waits') {
    await sayWhyItWaits(publisher, round, amended.outdated.length > 0 ? describeAmended(amended) : undefined);
    return 'waits';
  }
  // What an earlier call has found before anything was revoked is the reason, unless there is another by now.
  const reason = plan.reason ?? (plan.kind === 'take-back' ? round.reason : undefined);
  const places = new Map(releases.map(({ leg, place }) => [leg, place]));
  const publishing: Publishing = {
    publisher,
    on,
    day,
    places,
    verified: new Map(),
    ...(reason !== undefined && { reason }),
  };
  if (plan.kind === 'take-back' && plan.reason !== undefined) await keepReason(publisher, round, plan.reason);
  try {
    if (!(await takeAll(publishing, plan.steps))) return 'preparing';
  } catch (error) {
    if (error instanceof PublicationForbidden) {
      log.warn('A round is not published', { agreement, round: day, reason: error.message });
      return 'forbidden';
    }
    const seen = await listSeen(registry, shown);
    const goesOut = plan.kind !== 'take-back' && !isWholeOut(plan.steps, await readRound(registry, agreement, day));
    const why = goesOut ? whyTakenBack(error, round, seen, publisher.now()) : undefined;
    if (why === undefined) throw error;
    log.error('A round cannot be published, and is taken back', { agreement, round: day, reason: why });
    await keepReason(publisher, round, why);
    if (!(await takeAll({ ...publishing, reason: why }, plan.compensation))) return 'preparing';
  }
  const ended = await readRound(registry, agreement, day);
  if (ended.round.state === 'open') return 'waits';
  await tell(ended.round, ended.releases);
  return ended.round.state === 'published' ? 'published' : 'withheld';
}

/**
 * What other services do meanwhile is begun for every leg before it is waited for. One leg that cannot be taken back keeps no other
 * from it.
 * @returns false where it has to be asked again later
 */
async function takeAll(publishing: Publishing, steps: readonly PublicationStep[]): Promise<boolean> {
  const failures: unknown[] = [];
  let isWaiting = false;
  for (const step of steps) {
    if (isWaiting && step.do !== 'prepare') return false;
    if (failures.length > 0 && step.do !== 'revoke') break;
    try {
      if (await takeStep(publishing, step)) continue;
    } catch (error) {
      if (step.do !== 'revoke') throw error;
      failures.push(error);
      continue;
    }
    if (step.do !== 'prepare') return false;
    isWaiting = true;
  }
  if (failures.length > 0) throw failures[0];
  return !isWaiting;
}

/** What is left to do then is tried again: other rooms rely on it. */
function isWholeOut(steps: readonly PublicationStep[], { releases }: Awaited<ReturnType<typeof readRound>>): boolean {
  return steps.every(
    (step) => step.do !== 'finalise' || releases.some(({ leg, state }) => leg === step.leg && state === 'final'),
  );
}

/** Of what is seen by being final, that whose leg was given to its receiver, or was begun to be: before, nobody sees its data set. */
async function listSeen(registry: Registry, shown: readonly ReleaseRecord[]): Promise<readonly ReleaseRecord[]> {
  const [first] = shown;
  if (first === undefined) return [];
  const given = new Set((await registry.entitlements(first.agreement).list()).map(({ leg }) => leg));
  return shown.filter(({ leg }) => given.has(leg));
}

/** Once it has what it waits for, or that is not so any more, the reason is gone. @param found absent: nothing but what is missing */
async function sayWhyItWaits({ registry, log }: Publisher, round: RoundRecord, found?: string): Promise<void> {
  const { agreement, day } = round;
  const reason = found?.slice(0, 2000);
  if (round.reason === reason) return;
  if (reason !== undefined)
    log.warn('A release does not go out: its leg is treated otherwise by now', { agreement, round: day, reason });
  await registry
    .rounds(agreement)
    .change([day], ({ reason: _, ...each }) =>
      each.state === 'open' ? { ...each, ...(reason === undefined ? {} : { reason }) } : undefined,
    );
}

/** Where taking back takes several calls, the round is withheld for what the first of them found, though that call ended. */
async function keepReason({ registry }: Publisher, { agreement, day }: RoundRecord, found: string): Promise<void> {
  const reason = found.slice(0, 2000);
  await registry
    .rounds(agreement)
    .change([day], (each) =>
      (each.state === 'open' || each.state === 'publishing') && each.reason !== reason
        ? { ...each, reason }
        : undefined,
    );
}

/** An earlier call broke off before it had promised what it sealed. Nobody else is at work on it: calls come one at a time. */
async function unsealUnpromised(
  registry: Registry,
  { plan, conduct }: AgreementOnRecord,
  release: ReleaseRecord,
  { promised }: PeerSide,
): Promise<void> {
  if (!isSealedInVain(release, plan, conduct, promised)) return;
  const { agreement, round, leg } = release;
  await registry.releases(agreement).change([round, leg], ({ sealed: _, ...each }) => each);
}

async function readPeerSide(
  registry: Registry,
  { plan, current, conduct }: AgreementOnRecord,
  round: Pick<RoundRecord, 'day' | 'legs'>,
): Promise<PeerSide | undefined> {
  if (plan.side.kind !== 'peer') return undefined;
  const commitments = await registry.commitments(current.agreement).list();
  const promised = commitments.filter((each) => each.round === round.day && each.says === 'committed');
  const { legs } = withFormerLegs({ plan, conduct });
  const equivocations = await registry.equivocations(current.agreement).list();
  const unaccepted = listUnaccepted({ plan, conduct }, commitments, round, equivocations);
  return {
    gives: legs.map(({ id }) => id),
    promised: promised.map(({ leg }) => leg),
    unaccepted: unaccepted.map(({ id }) => id),
  };
}
