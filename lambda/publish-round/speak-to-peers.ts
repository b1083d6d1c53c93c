import { findHeldKey } from '../../lib/domain/agreement/signing-rules';
import { draftCommitment, writeCommitment } from '../../lib/domain/exchange/peers/commitment';
import { listHeard } from '../../lib/domain/exchange/peers/list-heard';
import { listMissingPeers, listSilentPeers } from '../../lib/domain/exchange/peers/list-missing-peers';
import { withFormerLegs } from '../../lib/domain/exchange/peers/with-former-legs';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { Commitment, ReleaseRecord } from '../../lib/domain/registry/round-records';
import type { Log } from '../shared/log';
import type { PeerLine, SaidOfRelease } from './peer-line';

export interface PeerSpeaker {
  readonly registry: Registry;
  readonly peers: PeerLine;
  readonly now: () => string;
  readonly log: Log;
}

/** A party's room did not take what this one said. It is said again. */
export class PeerNotTold extends Error {
  override readonly name = 'PeerNotTold';
}

/** By the agreement, the party has another key than this room signs with. */
class OtherSigningKey extends Error {
  override readonly name = 'OtherSigningKey';
}

/**
 * Says to all other peers' rooms that a release is ready, or granted: signed once, on record before it is sent. Said again, the
 * same is sent.
 * @throws OtherSigningKey, PeerNotTold
 */
export async function sayToPeers(
  { registry, peers, now, log }: PeerSpeaker,
  on: AgreementOnRecord,
  release: ReleaseRecord,
  says: Commitment['says'],
): Promise<void> {
  const commitments = registry.commitments(on.current.agreement);
  const { round, leg } = release;
  const commitment = (await commitments.read(round, leg, says)) ?? (await sign(peers, on, release, says, now()));
  await commitments.create(commitment);
  const kept = (await commitments.read(round, leg, says)) ?? commitment;
  log.info('Said to the other rooms', { agreement: on.current.agreement, leg, round, says });
  const equivocations = await registry.equivocations(on.current.agreement).list();
  const heard = listHeard(on.plan, await commitments.list(), equivocations, round);
  await sendAll({ peers, log }, on, listOthers(on), [{ commitment: kept, release, heard }], false);
}

/**
 * What is left to say of the rounds of an agreement: that own legs are granted, to whoever asked what this room has said, and,
 * where a party's word is missing, the same once more with the question. To a party that gives nothing in the round, and cannot ask
 * with a word of its own, it is said again for some days.
 * @param asked whose event asked for which round
 * @param isTime whether to ask at all: not with every event
 * @throws OtherSigningKey, PeerNotTold
 */
export async function speakToPeers(
  speaker: PeerSpeaker,
  on: AgreementOnRecord,
  asked: { readonly round: string; readonly party: string } | undefined,
  isTime: boolean,
): Promise<void> {
  const { registry } = speaker;
  const { agreement } = on.current;
  const commitments = await registry.commitments(agreement).list();
  const equivocations = await registry.equivocations(agreement).list();
  const entitlements = await registry.entitlements(agreement).list();
  const seen = await registry.seenGrants(agreement).list();
  const { legs } = withFormerLegs(on);
  for (const round of on.conduct.rounds) {
    const { day } = round;
    const said = commitments.filter((each) => each.round === day);
    const own = on.conduct.releases.filter((each) => each.round === day && legs.some(({ id }) => id === each.leg));
    const mine = said.flatMap((commitment) => {
      const release = own.find(({ leg }) => leg === commitment.leg);
      return release === undefined
        ? []
        : [{ commitment, release, heard: listHeard(on.plan, said, equivocations, day) }];
    });
    for (const release of own.filter(({ leg }) => on.plan.legs.some(({ id }) => id === leg))) {
      const isGranted = entitlements.some(
        ({ leg, state, releases }) => leg === release.leg && state === 'granted' && releases.includes(day),
      );
      const has = (says: Commitment['says']) =>
        mine.some(({ commitment }) => commitment.leg === release.leg && commitment.says === says);
      if (isGranted && has('committed') && !has('granted')) await sayToPeers(speaker, on, release, 'granted');
    }
    if (asked?.round === day && listOthers(on).includes(asked.party))
      await sendAll(speaker, on, [asked.party], mine, false);
    if (!isTime) continue;
    await sendAll(speaker, on, listMissingPeers(on, round, commitments, seen, speaker.now()), mine, true);
    const words = mine.map(({ commitment }) => commitment);
    await sendAll(speaker, on, listSilentPeers(on, round, words, speaker.now()), mine, false);
  }
}

export function listOthers({ plan }: AgreementOnRecord): readonly string[] {
  const { side } = plan;
  return plan.parties.map(({ id }) => id).filter((id) => side.kind === 'peer' && id !== side.party);
}

/** One that cannot be told does not keep the others from it. */
async function sendAll(
  { peers, log }: Pick<PeerSpeaker, 'peers' | 'log'>,
  on: AgreementOnRecord,
  parties: readonly string[],
  said: readonly SaidOfRelease[],
  asks: boolean,
): Promise<void> {
  const failed = new Set<string>();
  for (const party of parties)
    for (const each of said) {
      try {
        await peers.send(on, party, each, asks);
      } catch (error) {
        failed.add(party);
        const why = error instanceof Error ? error.message : 'unknown';
        log.error('Another room was not told', { agreement: on.current.agreement, party, error: why });
      }
    }
  if (failed.size > 0) throw new PeerNotTold(`Not told: ${[...failed].join(', ')}.`);
}

async function sign(
  peers: PeerLine,
  on: AgreementOnRecord,
  release: ReleaseRecord,
  says: Commitment['says'],
  at: string,
): Promise<Commitment> {
  const draft = draftCommitment(on, release, says, at);
  return { ...draft, ...(await signAsParty(peers, on, draft.from, writeCommitment(draft))) };
}

/** @throws OtherSigningKey */
export async function signAsParty(
  peers: PeerLine,
  { plan, conduct }: AgreementOnRecord,
  party: string,
  message: Uint8Array,
): Promise<Pick<Commitment, 'algorithm' | 'publicKey' | 'signature'>> {
  const { algorithm, publicKey, sign: signMessage } = await peers.signer();
  // As the other rooms will: by the version in force, which may name another key than it was signed with.
  if (findHeldKey(plan, conduct.signatures, party) !== publicKey)
    throw new OtherSigningKey(
      `By version ${plan.agreement.version} of ${plan.agreement.id} another key than this room's is the one of ${party}. Sign, or name as its signingKey, the room's key, else no other room believes what it says.`,
    );
  return { algorithm, publicKey, signature: await signMessage(message) };
}
