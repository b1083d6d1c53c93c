import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsCall, type AwsRequest, identifyCall, type Need, type Place, readService } from './identify-call';
import { judgeNeed, type RoleStatement } from './role-policy';
import type { StandIn, StandInAnswer, StandInRequest } from './serve-from-model';

/*
 * The one way out of the room's functions: it knows each call, holds it against the role of the function that makes it as the
 * template has it, keeps a record, makes the fault that a test ordered, and passes it on to moto or to a stand-in.
 */

export interface Gateway {
  readonly endpoint: string;
  /** Every call of a function so far, in order. */
  readonly calls: readonly GatewayCall[];
  /** Makes a function known: its calls carry `accessKey`, and may be what `statements` allow. */
  admit(accessKey: string, caller: GatewayCaller): void;
  /** Every function that was made known. */
  callers(): readonly GatewayCaller[];
  /** The fault to make, once; undefined: none. Counts calls of functions from 1, from now on. */
  order(fault: Fault | undefined): void;
  stop(): Promise<void>;
}

export interface GatewayCaller {
  readonly name: string;
  readonly statements: readonly RoleStatement[];
  /** Ends the function where it stands, as a crash does. */
  readonly crash: () => Promise<void>;
}

export interface GatewayCall extends AwsCall {
  readonly caller: string;
  /** What the role does not allow. */
  readonly refused: readonly Need[];
  /** The statements that allowed it. */
  readonly by: readonly RoleStatement[];
  /** Absent while it is under way, and where the function crashed. */
  status?: number;
}

export interface Fault {
  /** At which call, from 1. */
  readonly at: number;
  /** `crash-…`: the function ends, before or after the call took effect; `lost`: it took effect, but the answer is an error. */
  readonly kind: 'crash-before' | 'crash-after' | 'throttled' | 'lost';
}

export interface GatewayParts {
  /** Base address of moto. */
  readonly moto: string;
  /** By the name under which requests are signed; what is left to moto, and every other service, moto answers. */
  readonly standIns: Readonly<Record<string, StandIn>>;
  readonly place: Place;
}

export async function startGateway({ moto, standIns, place }: GatewayParts): Promise<Gateway> {
  const callers = new Map<string, GatewayCaller>();
  const calls: GatewayCall[] = [];
  let fault: Fault | undefined;
  let counted = 0;

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    const caller = callers.get(readAccessKey(request.headers.authorization) ?? '');
    const service = readService(request.headers.authorization);
    const pass = async () => {
      const answer = await standIns[service]?.answer(askedOf(request, place));
      return answer === undefined ? passTo(moto, request, incoming, outgoing) : writeAnswer(answer, outgoing);
    };
    if (caller === undefined) {
      await pass();
      return;
    }
    const call = judgeCall(identifyCall(request, place), caller);
    calls.push(call);
    if (call.refused.length > 0) {
      call.status = 403;
      refuse(outgoing, 403, 'AccessDeniedException', `${caller.name} is not allowed: ${call.refused[0]!.action}`);
      return;
    }
    counted += 1;
    const due = fault?.at === counted ? fault.kind : undefined;
    if (due !== undefined) fault = undefined;
    if (due === 'throttled') {
      refuse(outgoing, 400, 'ThrottlingException', 'Rate exceeded');
      return;
    }
    if (due === 'crash-before') {
      await caller.crash();
      outgoing.destroy();
      return;
    }
    if (due === 'crash-after' || due === 'lost') {
      await swallow(service, request, incoming);
      if (due === 'crash-after') await caller.crash();
      outgoing.destroy();
      return;
    }
    call.status = await pass();
  }

  async function swallow(service: string, request: AwsRequest, incoming: IncomingMessage): Promise<void> {
    const answer = await standIns[service]?.answer(askedOf(request, place));
    if (answer === undefined) await forward(moto, request, incoming);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    admit: (accessKey, caller) => {
      callers.set(accessKey, caller);
    },
    callers: () => [...callers.values()],
    order: (ordered) => {
      fault = ordered;
      counted = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function judgeCall(call: AwsCall, { name, statements }: GatewayCaller): GatewayCall {
  const judged = call.needs.map((need) => ({ need, ...judgeNeed(statements, need) }));
  return {
    ...call,
    caller: name,
    refused: judged.filter(({ allowed }) => !allowed).map(({ need }) => need),
    by: judged.flatMap(({ allowed, by }) => (allowed && by !== undefined ? [by] : [])),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return { method: incoming.method ?? 'GET', url, headers, body: Buffer.concat(parts) };
}

function readAccessKey(authorization: string | undefined): string | undefined {
  return /Credential=([^/]+)\//.exec(authorization ?? '')?.[1];
}

function askedOf({ method, url, headers, body }: AwsRequest, place: Place): StandInRequest {
  // A partner signs with its account number, so that one stand-in serves several accounts.
  const partner = /^PARTNER(\d{12})$/.exec(readAccessKey(headers.authorization) ?? '')?.[1];
  const operation = headers['x-amz-target']?.split('.').at(-1);
  const asked = { method, url, body: body.toString('utf8'), account: partner ?? place.account };
  return operation === undefined ? asked : { ...asked, operation };
}

function writeAnswer({ status, body, error: code }: StandInAnswer, outgoing: ServerResponse): number {
  const error = code === undefined ? {} : { 'x-amzn-errortype': code };
  outgoing.writeHead(status, { 'content-type': 'application/json', ...error }).end(body);
  return status;
}

interface Forwarded {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** As it came, headers and all: moto reads the service from the signature. */
function forward(moto: string, { method, body }: AwsRequest, incoming: IncomingMessage): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _, ...headers } = incoming.headers;
    const sent = sendRequest(
      `${moto}${incoming.url}`,
      { method, headers: { ...headers, host: new URL(moto).host, 'content-length': body.length } },
      async (answer) => {
        const parts: Buffer[] = [];
        for await (const part of answer) parts.push(part as Buffer);
        resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(parts) });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Of a public key moto tells the spec by the member's older name alone; KMS tells both (API reference, GetPublicKey). */
function mendAnswer(answer: Forwarded): Forwarded {
  if (!answer.body.includes('"CustomerMasterKeySpec"') || answer.body.includes('"KeySpec"')) return answer;
  const told: Readonly<Record<string, unknown>> = JSON.parse(answer.body.toString('utf8'));
  if (told.PublicKey === undefined) return answer;
  const body = Buffer.from(JSON.stringify({ ...told, KeySpec: told.CustomerMasterKeySpec }));
  return { ...answer, headers: { ...answer.headers, 'content-length': String(body.length) }, body };
}

async function passTo(
  moto: string,
  request: AwsRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<number> {
  const { status, headers, body } = mendAnswer(await forward(moto, request, incoming));
  const { 'transfer-encoding': _, connection: __, ...kept } = headers;
  outgoing.writeHead(status, kept).end(request.method === 'HEAD' ? undefined : body);
  return status;
}

function refuse(outgoing: ServerResponse, status: number, code: string, message: string): void {
  outgoing
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code })
    .end(JSON.stringify({ __type: code, message, Message: message }));
}
