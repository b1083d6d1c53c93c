import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { decideRequest } from '../../lib/domain/enforcement/decide-request';
import type { Log } from '../log';

/** What API Gateway tells of a request, as far as it decides. */
export type RequestEvent = Pick<APIGatewayProxyEventV2WithIAMAuthorizer, 'routeKey' | 'pathParameters'> & {
  readonly requestContext: {
    readonly requestId: string;
    readonly authorizer?: { readonly iam?: { readonly accountId?: string } };
  };
};

/** Answers a request to the room's API: 403, and the reason goes to the log and to the caller. */
export function answerRequest(event: RequestEvent, log: Log): APIGatewayProxyStructuredResultV2 {
  const { routeKey: route, pathParameters, requestContext } = event;
  const account = requestContext.authorizer?.iam?.accountId;
  const agreement = pathParameters?.agreement;
  const decision = decideRequest({ route, agreement, account });
  log.warn('Request forbidden', {
    reason: decision.reason,
    operation: decision.operation ?? 'unknown',
    // The caller chooses this: no more of it than can be an id.
    agreement: (agreement ?? 'none').slice(0, 60),
    account: account ?? 'unknown',
    request: requestContext.requestId,
  });
  return {
    statusCode: 403,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({ decision: decision.kind, reason: decision.reason }),
  };
}
