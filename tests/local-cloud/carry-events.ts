import { matchesEvent } from './matches-event';
import { type Rewinder, rewindCollections } from './rewind-room';
import type { Json, JsonMap } from './room-templates';
import { FunctionFailed } from './run-function';
import type { StandIn } from './serve-from-model';
import { type LocalRoom, REGION } from './start-local-room';
import { takeQueued } from './take-queued';

/*
 * EventBridge between rooms, and within one: events go by the buses, their policies and the rules that the templates have, to
 * the functions that those name. moto would keep them.
 */

/** Events are delivered when a test says so, in its order. */
export interface EventCarrier extends StandIn, Rewinder {
  connect(room: LocalRoom): void;
  /** Events that were put and not delivered yet. */
  readonly waiting: CarriedEvent[];
  /** Events whose function failed three times. */
  readonly dead: CarriedEvent[];
  /** Puts an event as an account of nobody's room would, or as a service does on the bus `default`. */
  put(from: string, entry: PutEntry): { readonly ErrorCode?: string };
  /** What somebody makes of events on their way from now on: their detail, or undefined to leave it; without it, nothing. */
  forge(change: ((carried: CarriedEvent) => Promise<unknown>) | undefined): void;
  /** Delivers what waits, and what follows from it, each to every rule that wants it. */
  /** @param at when it is for the functions that hear of them; without it, when they were put */
  deliver(at?: string): Promise<void>;
}

export interface CarriedEvent {
  /** Account whose bus it is on, and the bus. */
  readonly account: string;
  readonly bus: string;
  readonly event: RoomEvent;
}

export interface RoomEvent {
  readonly version: '0';
  readonly id: string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly 'detail-type': string;
  readonly detail: unknown;
}

export interface PutEntry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly EventBusName: string;
}

/** @param startMachine starts a state machine; false where an ARN is none */
export function carryEvents(
  now: () => string,
  startMachine: (arn: string, event: RoomEvent) => boolean = () => false,
): EventCarrier {
  const rooms = new Map<string, LocalRoom>();
  const waiting: CarriedEvent[] = [];
  const dead: CarriedEvent[] = [];
  let forge: ((carried: CarriedEvent) => Promise<unknown>) | undefined;
  /** Ids of all that were put. */
  const ids: string[] = [];
  const kept = rewindCollections([waiting, dead, ids]);
  /** An event that was put once more than it would have been is told by nothing but that, once it was delivered. */
  const compared = rewindCollections([waiting, dead]);

  function put(from: string, { Source, DetailType, Detail, EventBusName }: PutEntry) {
    const [, account = from, name = EventBusName] = BUS_ARN.exec(EventBusName) ?? [];
    const room = rooms.get(account);
    const bus = room?.templates
      .listResources('AWS::Events::EventBus')
      .find(({ stack, properties }) => room.templates.resolve(stack, properties.Name!) === name);
    if (room === undefined || (bus === undefined && name !== DEFAULT))
      return { ErrorCode: 'ResourceNotFoundException' };
    const id = `00000000-0000-4000-8000-${(ids.length + 1).toString(16).padStart(12, '0')}`;
    ids.push(id);
    const event: RoomEvent = {
      version: '0',
      id,
      source: Source,
      account: from,
      time: now(),
      region: REGION,
      resources: [],
      'detail-type': DetailType,
      detail: JSON.parse(Detail),
    };
    const policy =
      bus?.properties.Policy === undefined ? undefined : room.templates.resolve(bus.stack, bus.properties.Policy);
    if (account !== from && !admits(policy as JsonMap | undefined, event))
      return { ErrorCode: 'NotAuthorizedForSourceException' };
    waiting.push({ account, bus: name, event });
    return { EventId: event.id };
  }

  async function deliverOne(carried: CarriedEvent, at?: string): Promise<void> {
    const { account, bus, event } = carried;
    const room = rooms.get(account)!;
    const { templates } = room;
    for (const { stack, properties } of templates.listResources('AWS::Events::Rule')) {
      // A rule without a pattern is the clock's.
      if (properties.EventPattern === undefined) continue;
      const { EventBusName, EventPattern, Targets } = templates.resolve(stack, {
        EventBusName: properties.EventBusName ?? DEFAULT,
        EventPattern: properties.EventPattern,
        Targets: properties.Targets ?? [],
      }) as JsonMap;
      if (EventBusName !== bus || !matchesEvent(EventPattern!, event as unknown as JsonMap)) continue;
      for (const { Arn } of Targets as readonly JsonMap[]) await reach(String(Arn), carried, room, at);
    }
  }

  async function reach(arn: string, carried: CarriedEvent, room: LocalRoom, at?: string): Promise<void> {
    const { event } = carried;
    const [, account, next] = BUS_ARN.exec(arn) ?? [];
    if (account !== undefined && next !== undefined) {
      waiting.push({ account, bus: next, event });
      return;
    }
    if (startMachine(arn, event)) return;
    const time = at ?? event.time;
    const reader = room.readerOf(arn);
    await tryThrice(
      () => (reader === undefined ? room.functionByArn(arn).invoke(event, time) : takeQueued(reader, [event], time)),
      () => dead.push(carried),
    );
  }

  return {
    ...kept,
    describe: (how) => (how === 'likeness' ? compared : kept).describe(how),
    waiting,
    dead,
    put,
    forge: (change) => {
      forge = change;
    },
    connect: (room) => {
      rooms.set(room.account, room);
    },
    async answer({ account, body }) {
      const { Entries } = JSON.parse(body) as { readonly Entries?: readonly PutEntry[] };
      if (Entries === undefined) return undefined;
      const answers = Entries.map((entry) => put(account, entry));
      const FailedEntryCount = answers.filter((answer) => 'ErrorCode' in answer).length;
      return { status: 200, body: JSON.stringify({ FailedEntryCount, Entries: answers }) };
    },
    async deliver(at) {
      // Until everybody has it, it waits: a bus that breaks off delivers it again.
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        const { event, ...place } = next;
        const detail = (await forge?.(next)) ?? event.detail;
        await deliverOne({ ...place, event: { ...event, detail } }, at);
        waiting.shift();
      }
    },
  };
}

/** Of an account: what services tell. */
const DEFAULT = 'default';
const BUS_ARN = /^arn:aws:events:[^:]+:(\d{12}):event-bus\/(.+)$/;

/** As Lambda calls a function that nobody waits for. */
async function tryThrice(call: () => Promise<unknown>, giveUp: () => void): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await call();
      return;
    } catch (error) {
      if (!(error instanceof FunctionFailed)) throw error;
      if (tries === 3) return giveUp();
    }
  }
}

/** A bus takes from another account what its policy says: who, and of what source and kind. */
function admits(policy: JsonMap | undefined, event: RoomEvent): boolean {
  const facts: Readonly<Record<string, string>> = {
    'events:source': event.source,
    'events:detail-type': event['detail-type'],
  };
  return listOf(policy?.Statement).some((each) => {
    const { Principal, Condition = {} } = each as JsonMap;
    const { AWS } = Principal as JsonMap;
    const { StringEquals = {}, ...others } = Condition as JsonMap;
    if (Object.keys(others).length > 0) throw new Error('The policy of a bus asks for what the carrier does not know.');
    return (
      listOf(AWS).some((arn) => String(arn) === `arn:aws:iam::${event.account}:root`) &&
      Object.entries(StringEquals as JsonMap).every(([name, wanted]) => listOf(wanted).includes(facts[name] ?? ''))
    );
  });
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
