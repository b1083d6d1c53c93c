import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Caller } from '../../lib/domain/enforcement/doors/identify-party';

/** What API Gateway tells of a request, as far as it counts. */
export type ApiEvent = Pick<APIGatewayProxyEventV2WithIAMAuthorizer, 'routeKey' | 'pathParameters'> & {
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    /** Of the account that the API is in. */
    readonly accountId: string;
    readonly requestId: string;
    readonly http?: { readonly sourceIp?: string };
    readonly authorizer?: { readonly iam?: { readonly accountId?: string; readonly userArn?: string } };
  };
};

/** A request as the doors look at it. All but `id` and `caller` is the caller's to choose. */
export interface ApiCall {
  readonly id: string;
  /** The agreement that is named, where that can be the name of one; else empty. */
  readonly agreement: string;
  readonly caller: Caller;
  readonly roomAccount: string;
  readonly ip: string | undefined;
  readonly body: unknown;
  /** For the log: no more of what the caller chose than can be an id. */
  readonly known: Readonly<Record<'agreement' | 'account' | 'request', string>>;
}

export function readApiEvent(event: ApiEvent): ApiCall {
  const { accountId: roomAccount, authorizer, http, requestId } = event.requestContext;
  const agreement = event.pathParameters?.agreement ?? '';
  const caller = { account: authorizer?.iam?.accountId, arn: authorizer?.iam?.userArn };
  // API Gateway's ids may end in `=`, which no key takes.
  const id = requestId.replaceAll(/[^\w-]/g, '-');
  return {
    id,
    agreement: NAME.test(agreement) ? agreement : '',
    caller,
    roomAccount,
    ip: http?.sourceIp,
    body: readBody(event),
    known: { agreement: agreement.slice(0, 60), account: caller.account ?? 'unknown', request: id },
  };
}

const NAME = /^[a-z][a-z0-9-]{2,59}$/;

function readBody({ body, isBase64Encoded }: ApiEvent): unknown {
  if (body === undefined || body.length > MAX_BODY) return undefined;
  try {
    return JSON.parse(isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch {
    return undefined;
  }
}

/** Characters: a hundred signed words with the rounds that they name. */
const MAX_BODY = 131_072;

/** `2026-03-01.telco-retail-usage`, as releases are named in paths; nothing of any other text. */
export function readReleaseName(text: string | undefined): { readonly leg?: string; readonly round?: string } {
  const [, round, leg] = /^(\d{4}-\d{2}-\d{2})\.([\w-]{1,120})$/.exec(text ?? '') ?? [];
  return round === undefined || leg === undefined ? {} : { round, leg };
}

export function answerJson(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode, headers, body: JSON.stringify(body) };
}
