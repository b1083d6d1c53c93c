import type { ReleaseRecord, RoundRecord } from '../../lib/domain/registry/round-records';
import { describeError } from '../shared/describe-error';
import { RevisionMissing } from '../shared/exchange-revisions';
import { StepFailed } from './step-failed';

/**
 * Why a round is taken back after a failure. What fails for good takes it back at once. Whatever else fails is tried again; but a
 * round that stays half out is one of which somebody takes and does not give: it has a day, and two looks by the clock where its
 * receiver sees already what is out.
 * @param round as it was before the step that failed
 * @param shown releases of it that their receivers see as soon as they are final, as they were then
 * @param now UTC, ISO 8601
 * @returns undefined where it is to be tried again
 */
export function whyTakenBack(
  error: unknown,
  { state, at }: RoundRecord,
  shown: readonly Pick<ReleaseRecord, 'state' | 'at'>[],
  now: string,
): string | undefined {
  if (error instanceof StepFailed) return error.message;
  if (state !== 'publishing') return undefined;
  if (isGone(error)) return `what was to be published is gone: ${describeError(error)}`;
  const seen = shown.filter((each) => each.state === 'final').map((each) => Date.parse(each.at));
  if (Date.parse(now) - Math.min(...seen) >= LONGEST_HALF_SEEN)
    return `a part of it could be seen, and the rest could not be published within ${LONGEST_HALF_SEEN / MINUTE} minutes: ${describeError(error)}`;
  if (Date.parse(now) - Date.parse(at) < LONGEST_HALF_OUT) return undefined;
  return `it could not be published within a day: ${describeError(error)}`;
}

const MINUTE = 60 * 1000;
/** Of two looks by the clock, with what calls and events take. */
const LONGEST_HALF_SEEN = 25 * MINUTE;
/** In milliseconds: what a service refuses for a while, and what a person has to mend, can be had again within it. */
const LONGEST_HALF_OUT = 24 * 60 * 60 * 1000;

/** Missing, or another in its place: no later try finds it. */
function isGone(error: unknown): boolean {
  if (error instanceof RevisionMissing) return true;
  const { $metadata } = (error ?? {}) as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 404 || $metadata?.httpStatusCode === 412;
}
