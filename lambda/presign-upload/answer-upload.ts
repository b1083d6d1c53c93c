import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { decideUpload, MAX_UPLOAD, readUploadRequest } from '../../lib/domain/enforcement/decide-upload';
import type { RegisteredAgreement } from '../../lib/domain/enforcement/registered-agreement';
import type { Log } from '../log';
import type { SignedUpload, UploadToSign } from './sign-upload';

/** What API Gateway tells of a request, as far as it counts. */
export type UploadEvent = Pick<
  APIGatewayProxyEventV2WithIAMAuthorizer,
  'pathParameters' | 'body' | 'isBase64Encoded'
> & {
  readonly requestContext: {
    /** Of the account that the API is in. */
    readonly accountId: string;
    readonly requestId: string;
    readonly authorizer?: { readonly iam?: { readonly accountId?: string; readonly userArn?: string } };
  };
};

export interface UploadSurroundings {
  readonly findAgreement: (agreement: string) => Promise<RegisteredAgreement | undefined>;
  readonly sign: (upload: UploadToSign) => Promise<SignedUpload>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Answers with a link for one file, or says why not. What cannot be found out forbids. */
export async function answerUpload(
  event: UploadEvent,
  { findAgreement, sign, now, log }: UploadSurroundings,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { accountId: roomAccount, requestId, authorizer } = event.requestContext;
  const agreement = event.pathParameters?.agreement ?? '';
  const caller = { account: authorizer?.iam?.accountId, arn: authorizer?.iam?.userArn };
  // The caller chooses the path: no more of it than can be an id.
  const known = { agreement: agreement.slice(0, 60), account: caller.account ?? 'unknown', request: requestId };
  const at = now();
  const registered = await findAgreement(agreement);
  const decision = decideUpload(readUploadRequest(readBody(event)), caller, registered, {
    today: at.toISOString().slice(0, 10),
    roomAccount,
  });
  if (decision.kind === 'forbid') {
    log.warn('Upload forbidden', { ...known, reason: decision.reason });
    const body = { decision: 'forbid', reason: decision.reason, remedy: REMEDIES[decision.reason] };
    return answer(decision.reason === 'malformed-request' ? 400 : 403, body);
  }
  const { party, key, upload } = decision;
  const signed = await sign({ key, ...upload, at, roomAccount });
  log.info('Upload permitted', { ...known, party, dataset: upload.dataset, bytes: upload.bytes });
  return answer(201, { decision: 'permit', ...signed });
}

function readBody({ body, isBase64Encoded }: UploadEvent): unknown {
  if (body === undefined || body.length > MAX_BODY) return undefined;
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch {
    return undefined;
  }
}

/** Characters: four short fields. */
const MAX_BODY = 4096;

/** What would be right. */
const REMEDIES = {
  'malformed-request':
    'Send { "dataset", "file", "bytes", "sha256" }: the size of the file and the SHA-256 of its content, in lower-case hexadecimal.',
  'unknown-agreement': 'Name an agreement of yours that is in force here.',
  'unknown-caller': "Assume your party's role of this agreement first; its name is in your hand-over guide.",
  'agreement-not-active': 'Ask the other parties: the agreement is suspended, ended or not in force yet.',
  'outside-term': 'Deliver on a day of the term.',
  'not-your-dataset': 'Name a dataset that your party gives under this agreement.',
  'file-name':
    'Use letters, digits, points, hyphens and underscores; begin and end with a letter or digit, e.g. usage-2026-03-01.csv.',
  'file-size': `Send between 1 byte and ${MAX_UPLOAD} bytes; more goes by parts, with your party's role.`,
} as const;

function answer(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode, headers, body: JSON.stringify(body) };
}
