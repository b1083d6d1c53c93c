import type { Candidate } from './attribution';
import { type DecisionIndex, findDecision, type RecordedDecision } from './recorded-decision';

/** Milliseconds in which a version that has come into force is carried out: what stood before explains until then. */
const CARRIED_OUT_IN = 60 * 60 * 1000;

/**
 * The decision that held then, under the version that did; while that is being carried out, the one that stood under the version
 * before.
 * @param from when the candidate's version came into force
 */
export function findExplaining(
  candidate: Pick<Candidate, 'party' | 'leg' | 'agreement'>,
  from: string,
  agreements: readonly { readonly plan: { readonly agreement: Candidate['agreement'] } }[],
  decisions: DecisionIndex,
  at: string,
): RecordedDecision | undefined {
  const own = findDecision(decisions, candidate, at);
  if (own !== undefined || Date.parse(at) > Date.parse(from) + CARRIED_OUT_IN) return own;
  const { id, version } = candidate.agreement;
  const before = agreements
    .map(({ plan }) => plan.agreement)
    .filter((each) => each.id === id && each.version < version)
    .toSorted((left, right) => left.version - right.version)
    .at(-1);
  return before && findDecision(decisions, { ...candidate, agreement: { id, version: before.version } }, at);
}
