import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AwsCall,
  type AwsRequest,
  identifyCall,
  type Need,
  type Place,
  readCredential,
  readService,
} from './identify-call';
import { admits, findPolicy, type Principal, type ResourcePolicy } from './resource-policy';
import { covers, type Grant, judgeNeed, listGrants, type RoleStatement } from './role-policy';
import type { StandIn, StandInAnswer, StandInRequest } from './serve-from-model';
import type { Moto } from './start-moto';
import { tellCaller, tellTags } from './tell-facts';

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
  /** Makes known what buckets, keys and roles say themselves of who may use them, in the place of what was known before. */
  protect(policies: readonly ResourcePolicy[]): void;
  /** Of every function that was made known, what its role grants, and which of it no call needed yet. */
  listGrants(): readonly CallerGrant[];
  /**
   * Asks for somebody what takes no call here: what a state machine does, or stops at once.
   * @returns whether its role allows it
   */
  demand(accessKey: string, need: Need): boolean;
  /**
   * The fault to make, at one call or at many; undefined: none. Counts calls of functions from 1, from now on.
   * @returns whether the one before, at one call, is still to be made
   */
  order(fault: Fault | Faults | undefined): boolean;
  /** Who is asked whether a call took place, before it is answered: nothing else happens meanwhile. */
  watch(observer: Observer | undefined): void;
  stop(): Promise<void>;
}

export interface GatewayCaller {
  readonly name: string;
  readonly statements: readonly RoleStatement[];
  /** As what policies of others know it; absent: no policy but its own is asked. */
  readonly principal?: Principal;
  /** Ends the function where it stands, as a crash does. */
  readonly crash: () => Promise<void>;
}

export interface CallerGrant extends Grant {
  readonly caller: string;
  readonly isUsed: boolean;
}

export interface GatewayCall extends AwsCall {
  readonly caller: string;
  /** What the role does not allow. */
  readonly refused: Need[];
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

/** The first try of every call that is `due`. */
export interface Faults {
  readonly kind: 'throttled' | 'lost';
  readonly due: (call: GatewayCall) => boolean;
}

/** @param at which of the calls that are counted, from 1 */
export type Observer = (call: GatewayCall, at: number) => Promise<void>;

export interface GatewayParts {
  /** Absent: stand-ins are all that there is. */
  readonly moto?: Pick<Moto, 'endpoint' | 'agent'>;
  /** By the name under which requests are signed; what is left to moto, and every other service, moto answers. */
  readonly standIns: Readonly<Record<string, StandIn>>;
  readonly place: Place;
}

export async function startGateway({ moto, standIns, place }: GatewayParts): Promise<Gateway> {
  const callers = new Map<string, GatewayCaller>();
  const grants = new Map<string, CallerGrant>();
  let policies: readonly ResourcePolicy[] = [];
  const calls: GatewayCall[] = [];
  let fault: Fault | Faults | undefined;
  let observer: Observer | undefined;
  let counted = 0;
  /** Paths that something was streamed to since a fault was ordered. */
  const streamed = new Set<string>();
  /** How often each was ended. */
  const lives = new Map<GatewayCaller, number>();
  let turn: Promise<void> = Promise.resolve();

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => giveUp(outgoing, error));
  });
  // A busy machine is slow: who pauses is not to find that its connection was closed meanwhile, which would be a fault that no test ordered.
  server.keepAliveTimeout = 120_000;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    const caller = callers.get(readAccessKey(request) ?? '');
    outgoing.setHeader('date', readTime(request));
    if (caller === undefined) {
      writeAnswer(await reach(request, incoming), request, outgoing);
      return;
    }
    const life = lives.get(caller);
    // One call of a function after the other: what a crash leaves is what the calls before it did, and no half.
    turn = turn
      .then(async () => {
        // Else it has ended since it asked.
        if (lives.get(caller) === life) await take(request, caller, incoming, outgoing);
        else outgoing.destroy();
      })
      .catch((error: unknown) => giveUp(outgoing, error));
    await turn;
  }

  async function take(
    request: AwsRequest,
    caller: GatewayCaller,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const asked = identifyCall(request, place);
    const call = judgeCall(
      {
        ...asked,
        needs: await Promise.all(asked.needs.map((need) => tellTags(need, findPolicy(policies, need), moto))),
      },
      caller,
    );
    calls.push(call);
    if (call.refused.length > 0) return turnAway(call, outgoing);
    counted += 1;
    const due = findFault(call, request);
    if (due === 'throttled') return throttle(call.service, outgoing);
    if (due === 'crash-before') {
      await end(caller, outgoing);
      return;
    }
    const answer = await reach(request, incoming);
    if (due === 'crash-after' || due === 'lost') {
      if (due === 'crash-after') await end(caller, outgoing);
      outgoing.destroy();
      return;
    }
    // Of an object that is not there S3 tells whoever may list the bucket, and nobody else (API reference, GetObject).
    const hidden = answer.status === 404 ? judge(listBucketsRead(call), caller) : NOTHING;
    call.refused.push(...hidden.refused);
    if (hidden.refused.length > 0) return turnAway(call, outgoing);
    call.status = answer.status;
    await observer?.(call, counted);
    writeAnswer(answer, request, outgoing);
  }

  async function end(caller: GatewayCaller, outgoing: ServerResponse): Promise<void> {
    lives.set(caller, (lives.get(caller) ?? 0) + 1);
    await caller.crash();
    outgoing.destroy();
  }

  /** A stream the SDK sends once; who has to send it again opens it anew, which looks like another call for the same. */
  function isFirst(request: AwsRequest): boolean {
    if (!isFirstTry(request)) return false;
    if (request.headers['content-encoding'] !== 'aws-chunked') return true;
    const isAnother = !streamed.has(request.url.pathname);
    streamed.add(request.url.pathname);
    return isAnother;
  }

  function findFault(call: GatewayCall, request: AwsRequest): Fault['kind'] | undefined {
    if (fault === undefined) return undefined;
    if ('due' in fault) return isFirst(request) && fault.due(call) ? fault.kind : undefined;
    if (fault.at !== counted) return undefined;
    const { kind } = fault;
    fault = undefined;
    return kind;
  }

  /** From a stand-in, or from moto. */
  async function reach(request: AwsRequest, incoming: IncomingMessage): Promise<Answer> {
    const answer = await standIns[readService(request)]?.answer(askedOf(request, place));
    if (answer !== undefined) return describeAnswer(answer);
    if (moto === undefined) throw new Error(`Nobody here answers for ${readService(request)}.`);
    return forward(moto, request, incoming);
  }

  function turnAway(call: GatewayCall, outgoing: ServerResponse): void {
    call.status = 403;
    refuse(outgoing, 403, 'AccessDeniedException', `${call.caller} is not allowed: ${call.refused[0]!.action}`);
  }

  function judgeCall(call: AwsCall, caller: GatewayCaller): GatewayCall {
    return { ...call, caller: caller.name, ...judge(call.needs, caller) };
  }

  function judge(needs: readonly Need[], { name, statements, principal }: GatewayCaller) {
    const judged = needs.map((need) => {
      const policy = findPolicy(policies, need);
      const tell = tellCaller(principal, policy);
      const judgement = judgeNeed(statements, need, tell);
      const isAdmitted = principal === undefined || policy === undefined || admits(policy, need, principal, tell);
      return { need, by: judgement.by, allowed: judgement.allowed && isAdmitted };
    });
    for (const need of needs)
      for (const grant of listGrants(statements)) if (covers(grant, need)) noteGrant(name, grant, true);
    return {
      refused: judged.filter(({ allowed }) => !allowed).map(({ need }) => need),
      by: judged.flatMap(({ allowed, by }) => (allowed && by !== undefined ? [by] : [])),
    };
  }

  function noteGrant(caller: string, { action, resource: named }: Grant, isUsed: boolean): void {
    const resource = nameAnywhere(named);
    const key = `${caller} ${action} ${resource}`;
    if (isUsed || !grants.has(key)) grants.set(key, { caller, action, resource, isUsed });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    admit: (accessKey, caller) => {
      callers.set(accessKey, caller);
      for (const grant of listGrants(caller.statements)) noteGrant(caller.name, grant, false);
    },
    protect: (known) => {
      policies = known;
    },
    listGrants: () => [...grants.values()],
    demand: (accessKey, need) => {
      const caller = callers.get(accessKey);
      if (caller === undefined) throw new Error(`The gateway knows nobody by ${accessKey}.`);
      return judge([need], caller).refused.length === 0;
    },
    order: (ordered) => {
      const isLeft = fault !== undefined && 'at' in fault;
      fault = ordered;
      streamed.clear();
      counted = 0;
      return isLeft;
    },
    watch: (by) => {
      observer = by;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
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

function readAccessKey(request: AwsRequest): string | undefined {
  return readCredential(request)?.split('/')[0];
}

/** The same in every room: accounts are a test's, ids of keys are new whenever a room is made, and what is deployed has its hash. */
function nameAnywhere(resource: string): string {
  return resource
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'KEY')
    .replace(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replace(/\b\d{12}\b/g, 'ACCOUNT');
}

/**
 * The cloud's clock is that of whoever asks: a function's time is the test's. To the SDK another time is a clock that goes
 * wrong, and every error one to try again after that.
 */
function readTime({ headers, url }: AwsRequest): string {
  const signed = headers['x-amz-date'] ?? url.searchParams.get('X-Amz-Date') ?? '';
  const [, year, month, day, hour, minute, second] = SIGNED_AT.exec(signed) ?? [];
  if (year === undefined) return new Date().toUTCString();
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`).toUTCString();
}

const SIGNED_AT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function askedOf(request: AwsRequest, place: Place): StandInRequest {
  const { method, url, headers, body } = request;
  // A partner signs with its account number, so that one stand-in serves several accounts.
  const partner = /^PARTNER(\d{12})$/.exec(readAccessKey(request) ?? '')?.[1];
  const operation = headers['x-amz-target']?.split('.').at(-1);
  const asked = { method, url, body: body.toString('utf8'), account: partner ?? place.account };
  return operation === undefined ? asked : { ...asked, operation };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function describeAnswer({ status, body, error }: StandInAnswer): Answer {
  const headers = { 'content-type': 'application/json', ...(error === undefined ? {} : { 'x-amzn-errortype': error }) };
  return { status, headers, body: Buffer.from(body) };
}

/** As it came, headers and all: moto reads the service from the signature. */
function forward(
  { endpoint, agent }: Pick<Moto, 'endpoint' | 'agent'>,
  { method, body }: AwsRequest,
  incoming: IncomingMessage,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _, connection: __, ...headers } = incoming.headers;
    const sent = sendRequest(
      `${endpoint}${incoming.url}`,
      { method, agent, headers: { ...headers, host: new URL(endpoint).host, 'content-length': body.length } },
      async (answer) => {
        const parts: Buffer[] = [];
        for await (const part of answer) parts.push(part as Buffer);
        resolve(mendAnswer({ status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(parts) }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Of a public key moto tells the spec by the member's older name alone; KMS tells both (API reference, GetPublicKey). */
function mendAnswer(answer: Answer): Answer {
  if (!answer.body.includes('"CustomerMasterKeySpec"') || answer.body.includes('"KeySpec"')) return answer;
  const told: Readonly<Record<string, unknown>> = JSON.parse(answer.body.toString('utf8'));
  if (told.PublicKey === undefined) return answer;
  const body = Buffer.from(JSON.stringify({ ...told, KeySpec: told.CustomerMasterKeySpec }));
  return { ...answer, headers: { ...answer.headers, 'content-length': String(body.length) }, body };
}

function writeAnswer({ status, headers, body }: Answer, { method }: AwsRequest, outgoing: ServerResponse): void {
  const { 'transfer-encoding': _, connection: __, date: ___, ...kept } = headers;
  outgoing.writeHead(status, kept).end(method === 'HEAD' ? undefined : body);
}

/** The buckets of which a call reads objects, as what it takes to be told that one is missing. */
function listBucketsRead({ needs }: AwsCall): readonly Need[] {
  return needs
    .filter(({ action }) => action === 's3:GetObject')
    .map(({ resource }) => {
      const [bucket = '', ...key] = resource.split('/');
      return { action: 's3:ListBucket', resource: bucket, facts: { 's3:prefix': [key.join('/')] } };
    });
}

/** SDKs count the tries of a call. */
function isFirstTry({ headers }: AwsRequest): boolean {
  return headers['amz-sdk-request']?.startsWith('attempt=1') === true;
}

function giveUp(outgoing: ServerResponse, error: unknown): void {
  outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
}

const NOTHING: Pick<GatewayCall, 'refused' | 'by'> = { refused: [], by: [] };

/** As each protocol says it: of S3 in the API reference, "Error responses"; of queries in "Common errors". */
function throttle(service: string, outgoing: ServerResponse): void {
  if (service === 's3') outgoing.writeHead(503).end('<Error><Code>SlowDown</Code><Message>Slow down</Message></Error>');
  else if (service === 'sns' || service === 'sts' || service === 'iam')
    outgoing
      .writeHead(400)
      .end(
        '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
      );
  else refuse(outgoing, 400, 'ThrottlingException', 'Rate exceeded');
}

function refuse(outgoing: ServerResponse, status: number, code: string, message: string): void {
  outgoing
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code })
    .end(JSON.stringify({ __type: code, message, Message: message }));
}
