import { setTimeout } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { requireEnv } from '../shared/require-env';

const FUNCTIONS = '/2015-03-31/functions';
const ATTEMPTS = 5;
const FIRST_WAIT_MS = 200;
const ANSWER_WITHIN_MS = 20_000;

/**
 * Asks Lambda for a page of its list of functions. Its own client would be a thirteenth of the largest bundle that there may be,
 * for this one question: it is signed as the given client signs, and asked again where Lambda is throttled, fails or is silent.
 * @param firstWait milliseconds before it is asked again; twice as many each time
 */
export function openLambda(
  { config }: S3Client,
  firstWait = FIRST_WAIT_MS,
): (marker: string | undefined) => Promise<unknown> {
  const { region, credentials, sha256 } = config;
  const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256 });
  return async (marker) => {
    const url = new URL(FUNCTIONS, process.env.AWS_ENDPOINT_URL ?? requireEnv('LAMBDA_ENDPOINT'));
    if (marker !== undefined) url.searchParams.set('Marker', marker);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await ask(signer, url).catch((error: Error) => error);
      if (answer instanceof Response && answer.ok) return answer.json();
      if (!isPassing(answer) || attempt === ATTEMPTS) throw describeFailure(answer);
      await setTimeout(firstWait * 2 ** (attempt - 1));
    }
  };
}

async function ask(signer: SignatureV4, url: URL): Promise<Response> {
  const { headers } = await signer.sign({
    method: 'GET',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host },
  });
  const { host: _, ...sent } = headers;
  return fetch(url, { headers: sent, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
}

function isPassing(answer: Response | Error): boolean {
  if (answer instanceof Error || answer.status >= 500) return true;
  return answer.status === 429 || /Throttling|TooManyRequests/.test(answer.headers.get('x-amzn-errortype') ?? '');
}

function describeFailure(answer: Response | Error): Error {
  const what = answer instanceof Error ? answer.message : `it answered with ${answer.status}`;
  return new Error(`Lambda cannot be asked for its functions: ${what}.`, {
    ...(answer instanceof Error ? { cause: answer } : {}),
  });
}
