import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { admitCall, type CallRate, type CallsLeft } from '../../lib/domain/enforcement/doors/admit-call';
import { type ApiEvent, answerJson, readApiEvent } from './api-event';

type AnswerApi = (event: ApiEvent) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Answers each caller so often and no more, before anything is read for it: nobody uses up what the registry, the log and the
 * functions have for the others. Callers are told apart by account and role, as IAM lets them in; a party has a role for each of
 * its agreements. What is refused here is in the API's access log alone.
 * @param clock milliseconds, only going on
 */
export function limitCalls(
  answer: AnswerApi,
  rate: CallRate,
  clock: () => number = () => performance.now(),
): AnswerApi {
  const callers = new Map<string, CallsLeft>();
  return async (event) => {
    const { account = 'none', arn = '' } = readApiEvent(event).caller;
    // The session is the caller's to name.
    const name = `${account} ${/:assumed-role\/([^/]+)/.exec(arn)?.[1] ?? arn}`;
    const { isAdmitted, left } = admitCall(callers.get(name), rate, clock());
    if (callers.size > MOST_CALLERS) callers.clear();
    callers.set(name, left);
    return isAdmitted
      ? answer(event)
      : answerJson(429, { decision: 'forbid', reason: 'too-many-requests', clause: 'none' });
  };
}

const MOST_CALLERS = 1000;
