import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { API_OPERATIONS, type ApiOperation } from '../domain/enforcement/api/api-operations';
import { InvalidInput } from './describe/exit-code';

/** What a room answered, whatever it was. */
interface RoomAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Asks a room's API about an agreement, signed with the credentials that AWS's own tools would use here.
 * @param room its address
 * @throws InvalidInput where it cannot be asked, or does not answer
 */
export async function callRoom(
  room: string,
  agreement: string,
  operation: ApiOperation,
  body?: object,
): Promise<RoomAnswer> {
  const url = readAddress(room);
  const { method, path } = API_OPERATIONS.find(({ id }) => id === operation)!;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const signer = new SignatureV4({
    service: 'execute-api',
    region: readRegion(url),
    credentials: defaultProvider(),
    sha256: Sha256,
  });
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: path.replace('{agreement}', agreement),
    headers: { host: url.host, ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
    query: {},
    ...(text === undefined ? {} : { body: text }),
  };
  try {
    const { headers } = await signer.sign(request);
    const { host: _, ...sent } = headers;
    const answer = await fetch(new URL(request.path, url), { method, headers: sent, ...(text && { body: text }) });
    return { status: answer.status, body: readObject(await answer.text()) };
  } catch (error) {
    throw new InvalidInput(`${url.origin} cannot be asked: ${explain(error)}`, { cause: error });
  }
}

/** Identifiers travel there: never in the clear, but to this machine itself. */
function readAddress(room: string): URL {
  const url = URL.canParse(room) ? new URL(room) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === '127.0.0.1');
  if (url === undefined || !isSafe || url.pathname !== '/' || url.username !== '')
    throw new InvalidInput(
      `--room ${JSON.stringify(room)} is no address of a room. Give the output Api of its Intake: https://…`,
    );
  return url;
}

function readRegion({ hostname }: URL): string {
  const [, region = process.env.AWS_REGION] = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(hostname) ?? [];
  if (region === undefined) throw new InvalidInput(`${hostname} does not say which region it is in. Set AWS_REGION.`);
  return region;
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
