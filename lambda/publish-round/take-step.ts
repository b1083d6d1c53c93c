import { findUnfair } from '../../lib/domain/exchange/fairness/find-unfair';
import { versionOfRound } from '../../lib/domain/exchange/peers/version-of-word';
import { isShownWhenFinal } from '../../lib/domain/exchange/rounds/list-shown-when-final';
import type { PublicationStep } from '../../lib/domain/exchange/rounds/plan-publication';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { ReleaseRecord, RoundRecord } from '../../lib/domain/registry/round-records';
import { decidePublication } from './decide-publication';
import { PublicationForbidden } from './publication-forbidden';
import type { Publisher, ReleaseChannel } from './publish-round';
import { readRound } from './read-round';
import { sayToPeers } from './speak-to-peers';
import { StepFailed } from './step-failed';
import type { VerifiedFile } from './verify-stored-release';

/** One call's work on a round. */
export interface Publishing {
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
 * One step of one round. It can be made again.
 * @returns false where it has to be asked again later
 */
export async function takeStep(publishing: Publishing, step: PublicationStep): Promise<boolean> {
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
    const files = verified.get(release.leg);
    if (files === undefined) throw new Error(`${release.leg} is made final and was not verified in this call.`);
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
  const unfair = findUnfair(versionOfRound(on, releases), round, releases);
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

function chooseChannel(
  { exchange, place }: Publisher,
  on: AgreementOnRecord,
  release: Pick<ReleaseRecord, 'leg' | 'version'>,
): ReleaseChannel {
  return isShownWhenFinal(on, release) ? exchange : place;
}

async function readRelease(registry: Registry, agreement: string, day: string, leg: string): Promise<ReleaseRecord> {
  const release = await registry.releases(agreement).read(day, leg);
  if (release === undefined) throw new StepFailed(`${leg}: its release of ${day} is not on record.`);
  return release;
}
