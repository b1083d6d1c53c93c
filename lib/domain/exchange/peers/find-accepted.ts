import { allLegs } from '../../agreement/plan/all-legs';
import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { Commitment, CommitmentRecord, Equivocation } from '../../registry/round-records';
import { saysTheSame } from './commitment';
import type { PeerMessage } from './read-peer-event';
import { type AgreedSoFar, withFormerLegs } from './with-former-legs';

/**
 * What was promised between two others, and its receiver's room now stands behind: only there can be seen what a certificate
 * supports. A room passes on what it has believed, and of who has said two things both: that is no such word.
 * @param message as it was heard, and the account that put it on the bus, as EventBridge says
 * @param known what is on record as said
 */
export function findAccepted(
  on: AgreedSoFar,
  { heard, account }: Pick<PeerMessage, 'heard'> & { readonly account: string },
  known: readonly CommitmentRecord[],
): readonly CommitmentRecord[] {
  const { parties, elsewhere } = withFormerLegs(on);
  const received = elsewhere.filter(({ to }) => parties.find(({ id }) => id === to)?.account === account);
  return known.filter((word) => {
    if (word.acceptedAt !== undefined || received.every(({ id }) => id !== word.leg)) return false;
    const passedOn = heard.filter((each) => each.says === word.says && isOfSame(each, word));
    return word.says === 'committed' && passedOn.length === 1 && passedOn.every((each) => saysTheSame(word, each));
  });
}

/**
 * What was promised to the sender, as its giver signed it, and was not heard of that one: a giver may reach one room and not
 * another. Its receiver stands behind it by passing it on. That one has granted what goes to another, it says nowhere but in its own
 * signed word: that counts whoever passes it on.
 * @param known what is on record as said
 */
export function listPassedOn(
  on: AgreedSoFar,
  { heard, account }: Pick<PeerMessage, 'heard'> & { readonly account: string },
  known: readonly Pick<Commitment, 'leg' | 'round' | 'says'>[],
): readonly { readonly word: Commitment; readonly giver: string }[] {
  const { parties, elsewhere } = withFormerLegs(on);
  return heard.flatMap((word) => {
    const leg = elsewhere.find(({ id }) => id === word.leg);
    const accountOf = (party: string | undefined) => parties.find(({ id }) => id === party)?.account;
    const isOf = (each: Pick<Commitment, 'leg' | 'round' | 'says'>) =>
      each.says === word.says && each.leg === word.leg && each.round === word.round;
    const giver = accountOf(leg?.from);
    if (giver === undefined || (word.says === 'committed' && accountOf(leg?.to) !== account)) return [];
    return known.some(isOf) || heard.filter(isOf).length > 1 ? [] : [{ word, giver }];
  });
}

function isOfSame(one: Commitment, other: Commitment): boolean {
  return one.leg === other.leg && one.round === other.round;
}

/**
 * Legs between others whose promise for a round is known here, and of which it is not known that their receiver stands behind it.
 * Who has signed that it granted what it gives in the round does, whatever it passes on here: else it could keep one room from
 * granting what others hold that one to. But not behind what its giver has said in two ways: it granted for the other, maybe.
 * @param round with the legs that it has
 * @param equivocations that are known here
 */
export function listUnaccepted(
  on: AgreedSoFar,
  commitments: readonly CommitmentRecord[],
  round: { readonly day: string; readonly legs: readonly string[] },
  equivocations: readonly Pick<Equivocation, 'round' | 'leg'>[],
): readonly SidePlan['elsewhere'][number][] {
  const granted = new Set(
    commitments.flatMap(({ says, from, round: day }) => (says === 'granted' && day === round.day ? [from] : [])),
  );
  const isTwice = (leg: string) => equivocations.some((each) => each.round === round.day && each.leg === leg);
  return listNotPassedOn(on, commitments, round).filter(({ id, to }) => !granted.has(to) || isTwice(id));
}

/**
 * Legs between others whose promise for a round is known here, and was not heard of their receiver. Who gives nothing in the round
 * has no word there to pass anything on with, nor has who is no party any more: of what goes to it, the giver's word counts.
 * @param round with the legs that it has
 */
export function listNotPassedOn(
  on: AgreedSoFar,
  commitments: readonly CommitmentRecord[],
  round: { readonly day: string; readonly legs: readonly string[] },
): readonly SidePlan['elsewhere'][number][] {
  const all = withFormerLegs(on);
  const givers = new Set(allLegs(all).flatMap(({ id, from }) => (round.legs.includes(id) ? [from] : [])));
  const parties = new Set(on.plan.parties.map(({ id }) => id));
  return all.elsewhere.filter(
    ({ id, to }) =>
      givers.has(to) &&
      parties.has(to) &&
      commitments.some(
        ({ leg, round: day, says, acceptedAt }) =>
          leg === id && day === round.day && says === 'committed' && acceptedAt === undefined,
      ),
  );
}
