import { findAmended } from '../../lib/domain/exchange/find-amended';
import { findUnfair } from '../../lib/domain/exchange/find-unfair';
import { listFormerLegs } from '../../lib/domain/exchange/list-former-legs';
import {
  describeAmended,
  type PeerSide,
  type PublicationStep,
  planPublication,
} from '../../lib/domain/exchange/plan-publication';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { ReleaseRecord, RoundRecord } from '../../lib/domain/registry/round-records';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import type { Log } from '../shared/log';
import { decidePublication } from './decide-publication';
import { dismissWorkflows } from './dismiss-workflows';
import type { PeerLine } from './peer-line';
import { sayToPeers } from './speak-to-peers';
import { StepFailed } from './step-failed';
import type { Verification, VerifiedFile } from './verify-lying-release';
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

/** The agreement does not let it out now; it may later. */
class PublicationForbidden extends Error {
  override readonly name = 'PublicationForbidden';
}

/**
 * Takes a round out of the escrow whole, or not at all: all releases are prepared and verified before any is finalised, and
 * what was finalised is revoked where another cannot be. Called again after a crash it goes on from what is on record.
 */
export async function publishRound(publisher: Publisher, on: AgreementOnRecord, day: string): Promise<Publication> {
  const { registry, log, tell } = publisher;
  const agreement = on.current.agreement;
  const { round, known, releases } = await readRound(registry, agreement, day);
  const amended = findAmended(on.plan, on.conduct, round, known);
  for (const release of releases) await dismissWorkflows(publisher, on, release, known);
  const plan = planPublication(round, known, amended, await readPeerSide(registry, on, day));
  if (plan.kind === 'waits') {
    if (amended.outdated.length > 0) await sayWhyItWaits(publisher, round, describeAmended(amended));
    return 'waits';
  }
  // What was begun to be taken back by an earlier call is, for the reason that it had.
  const reason = plan.reason ?? (round.state === 'open' ? undefined : round.reason);
  const places = new Map(releases.map(({ leg, place }) => [leg, place]));
  const publishing: Publishing = {
    publisher,
    on,
    day,
    places,
    verified: new Map(),
    ...(reason !== undefined && { reason }),
  };
  try {
    if (!(await takeAll(publishing, plan.steps))) return 'preparing';
  } catch (error) {
    if (error instanceof PublicationForbidden) {
      log.warn('A round is not published', { agreement, round: day, reason: error.message });
      return 'forbidden';
    }
    const why = plan.kind === 'take-back' ? undefined : whyTakenBack(error, round, publisher.now());
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

/** One call's work on a round. */
interface Publishing {
  readonly publisher: Publisher;
  readonly on: AgreementOnRecord;
  readonly day: string;
  /** By leg, where the releases lie that this call is about. */
  readonly places: ReadonlyMap<string, string>;
  /** By leg, what this call has verified. */
  readonly verified: Map<string, readonly VerifiedFile[]>;
  /** Why it is taken back, where it is. */
  readonly reason?: string;
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
      if (await take(publishing, step)) continue;
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

/** @returns false where it has to be asked again later */
async function take(publishing: Publishing, step: PublicationStep): Promise<boolean> {
  const { registry } = publishing.publisher;
  const { on, day } = publishing;
  const agreement = on.current.agreement;
  switch (step.do) {
    case 'commit':
      return commit(publishing);
    case 'complete':
      return moveRound(publishing, ['publishing'], 'published');
    case 'withhold':
      return moveRound(publishing, ['open', 'publishing'], 'withheld', reasonOf(publishing).slice(0, 2000));
    default: {
      const release = await readRelease(registry, agreement, day, step.leg);
      // A newer delivery has taken its place: what was prepared and verified is not it.
      if (release.place !== publishing.places.get(step.leg)) return false;
      return TAKE[step.do](publishing, release);
    }
  }
}

/** What is done with one leg's release. */
const TAKE: Record<
  Extract<PublicationStep, { readonly leg: string }>['do'],
  (publishing: Publishing, release: ReleaseRecord) => Promise<boolean>
> = {
  async prepare({ publisher, on }, release) {
    const prepared = await chooseChannel(publisher, on, release).prepare(on, release);
    if (prepared.kind === 'failed') throw new StepFailed(prepared.reason);
    return prepared.kind === 'prepared';
  },
  async verify({ publisher, on, verified }, release) {
    verified.set(release.leg, await verifyFiles(publisher, on, release));
    return true;
  },
  async promise({ publisher, on }, release) {
    if (!(await seal(publisher, release))) return false;
    await sayToPeers(publisher, on, release, 'committed');
    return true;
  },
  async finalise({ publisher, on, verified }, release) {
    // Where an earlier call verified it and broke off, somebody may have been there since.
    const files = verified.get(release.leg) ?? (await verifyFiles(publisher, on, release));
    const revision = await chooseChannel(publisher, on, release).finalise(on, release, files);
    await changeRelease(publisher, release, (each) =>
      each.state === 'prepared'
        ? { ...each, state: 'final', at: publisher.now(), ...(revision === undefined ? {} : { revision }) }
        : undefined,
    );
    return true;
  },
  async revoke(publishing, release) {
    const { publisher, on } = publishing;
    if (!(await chooseChannel(publisher, on, release).revoke(on, release, reasonOf(publishing)))) return false;
    await changeRelease(publisher, release, (each) =>
      each.state === 'revoked' ? undefined : { ...each, state: 'revoked', at: publisher.now() },
    );
    return true;
  },
};

async function commit(publishing: Publishing): Promise<boolean> {
  const { publisher, on, day, places } = publishing;
  const agreement = on.current.agreement;
  const refusal = await decidePublication(publisher, agreement, day);
  if (refusal !== undefined) throw new PublicationForbidden(refusal);
  // What other rooms promised lies with them.
  for (const [leg, place] of places)
    if (place !== '' && !(await seal(publisher, { agreement, round: day, leg, place }))) return false;
  const { round, releases } = await readRound(publisher.registry, agreement, day);
  const unfair = findUnfair(on.plan, round, releases);
  if (unfair !== undefined) throw new StepFailed(unfair);
  return moveRound(publishing, ['open'], 'publishing');
}

/** From here on none takes its place; false where one has by now. */
async function seal(
  { registry, now }: Publisher,
  { agreement, round, leg, place }: Pick<ReleaseRecord, 'agreement' | 'round' | 'leg' | 'place'>,
): Promise<boolean> {
  const sealed = await registry
    .releases(agreement)
    .change([round, leg], (each) =>
      each.place === place && each.state === 'prepared' && each.sealed === undefined
        ? { ...each, sealed: now() }
        : undefined,
    );
  return sealed?.place === place;
}

async function moveRound(
  { publisher: { registry, now }, on, day }: Publishing,
  from: readonly RoundRecord['state'][],
  to: RoundRecord['state'],
  reason?: string,
): Promise<true> {
  await registry
    .rounds(on.current.agreement)
    .change([day], (round) =>
      from.includes(round.state)
        ? { ...withoutReason(round), state: to, at: now(), ...(reason === undefined ? {} : { reason }) }
        : undefined,
    );
  return true;
}

async function changeRelease(
  { registry }: Publisher,
  { agreement, round, leg }: ReleaseRecord,
  next: (release: ReleaseRecord) => ReleaseRecord | undefined,
): Promise<void> {
  await registry.releases(agreement).change([round, leg], next);
}

function reasonOf({ reason = 'the round was withheld' }: Publishing): string {
  return reason;
}

async function verifyFiles(
  publisher: Publisher,
  on: AgreementOnRecord,
  release: ReleaseRecord,
): Promise<readonly VerifiedFile[]> {
  const { problems: found, files } = await publisher.verify(on, release);
  const problems = found.length > 0 ? found : await chooseChannel(publisher, on, release).compare(on, release, files);
  if (problems.length > 0) throw new StepFailed(`${release.leg}: ${problems.join('; ')}`);
  return files;
}

/** Why it waited is over when it moves on. */
function withoutReason({ reason: _, ...round }: RoundRecord): RoundRecord {
  return round;
}

/** Once it has what it waits for, it moves on, and the reason is gone. */
async function sayWhyItWaits({ registry, log }: Publisher, round: RoundRecord, reason: string): Promise<void> {
  const { agreement, day } = round;
  if (round.reason === reason) return;
  log.warn('A release does not go out: its leg is treated otherwise by now', { agreement, round: day, reason });
  await registry
    .rounds(agreement)
    .change([day], (each) => (each.state === 'open' ? { ...each, reason: reason.slice(0, 2000) } : undefined));
}

/** Of a round that is half out: where taking back takes several calls, it is withheld for what went wrong in the first. */
async function keepReason({ registry }: Publisher, { agreement, day }: RoundRecord, reason: string): Promise<void> {
  await registry
    .rounds(agreement)
    .change([day], (each) => (each.state === 'publishing' ? { ...each, reason: reason.slice(0, 2000) } : undefined));
}

/** As the version said it that the release was made by: what is left out since is taken back the way it went. */
function chooseChannel(
  { exchange, place }: Publisher,
  on: AgreementOnRecord,
  { leg, version }: ReleaseRecord,
): ReleaseChannel {
  const made = on.conduct.versions.find(({ plan }) => plan.agreement.version === version)?.plan ?? on.plan;
  const kind = made.legs.find(({ id }) => id === leg)?.via.kind;
  return kind === 'data-grant' || kind === 'product' ? exchange : place;
}

async function readPeerSide(
  registry: Registry,
  { plan, current, conduct }: AgreementOnRecord,
  day: string,
): Promise<PeerSide | undefined> {
  if (plan.side.kind !== 'peer') return undefined;
  const commitments = await registry.commitments(current.agreement).list();
  const promised = commitments.filter(({ round, says }) => round === day && says === 'committed');
  const legs = [...plan.legs, ...listFormerLegs(plan, conduct.earlier).map(({ leg }) => leg)];
  return { gives: legs.map(({ id }) => id), promised: promised.map(({ leg }) => leg) };
}

async function readRound(registry: Registry, agreement: string, day: string) {
  const round = await registry.rounds(agreement).read(day);
  if (round === undefined) throw new Error(`${agreement} has no round of ${day}.`);
  const known = await registry.releases(agreement).list();
  return { round, known, releases: known.filter((release) => release.round === day) };
}

async function readRelease(registry: Registry, agreement: string, day: string, leg: string): Promise<ReleaseRecord> {
  const release = await registry.releases(agreement).read(day, leg);
  if (release === undefined) throw new StepFailed(`${leg}: its release of ${day} is not on record.`);
  return release;
}
