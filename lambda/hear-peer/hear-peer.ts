import { citeClause } from '../../lib/domain/agreement/plan/cite-clause';
import type { Sha256 } from '../../lib/domain/bytes';
import {
  type CommitmentFault,
  checkCommitment,
  type HeardCommitment,
} from '../../lib/domain/exchange/peers/commitment';
import { findAccepted, listPassedOn } from '../../lib/domain/exchange/peers/find-accepted';
import { findEquivocation } from '../../lib/domain/exchange/peers/find-equivocation';
import { type PeerEvent, readPeerEvent } from '../../lib/domain/exchange/peers/read-peer-event';
import { readToldBreach } from '../../lib/domain/exchange/peers/read-told-breach';
import { readToldCertificate } from '../../lib/domain/exchange/peers/read-told-certificate';
import type { DecisionRecord } from '../../lib/domain/registry/door-records';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { Commitment, CommitmentRecord } from '../../lib/domain/registry/round-records';
import { describeHearing } from './describe-hearing';
import { type BreachHearing, hearBreach } from './hear-breach';

interface PeerHearing extends BreachHearing {
  readonly sha256: Sha256;
  /** Tells the room that its round may go on; `asked`: the party that lacks this room's word. */
  readonly tell: (heard: PeerHeard) => Promise<void>;
}

interface PeerHeard {
  readonly agreement: string;
  readonly round: string;
  readonly asked?: string;
}

/**
 * Takes what another peer's room says of one of its releases, or of a breach: what holds is kept, what does not is refused. Either is
 * on record as a decision with its reason. Heard twice, nothing is different.
 */
export async function hearPeer(event: unknown, hearing: PeerHearing): Promise<void> {
  const { registry, record, verify, sha256, tell, now, log } = hearing;
  const ofBreach = readToldBreach(event);
  if (ofBreach !== undefined) return hearBreach(ofBreach, hearing);
  const heard = readPeerEvent(event);
  if (heard === undefined) {
    log.error('What a partner said cannot be read', { kept: 'in the archive of its bus' });
    return;
  }
  const { commitment, asks } = heard;
  const { agreement, round, leg, from } = commitment;
  const on = await readConduct(registry, agreement);
  if (on?.plan.side.kind !== 'peer') {
    log.error('What a partner said is of no agreement that this room has as a peer', { agreement });
    return;
  }
  const known = await registry.commitments(agreement).list();
  const isTwice = await keepEquivocations(hearing, on, heard, known);
  const isAccepted = await keepAccepted(hearing, on, heard, known);
  const isPassedOn = await keepPassedOn(hearing, on, heard, known);
  const isHeard = isTwice || isAccepted || isPassedOn;
  const fault = checkCommitment(on, heard, known, verify, sha256, now());
  const isNew = !known.some((each) => each.round === round && each.leg === leg && each.says === commitment.says);
  const { account } = heard;
  if (fault !== undefined) {
    const decision = describeDecision(on, heard, fault, now());
    await record(registry, decision, account);
    const { party = 'unknown' } = decision;
    log.warn('What a partner said is refused', { agreement, leg, round, party, account, fault });
    if (isHeard) await tell({ agreement, round });
    return;
  }
  if (isNew) await registry.decisions(agreement).create(describeDecision(on, heard, fault, now()));
  const heardAt = now();
  await registry.commitments(agreement).create({ ...commitment, heardAt });
  await keepRelease(registry, heard, heardAt);
  if (isNew || asks || isHeard) await tell({ agreement, round, ...(asks ? { asked: from } : {}) });
}

/**
 * A giver that has said two things is found by laying side by side what is on record with what it says now, and what the sender
 * has heard it say: that may be both words. They are kept, once.
 * @returns whether anything was kept that was not before
 */
async function keepEquivocations(
  { registry, verify, now, log }: PeerHearing,
  on: AgreementOnRecord,
  { commitment, heard }: PeerEvent,
  known: readonly Commitment[],
): Promise<boolean> {
  let isNew = false;
  const words = [commitment, ...heard];
  for (const [index, word] of words.entries()) {
    const found = findEquivocation(on, word, [...known, ...words.slice(0, index)], verify);
    if (found === undefined) continue;
    const { agreement, round, leg, from } = found;
    if (!(await registry.equivocations(agreement).create({ ...found, at: now() }))) continue;
    log.error('A party has signed two different words about one release', { agreement, round, leg, party: from });
    isNew = true;
  }
  return isNew;
}

/** @returns whether its sender stands behind what another has promised to it, and was not heard to before */
async function keepAccepted(
  { registry, now }: PeerHearing,
  on: AgreementOnRecord,
  heard: PeerEvent,
  known: readonly CommitmentRecord[],
): Promise<boolean> {
  const accepted = findAccepted(on, heard, known);
  for (const { agreement, round, leg, says } of accepted)
    await registry
      .commitments(agreement)
      .change([round, leg, says], (word) =>
        word.acceptedAt === undefined ? { ...word, acceptedAt: now() } : undefined,
      );
  return accepted.length > 0;
}

/** @returns whether its sender has passed on what another has promised to it, or granted to anybody else, and could not say here */
async function keepPassedOn(
  { registry, verify, sha256, now }: PeerHearing,
  on: AgreementOnRecord,
  event: PeerEvent,
  known: readonly CommitmentRecord[],
): Promise<boolean> {
  const kept: Commitment[] = [];
  for (const { word, giver } of listPassedOn(on, event, known)) {
    const told = { commitment: word, account: giver };
    // Of what is refused the giver itself is told, where it says so.
    if (checkCommitment(on, told, [...known, ...kept], verify, sha256, now()) !== undefined) continue;
    const at = now();
    const { agreement, leg, says } = word;
    const id = says === 'committed' ? `${event.id}-${leg}` : `${event.id}-${leg}-${says}`;
    await registry.decisions(agreement).create(describeDecision(on, { ...event, id, commitment: word }, undefined, at));
    // The word comes last: what is broken off before it is done again, since it is unknown still.
    await keepRelease(registry, told, at);
    const accepted = says === 'committed' ? { acceptedAt: at } : {};
    await registry.commitments(agreement).create({ ...word, heardAt: at, ...accepted });
    kept.push(word);
  }
  return kept.length > 0;
}

/** What was promised counts for the round as a release of this room's own does; it lies with its giver. */
async function keepRelease(
  registry: Registry,
  { commitment, certificate: told }: HeardCommitment,
  at: string,
): Promise<void> {
  const { agreement, version, round, leg, says, sha256, certificate, value } = commitment;
  const releases = registry.releases(agreement);
  if (says === 'granted') {
    await releases.change([round, leg], (release) =>
      release.state === 'prepared' ? { ...release, state: 'final', at } : undefined,
    );
    return;
  }
  const figures = told === undefined ? undefined : readToldCertificate(told);
  const worth = { ...(value === undefined ? {} : { value }), ...(figures === undefined ? {} : { figures }) };
  const hashes = { sha256, certificate };
  await releases.create({
    agreement,
    version,
    round,
    leg,
    state: 'prepared',
    ...hashes,
    place: '',
    ...worth,
    certified: at,
    at,
  });
}

function describeDecision(
  on: AgreementOnRecord,
  { id, account, commitment: { leg, round, says } }: PeerEvent,
  fault: CommitmentFault | undefined,
  at: string,
): DecisionRecord {
  const clause = citeClause(on.plan, 'escrow.all-or-none', 'legs');
  const operation = `hear that a release is ${says}`;
  return describeHearing(on, { id, account, operation, leg, round, clause, policy: 'signed by its giver' }, fault, at);
}
