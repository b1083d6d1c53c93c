import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askRoute } from './ask-room';
import { listRouteKeys } from './find-triggers';
import type { LocalRoom } from './start-local-room';

/** A room's API as API Gateway serves it to whoever signs: the signature is checked, then the function of the route is asked. */
export interface ServedApi {
  readonly url: string;
  stop(): Promise<void>;
}

/** The secret of the access key `PARTNER<account>`. */
export const PARTNER_SECRET = 'of a partner';

export async function serveApi(local: LocalRoom, now: string): Promise<ServedApi> {
  let served = 0;
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const answer = (status: number, said: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    const account = verifyRequest(request, body);
    if (account === undefined) return answer(403, { message: 'Forbidden' });
    const route = findRoute(listRouteKeys(local), `${request.method} ${request.url}`);
    if (route === undefined) return answer(404, { message: 'Not Found' });
    served += 1;
    const { status, body: said } = await askRoute(local, {
      ...{ ...route, account, id: `served-${served}`, now },
      ...(body === '' ? {} : { body: JSON.parse(body) }),
    });
    return answer(status, said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The route that a request falls under, and what stands in the place of its parameters. */
function findRoute(routeKeys: readonly string[], asked: string) {
  for (const routeKey of routeKeys) {
    const found = new RegExp(`^${routeKey.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(asked);
    if (found !== null) return { routeKey, pathParameters: { ...found.groups } };
  }
  return undefined;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/**
 * The account that a request is signed for; undefined where the signature does not hold. AWS Signature Version 4, of its
 * documentation: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function verifyRequest({ method = '', url = '', headers }: IncomingMessage, body: string): string | undefined {
  const [, key = '', scope = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/([^,]+), SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const [day = '', region = '', service = '', end = ''] = scope.split('/');
  if (service !== 'execute-api' || end !== 'aws4_request') return undefined;
  if (!signed.split(';').includes('host')) return undefined;
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, url, '', lines.join(''), signed, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const secret = [day, region, service, end].reduce<Buffer | string>(hmac, `AWS4${PARTNER_SECRET}`);
  const isGenuine = hmac(secret, text).toString('hex') === signature;
  return isGenuine ? /^PARTNER(\d{12})$/.exec(key)?.[1] : undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
