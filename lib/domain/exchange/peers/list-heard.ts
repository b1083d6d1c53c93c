import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { Commitment, CommitmentRecord, Equivocation } from '../../registry/round-records';

/**
 * What others have committed to in a round, and have granted, as they signed it: this is passed on. Of who has said two things it
 * is both, whichever was heard first, so that whoever has heard either finds out. Of no leg are that more than two words.
 */
export function listHeard(
  { legs }: Pick<SidePlan, 'legs'>,
  said: readonly CommitmentRecord[],
  equivocations: readonly Pick<Equivocation, 'round' | 'leg' | 'words'>[],
  day: string,
): readonly Commitment[] {
  const isHeard = ({ round, leg }: Pick<Commitment, 'round' | 'leg'>) =>
    round === day && legs.every(({ id }) => id !== leg);
  const twice = equivocations.filter(isHeard);
  const once = said.filter((word) => isHeard(word) && twice.every(({ leg }) => leg !== word.leg));
  return [...once, ...twice.flatMap(({ words }) => words)].map(({ heardAt: _, acceptedAt: __, ...word }) => word);
}
