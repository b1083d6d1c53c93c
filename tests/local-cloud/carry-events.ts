import type { Json, JsonMap } from './room-templates';
import { FunctionFailed } from './run-function';
import type { StandIn } from './serve-from-model';
import { type LocalRoom, REGION } from './start-local-room';

/*
 * EventBridge between rooms, and within one: events go by the buses, their policies and the rules that the templates have, to
 * the functions that those name. moto would keep them.
 */

/** Events are delivered when a test says so, in its order. */
export interface EventCarrier extends StandIn {
  connect(room: LocalRoom): void;
  /** Events that were put and not delivered yet. */
  readonly waiting: CarriedEvent[];
  /** Events whose function failed three times. */
  readonly dead: CarriedEvent[];
  /** Puts an event as an account of nobody's room would. */
  put(from: string, entry: PutEntry): { readonly ErrorCode?: string };
  /** Delivers what waits, and what follows from it, each to every rule that wants it. */
  deliver(): Promise<void>;
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

export function carryEvents(now: () => string): EventCarrier {
  const rooms = new Map<string, LocalRoom>();
  const waiting: CarriedEvent[] = [];
  const dead: CarriedEvent[] = [];
  let count = 0;

  function put(from: string, { Source, DetailType, Detail, EventBusName }: PutEntry) {
    const [, account = from, name = EventBusName] = BUS_ARN.exec(EventBusName) ?? [];
    const room = rooms.get(account);
    const bus = room?.templates
      .listResources('AWS::Events::EventBus')
      .find(({ stack, properties }) => room.templates.resolve(stack, properties.Name!) === name);
    if (room === undefined || bus === undefined) return { ErrorCode: 'ResourceNotFoundException' };
    count += 1;
    const event: RoomEvent = {
      version: '0',
      id: `event-${count}`,
      source: Source,
      account: from,
      time: now(),
      region: REGION,
      resources: [],
      'detail-type': DetailType,
      detail: JSON.parse(Detail),
    };
    const policy =
      bus.properties.Policy === undefined ? undefined : room.templates.resolve(bus.stack, bus.properties.Policy);
    if (account !== from && !admits(policy as JsonMap | undefined, event))
      return { ErrorCode: 'NotAuthorizedForSourceException' };
    waiting.push({ account, bus: name, event });
    return { EventId: event.id };
  }

  async function deliverOne(carried: CarriedEvent): Promise<void> {
    const { account, bus, event } = carried;
    const room = rooms.get(account)!;
    const { templates } = room;
    for (const { stack, properties } of templates.listResources('AWS::Events::Rule')) {
      const {
        EventBusName = 'default',
        EventPattern,
        Targets = [],
      } = templates.resolve(stack, {
        EventBusName: properties.EventBusName ?? 'default',
        EventPattern: properties.EventPattern ?? {},
        Targets: properties.EventBusName === undefined ? [] : (properties.Targets ?? []),
      }) as JsonMap;
      if (EventBusName !== bus || !matches(EventPattern as JsonMap, event)) continue;
      for (const { Arn } of Targets as readonly JsonMap[])
        await tryThrice(
          () => room.functionByArn(String(Arn)).invoke(event, event.time),
          () => dead.push(carried),
        );
    }
  }

  return {
    waiting,
    dead,
    put,
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
    async deliver() {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await deliverOne(next);
    },
  };
}

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

function matches(pattern: JsonMap, event: RoomEvent): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    const actual = { source: event.source, 'detail-type': event['detail-type'] }[name];
    if (actual === undefined) throw new Error(`The carrier does not know the pattern ${name}.`);
    return listOf(wanted).includes(actual);
  });
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
