import type { AgreementOnRecord } from '../../lib/domain/enforcement/registry/read-conduct';
import type { Registry } from '../../lib/domain/enforcement/registry/registry';
import type { ReleaseRecord, RoundRecord } from '../../lib/domain/enforcement/registry/registry-records';
import { findUnfair } from '../../lib/domain/exchange/find-unfair';
import { type PeerSide, type PublicationStep, planPublication } from '../../lib/domain/exchange/plan-publication';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import { findLeg } from '../find-leg';
import type { Log } from '../log';
import { decidePublication } from './decide-publication';
import type { PeerLine } from './peer-line';
import { sayToPeers } from './speak-to-peers';
import type { Verification, VerifiedFile } from './verify-lying-release';

/** The way of delivery by which one leg's release leaves the escrow. Every step can be made again. */
export interface ReleaseChannel {
  /** Puts the release where it will be found, out of reach. */
  prepare(on: AgreementOnRecord, release: ReleaseRecord): Promise<Preparation>;
  /**
   * @param files as they were verified
   * @returns the revision that carries it, where there is one
   */
  finalise(on: AgreementOnRecord, release: ReleaseRecord, files: readonly VerifiedFile[]): Promise<string | undefined>;
  revoke(on: AgreementOnRecord, release: ReleaseRecord, reason: string): Promise<void>;
}

export type Preparation =
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
  /** How a peer's room speaks to the others. */
  readonly peers: PeerLine;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
}

export type Publication = 'published' | 'withheld' | 'waits' | 'preparing' | 'forbidden';

/** The agreement does not let it out now; it may later. */
class PublicationForbidden extends Error {
  override readonly name = 'PublicationForbidden';
}

/** A step that cannot succeed, now or later. */
class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/**
 * Takes a round out of the escrow whole, or not at all: all releases are prepared and verified before any is finalised, and
 * what was finalised is revoked where another cannot be. Called again after a crash it goes on from what is on record.
 */
export async function publishRound(publisher: Publisher, on: AgreementOnRecord, day: string): Promise<Publication> {
  const { registry, log, tell } = publisher;
  const agreement = on.current.agreement;
  const { round, releases } = await readRound(registry, agreement, day);
  const plan = planPublication(round, releases, await readPeerSide(registry, on, day));
  if (plan.kind === 'waits') return 'waits';
  try {
    const verified: VerifiedFiles = new Map();
    for (const step of plan.steps) if (!(await take(publisher, on, day, step, verified))) return 'preparing';
  } catch (error) {
    if (error instanceof PublicationForbidden) {
      log.warn('A round is not published', { agreement, round: day, reason: error.message });
      return 'forbidden';
    }
    if (!(error instanceof StepFailed)) throw error;
    log.error('A round cannot be published, and is taken back', { agreement, round: day, reason: error.message });
    for (const step of plan.compensation) await take(publisher, on, day, step, new Map(), error.message);
  }
  const ended = await readRound(registry, agreement, day);
  if (ended.round.state === 'open') return 'waits';
  await tell(ended.round, ended.releases);
  return ended.round.state === 'published' ? 'published' : 'withheld';
}

/** @returns false where it has to be asked again later */
async function take(
  publisher: Publisher,
  on: AgreementOnRecord,
  day: string,
  step: PublicationStep,
  verified: VerifiedFiles,
  reason = 'the round was withheld',
): Promise<boolean> {
  const { registry, now } = publisher;
  const agreement = on.current.agreement;
  const move = (from: readonly RoundRecord['state'][], to: RoundRecord['state'], why?: string) =>
    registry
      .rounds(agreement)
      .change([day], (round) =>
        from.includes(round.state)
          ? { ...withoutReason(round), state: to, at: now(), ...(why === undefined ? {} : { reason: why }) }
          : undefined,
      );
  switch (step.do) {
    case 'prepare': {
      const release = await readRelease(registry, agreement, day, step.leg);
      const prepared = await chooseChannel(publisher, on, release).prepare(on, release);
      if (prepared.kind === 'failed') throw new StepFailed(prepared.reason);
      return prepared.kind === 'prepared';
    }
    case 'verify':
      verified.set(step.leg, await verifyFiles(publisher, on, await readRelease(registry, agreement, day, step.leg)));
      return true;
    case 'promise':
      await sayToPeers(publisher, on, await readRelease(registry, agreement, day, step.leg), 'committed');
      return true;
    case 'commit': {
      const refusal = await decidePublication(publisher, agreement, day);
      if (refusal !== undefined) throw new PublicationForbidden(refusal);
      const { round, releases } = await readRound(registry, agreement, day);
      const unfair = findUnfair(on.plan, round, releases);
      if (unfair !== undefined) throw new StepFailed(unfair);
      await move(['open'], 'publishing');
      return true;
    }
    case 'finalise': {
      const release = await readRelease(registry, agreement, day, step.leg);
      // Where an earlier call verified it and broke off, somebody may have been there since.
      const files = verified.get(step.leg) ?? (await verifyFiles(publisher, on, release));
      const revision = await chooseChannel(publisher, on, release).finalise(on, release, files);
      await registry
        .releases(agreement)
        .change([day, step.leg], (each) =>
          each.state === 'prepared'
            ? { ...each, state: 'final', at: now(), ...(revision === undefined ? {} : { revision }) }
            : undefined,
        );
      return true;
    }
    case 'complete':
      await move(['publishing'], 'published');
      return true;
    case 'revoke': {
      const release = await readRelease(registry, agreement, day, step.leg);
      await chooseChannel(publisher, on, release).revoke(on, release, reason);
      await registry
        .releases(agreement)
        .change([day, step.leg], (each) =>
          each.state === 'revoked' ? undefined : { ...each, state: 'revoked', at: now() },
        );
      return true;
    }
    case 'withhold':
      await move(['open', 'publishing'], 'withheld', reason.slice(0, 2000));
      return true;
  }
}

/** By leg, what this call has verified. */
type VerifiedFiles = Map<string, readonly VerifiedFile[]>;

async function verifyFiles(
  { verify }: Publisher,
  on: AgreementOnRecord,
  release: ReleaseRecord,
): Promise<readonly VerifiedFile[]> {
  const { problems, files } = await verify(on, release);
  if (problems.length > 0) throw new StepFailed(`${release.leg}: ${problems.join('; ')}`);
  return files;
}

/** Why it waited is over when it moves on. */
function withoutReason({ reason: _, ...round }: RoundRecord): RoundRecord {
  return round;
}

function chooseChannel({ exchange, place }: Publisher, on: AgreementOnRecord, { leg }: ReleaseRecord): ReleaseChannel {
  const kind = findLeg(on, leg)?.via.kind;
  return kind === 'data-grant' || kind === 'product' ? exchange : place;
}

async function readPeerSide(
  registry: Registry,
  { plan, current }: AgreementOnRecord,
  day: string,
): Promise<PeerSide | undefined> {
  if (plan.side.kind !== 'peer') return undefined;
  const commitments = await registry.commitments(current.agreement).list();
  const promised = commitments.filter(({ round, says }) => round === day && says === 'committed');
  return { gives: plan.legs.map(({ id }) => id), promised: promised.map(({ leg }) => leg) };
}

async function readRound(registry: Registry, agreement: string, day: string) {
  const round = await registry.rounds(agreement).read(day);
  if (round === undefined) throw new Error(`${agreement} has no round of ${day}.`);
  const releases = (await registry.releases(agreement).list()).filter((release) => release.round === day);
  return { round, releases };
}

async function readRelease(registry: Registry, agreement: string, day: string, leg: string): Promise<ReleaseRecord> {
  const release = await registry.releases(agreement).read(day, leg);
  if (release === undefined) throw new StepFailed(`${leg}: its release of ${day} is not on record.`);
  return release;
}
