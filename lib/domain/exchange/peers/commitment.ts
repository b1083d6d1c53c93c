import canonicalize from 'canonicalize';
import { addDuration } from '../../agreement/periods/duration';
import { allLegs } from '../../agreement/plan/all-legs';
import type { PlannedLeg } from '../../agreement/plan/plan';
import type { VerifySignature } from '../../agreement/signature';
import { encodeText, type Sha256 } from '../../bytes';
import type { Certificate } from '../../privacy/certificate/certificate';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { Commitment, CommitmentRecord, ReleaseRecord } from '../../registry/round-records';
import { judgeExpectations } from '../gates/judge-expectations';
import { valueRelease } from '../gates/value-release';
import { hashCertificate } from '../gates/verify-release';
import { listRounds } from '../rounds/list-rounds';
import { CLOCKS_DIFFER, checkSpeaker, type SpeakerFault } from './check-speaker';
import { readToldCertificate } from './read-told-certificate';
import { versionOfWord } from './version-of-word';

/** A commitment as it was heard. */
export interface HeardCommitment {
  readonly commitment: Commitment;
  /** Comes with a commitment to whom the leg goes to. */
  readonly certificate?: unknown;
  /** The account that put it on the bus, as EventBridge says: 12 digits. */
  readonly account: string;
}

export type CommitmentFault =
  | 'other-agreement'
  | 'other-version'
  | 'unknown-leg'
  | 'not-the-giver'
  | SpeakerFault
  /** The agreement is not active here. */
  | 'not-active'
  /** No such leg is due on that day, or only after the next one. */
  | 'not-due'
  /** The round was withheld here. */
  | 'round-over'
  /** It says something else than the same party's earlier one. */
  | 'contradicts'
  /** It grants what this room has not heard it commit to: events have no order, so that may be on its way, and is asked for. */
  | 'not-committed-yet'
  | 'no-certificate'
  | 'other-certificate'
  /** It claims no worth, or another than its certificate supports. */
  | 'other-worth'
  /** Its release holds less than its receiver here expects. */
  | 'below-expectation';

/** The bytes that are signed. The purpose stands in them, so that a signature can serve for nothing else. */
export function writeCommitment({
  signature: _,
  publicKey: __,
  algorithm: ___,
  heardAt: ____,
  acceptedAt: _____,
  ...said
}: DraftCommitment & Partial<CommitmentRecord>): Uint8Array {
  return encodeText(canonicalize({ purpose: 'barter-room/commit-release/1', ...said }) ?? '');
}

type DraftCommitment = Omit<Commitment, 'algorithm' | 'publicKey' | 'signature'>;

/** What a room says of a release of its own, before it is signed. */
export function draftCommitment(
  { plan }: Pick<AgreementOnRecord, 'plan'>,
  { round, leg, sha256, certificate, value }: ReleaseRecord,
  says: Commitment['says'],
  at: string,
): DraftCommitment {
  const { id: agreement, version, content } = plan.agreement;
  const from = allLegs(plan).find(({ id }) => id === leg)?.from ?? '';
  const worth = value === undefined ? {} : { value };
  return { agreement, version, content, round, leg, from, says, sha256, certificate, ...worth, at };
}

/**
 * What is wrong with a commitment; undefined for one that holds. It is signed with the key that its giver holds under the version
 * that it is of, comes from the giver's own account, is of a round that is due, and says nothing else than the giver said before.
 * To whom the leg goes to, it claims what its certificate supports; to others its worth is the giver's word.
 * Its time may be long past: what was said is sent again on request.
 * @param known what the same agreement's parties have said so far
 * @param now UTC, ISO 8601
 */
export function checkCommitment(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  { commitment, certificate, account }: HeardCommitment,
  known: readonly Commitment[],
  verify: VerifySignature,
  sha256: Sha256,
  now: string,
): CommitmentFault | undefined {
  const { round, from, says } = commitment;
  if (commitment.agreement !== plan.agreement.id) return 'other-agreement';
  const under = versionOfWord({ plan, conduct }, commitment);
  if (under === undefined) return 'other-version';
  const leg = allLegs(under).find((each) => each.id === commitment.leg);
  if (leg === undefined) return 'unknown-leg';
  if (leg.from !== from) return 'not-the-giver';
  const message = writeCommitment(commitment);
  const spoken = checkSpeaker(
    { under, signatures: conduct.signatures },
    { word: commitment, message, account },
    verify,
    now,
  );
  if (spoken !== undefined) return spoken;
  if (conduct.removed || conduct.state !== 'active') return 'not-active';
  if (!isDue(conduct, leg, round, now)) return 'not-due';
  if (conduct.rounds.some((each) => each.day === round && each.state === 'withheld')) return 'round-over';
  const before = known.filter((each) => each.round === round && each.leg === leg.id);
  if (before.some((each) => !saysTheSame(each, commitment))) return 'contradicts';
  if (says === 'granted') return before.some((each) => each.says === 'committed') ? undefined : 'not-committed-yet';
  // Without its worth a leg has no part in the balance, and no swap with it would be unfair.
  if (commitment.value === undefined) return 'other-worth';
  if (plan.side.kind !== 'peer' || plan.side.party !== leg.to) return undefined;
  if (certificate === undefined) return 'no-certificate';
  if (!isOfCommitment(certificate, commitment, leg, sha256)) return 'other-certificate';
  const figures = readToldCertificate(certificate);
  if (figures === undefined || !isSameWorth(valueRelease(under, leg, figures), commitment.value)) return 'other-worth';
  return judgeExpectations(leg, figures)?.passed === false ? 'below-expectation' : undefined;
}

/**
 * What can have been delivered by now: the rounds that were due, and the next. Whoever could commit to all that are to come would
 * never be late for any.
 */
function isDue(conduct: AgreementOnRecord['conduct'], { id, every }: PlannedLeg, round: string, now: string): boolean {
  const today = new Date(Date.parse(now) + CLOCKS_DIFFER).toISOString().slice(0, 10);
  const ahead = addDuration(today, every).slice(0, 10);
  return listRounds(conduct, ahead).some(({ day, legs }) => day === round && legs.includes(id));
}

/** Of two words about one leg and round. What was committed to under one version may be granted under a later one. */
export function saysTheSame(before: Commitment, said: Commitment): boolean {
  const isOfOneVersion = before.says !== said.says || before.version === said.version;
  const isOfOneRelease = before.sha256 === said.sha256 && before.certificate === said.certificate;
  return isOfOneVersion && isOfOneRelease && before.value === said.value;
}

/** Products of the same figures in another order may differ in their last digits. */
function isSameWorth(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(one, other);
}

function isOfCommitment(told: unknown, commitment: Commitment, planned: PlannedLeg, sha256: Sha256): boolean {
  // Its hash is signed, so what it holds is the giver's own word once that fits.
  const certificate = told as Certificate;
  try {
    if (hashCertificate(certificate, sha256) !== commitment.certificate) return false;
  } catch {
    // Nested too deeply to be written again.
    return false;
  }
  const { agreement, leg, hashes } = certificate as Partial<Certificate>;
  return (
    agreement?.id === commitment.agreement &&
    agreement.version === commitment.version &&
    leg?.id === planned.id &&
    leg.dataset === planned.dataset &&
    hashes?.output === commitment.sha256
  );
}
