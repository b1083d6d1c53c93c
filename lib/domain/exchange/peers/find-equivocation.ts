import { allLegs } from '../../agreement/plan/all-legs';
import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { VerifySignature } from '../../agreement/signature';
import { findHeldKey } from '../../agreement/signing-rules';
import type { BreachReport } from '../../registry/breach-report';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { Commitment, Equivocation } from '../../registry/round-records';
import { saysTheSame, writeCommitment } from './commitment';
import { versionOfWord } from './version-of-word';

/**
 * Two words of one giver about the same leg and round, signed with the keys that it holds, that say different things, or promise
 * under different versions: neither can be explained by whoever carried them. Undefined where there are none, and for this side's own party: what it has said it knows.
 * @param word as it was heard, from its giver or passed on by another
 * @param known what is on record as said
 */
export function findEquivocation(
  { plan, conduct }: { readonly plan: SidePlan } & Pick<AgreementOnRecord, 'conduct'>,
  word: Commitment,
  known: readonly Commitment[],
  verify: VerifySignature,
): Pick<Equivocation, 'agreement' | 'round' | 'leg' | 'from' | 'words'> | undefined {
  const { agreement, round, leg, from } = word;
  const isOwn = plan.side.kind === 'peer' && plan.side.party === from;
  if (isOwn || allLegs(plan).find(({ id }) => id === leg)?.from !== from) return undefined;
  const isGenuine = (each: Commitment) => {
    const under = versionOfWord({ plan, conduct }, each);
    const isSigned = under !== undefined && each.publicKey === findHeldKey(under, conduct.signatures, from);
    return each.agreement === plan.agreement.id && isSigned && verify(writeCommitment(each), each);
  };
  const other = known.find(
    (each) => each.round === round && each.leg === leg && each.from === from && !saysTheSame(each, word),
  );
  if (other === undefined || !isGenuine(word) || !isGenuine(other)) return undefined;
  return { agreement, round, leg, from, words: [other, word] };
}

/** Each is its giver's breach, until a person has overruled it: a word that was given twice cannot be taken back. */
export function judgeEquivocations(equivocations: readonly Equivocation[], now: string): readonly BreachReport[] {
  return equivocations.map(({ agreement, round, leg, from, at }) => ({
    report: `equivocated:${leg}:${round}`,
    agreement,
    breach: 'equivocation',
    party: from,
    leg,
    round,
    since: at,
    reportedAt: now,
  }));
}
