import { allLegs } from '../../../agreement/plan/all-legs';
import type { Plan } from '../../../agreement/plan/plan';
import type { Registry } from '../../../registry/registry';
import { problemRequestSchema } from '../api-schemas';
import { type ApiAnswer, DONE, MALFORMED } from './api-answer';
import type { TellRoom } from './tell-room';

/** So many of a party's are taken on a day: each is a letter to the others, and an alert to whoever runs the room. */
export const MOST_PROBLEMS = 20;

interface ProblemReport {
  /** Of the request. */
  readonly id: string;
  readonly party: string;
  readonly body: unknown;
}

/** Puts a party's words on record; the others whom it concerns are written to, and whoever runs the room is told. */
export async function answerProblem(
  { id, party, body }: ProblemReport,
  plan: Plan,
  { registry, tell }: { readonly registry: Registry; readonly tell: TellRoom },
  now: string,
): Promise<ApiAnswer> {
  const { data } = problemRequestSchema.safeParse(body);
  if (data === undefined) return MALFORMED;
  const isOwn = allLegs(plan).some((leg) => leg.id === data.leg && (leg.from === party || leg.to === party));
  if (data.leg !== undefined && !isOwn) return { status: 404, body: { reason: 'no-such-leg' } };
  const agreement = plan.agreement.id;
  const problems = registry.problems(agreement);
  const day = now.slice(0, 10);
  const today = (await problems.list()).filter((each) => each.party === party && each.at.startsWith(day));
  if (today.length >= MOST_PROBLEMS) return { status: 409, body: { reason: 'too-many' } };
  await problems.create({ ...data, id, agreement, party, at: now });
  await tell('problemReported', { ...data, agreement, party, problem: id });
  return DONE;
}
