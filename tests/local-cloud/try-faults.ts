import { EVERY_CALL } from './every-call';
import type { Comparison, Rewinder } from './rewind-room';
import { FunctionFailed, type LocalFunction } from './run-function';
import type { Fault, GatewayCall } from './start-gateway';
import type { LocalRoom } from './start-local-room';

/*
 * Every fault at every call of a flow, each end held against the end of the run that nothing disturbs.
 *
 * A crash. A function that has ended is called again and begins anew: what it does follows from what the cloud knows by then and
 * from what it is called with, and from nothing else. So of all crashes in one step that leave the cloud the same, one stands for
 * the others: the one after call n for the one before call n + 1 (the gateway lets one call through at a time), and the one after
 * the last change for all at calls that change nothing. The undisturbed run stops at each change and keeps that moment; from
 * each, whoever was under way is ended, and the step called again. That a call changed nothing is seen, not believed: with
 * EVERY_CALL all that the cloud knows is compared after each call. `npm test` compares what stand-ins know, and takes of moto's
 * calls for looks those that are named so, or were refused.
 *
 * Throttled, or not answered. A call that was throttled did nothing, and one that looks did nothing either if its answer is lost:
 * the SDK asks again, and all is as if nothing had been. So what happens at one call is not otherwise for what happened at
 * another before, and one run has them all. A change whose answer is lost may meet its own effect when it is made again: it has
 * a run of its own, every third of them in `npm test`, all with EVERY_CALL.
 *
 * And each step twice, all steps in another order before they come in theirs, and by clocks of functions that are minutes apart.
 */

/** A room, as far as faults need it. */
export interface TriedRoom extends Rewinder, Pick<LocalRoom, 'gateway' | 'setClocks'> {
  functionOf(caller: string): Pick<LocalFunction, 'crash'>;
}

export interface Flow<T> {
  readonly name: string;
  /** Whose functions are broken off. */
  readonly rooms: readonly TriedRoom[];
  /** Of which of them: all where absent. */
  readonly callers?: ReadonlySet<string>;
  /** What else there is between them, and goes back with them. */
  readonly others?: readonly Rewinder[];
  /** Events and schedules, in order. What fails is called again, as Lambda does it. */
  readonly steps: readonly (() => Promise<unknown>)[];
  /** How often the steps are gone through, if it is not over sooner; once where absent. */
  readonly turns?: number;
  readonly isOver?: () => Promise<boolean>;
  /** What has to hold even before somebody is called again. */
  readonly always?: () => Promise<void>;
  /** All that is to be seen at the end. */
  readonly look: () => Promise<T>;
  /** Where more than functions is under way within a step, it cannot be gone on with: it is run again up to the fault. */
  readonly isRunAgain?: boolean;
  /** What would end otherwise by right: where time itself is what happens, its order, or its exact moment. */
  readonly apart?: readonly ('order' | 'clocks')[];
  /** In `npm test` only every so many-th change is tried: where a run takes many seconds. */
  readonly stride?: number;
}

/** Where a run may be broken off. */
interface Place {
  /** Steps before it. */
  readonly step: number;
  /** Calls of the room since the step began, the one concerned included; 0: before any. */
  readonly at: number;
  readonly room: TriedRoom;
  readonly caller: string;
  readonly operation: string;
}

interface Moment extends Place {
  readonly isStart: boolean;
}

export interface Tried<T> {
  /** Of the undisturbed run. */
  readonly end: T;
  readonly calls: readonly Place[];
  readonly runs: number;
}

/** One run from a moment on. */
interface Trial<T> {
  readonly what: string;
  /** Makes the fault, or has it made; the world has gone back to the moment. */
  readonly disturb?: () => unknown;
  /** The fault is made within one step, and nothing goes otherwise after that. */
  readonly isOnce?: boolean;
  /** Where more than a step goes otherwise. */
  readonly changed?: Partial<Flow<T>>;
  /** Is told of each step, before it. */
  readonly before?: (step: number) => void;
  /** What the run, now that it is over, has left to others. */
  readonly left?: () => readonly Trial<T>[];
}

export async function tryFaults<T>(flow: Flow<T>): Promise<Tried<T>> {
  const world: readonly Rewinder[] = [...flow.rooms, ...(flow.others ?? [])];
  const toAll = async (act: 'remember' | 'rewind' | 'forget') => {
    for (const each of world) await each[act]();
  };
  const describe = async (how: Comparison) => (await Promise.all(world.map((each) => each.describe(how)))).join();
  const recorded = await record(flow, toAll, describe);
  const { calls, moments, ways, end } = recorded;
  const changes = moments.filter(({ isStart }) => !isStart);
  const stride = EVERY_CALL ?? flow.stride ?? 1;
  const broken = changes.filter((_, index) => index % stride === 0);
  const lost = changes.filter((_, index) => index % (EVERY_CALL ?? 3 * stride) === 0);
  let runs = 0;
  let met = 0;
  const meets = async (step: number) => ways[step] !== undefined && (await describe('likeness')) === ways[step];
  const failed: string[] = [];
  for (const moment of moments.toReversed()) {
    const trials: Trial<T>[] = [
      ...listBreaks(flow, moment, broken, moment === moments[0]),
      ...(moment.isStart ? lost.filter(({ step }) => step === moment.step).map((each) => orderAt('lost', each)) : []),
      ...(moment === moments[0] ? [...listTogether(flow, calls), ...listOrders(flow), ...listClocks(flow)] : []),
    ];
    for (const { what, disturb, isOnce, changed, before, left } of trials) {
      const point = `${flow.name}: ${what}, step ${moment.step + 1}`;
      await toAll('rewind');
      try {
        await disturb?.();
        const isMet = await goOn({ ...flow, ...changed }, moment.step, before, isOnce ? meets : undefined);
        if (calmDown(flow.rooms)) throw new Error('the fault was never made.');
        if (isMet) met += 1;
        else expect(await flow.look()).toEqual(end);
        trials.push(...(left?.() ?? []));
      } catch (error) {
        failed.push(`${point}: ${error instanceof Error ? error.message : String(error)}`);
        calmDown(flow.rooms);
      }
    }
    runs += trials.length;
    await toAll('forget');
  }
  if (failed.length > 0) throw new Error(`${failed.length} of ${runs} runs end otherwise.\n${failed.join('\n\n')}`);
  console.info(
    `${flow.name}: ${4 * calls.length} fault points at ${calls.length} calls (ended before, ended after, throttled, not answered); ` +
      `of ${changes.length + 1} worlds that crashes leave ${broken.length + 1} gone on from; ` +
      `of ${changes.length} changes ${lost.length} not answered alone; ${runs} runs with those twice, in another order, by other clocks; ${met} met the undisturbed run before its end`,
  );
  return { end, calls, runs };
}

/** @returns whether a fault that was ordered was never made */
function calmDown(rooms: readonly TriedRoom[]): boolean {
  for (const room of rooms) room.setClocks(0);
  return rooms.map(({ gateway }) => gateway.order(undefined)).includes(true);
}

/** Of crashes, those that leave what is there at this moment; where the step is run again, those within it. */
function listBreaks<T>(
  flow: Flow<T>,
  moment: Moment,
  broken: readonly Moment[],
  isFirst: boolean,
): readonly Trial<T>[] {
  const end = async () => {
    if (moment.caller !== '') await moment.room.functionOf(moment.caller).crash();
    await flow.always?.();
  };
  if (moment.isStart) {
    const again = flow.isRunAgain === true ? broken.filter(({ step }) => step === moment.step) : [];
    // What a step's first call finds when it is made by a function that begins anew: warm or not is all that differs.
    const isDue = isFirst || (EVERY_CALL !== undefined && moment.caller !== '');
    const before = isDue ? [{ what: 'ended before its first call', disturb: end, isOnce: true }] : [];
    return [...again.map((each) => orderAt('crash-after', each)), ...before];
  }
  if (flow.isRunAgain === true || !broken.includes(moment)) return [];
  return [{ what: `ended after ${describePlace(moment)}`, disturb: end, isOnce: true }];
}

function orderAt(kind: Fault['kind'], place: Place): Trial<never> {
  return {
    what: `${kind} at ${describePlace(place)}`,
    disturb: () => place.room.gateway.order({ kind, at: place.at }),
    isOnce: true,
  };
}

/** Every call throttled; every look not answered. A kind of call that such a run goes without has a run of its own. */
function listTogether<T>(flow: Flow<T>, calls: readonly Place[]): readonly Trial<T>[] {
  const isOurs = ({ caller }: GatewayCall) => flow.callers?.has(caller) !== false;
  const isLook = ({ operation }: { readonly operation: string }) => LOOKS.test(operation);
  return (['throttled', 'lost'] as const).map((kind) => {
    const wanted = kind === 'throttled' ? calls : calls.filter(isLook);
    let since: readonly number[] = [];
    return {
      what: `every call ${kind}`,
      disturb: async () => {
        // SDKs give up asking again after some tries that ended badly, whatever for: each begins with all of its tries.
        for (const each of new Set(calls.map(({ room, caller }) => room.functionOf(caller)))) await each.crash();
        since = flow.rooms.map(({ gateway }) => gateway.calls.length);
        for (const { gateway } of flow.rooms)
          gateway.order({ kind, due: (call) => isOurs(call) && (kind === 'throttled' || isLook(call)) });
      },
      left: () => {
        const made = flow.rooms.flatMap(({ gateway }, index) => gateway.calls.slice(since[index]));
        const faulted = new Set(made.filter(({ status }) => status === undefined).map(nameKind));
        const missed = new Map(wanted.map((each) => [nameKind(each), each]));
        return [...missed].flatMap(([name, place]) => (faulted.has(name) ? [] : [orderLater(kind, place)]));
      },
    };
  });
}

/** From the beginning of the flow: without a fault up to the step. */
function orderLater(kind: Fault['kind'], place: Place): Trial<never> {
  const { room, at, step } = place;
  return {
    what: `${kind} at ${describePlace(place)}, which no run with all came to`,
    before: (next) => {
      if (next === step) room.gateway.order({ kind, at });
    },
  };
}

/** Events may come twice, and in any order, if they come in the right one at last. */
function listOrders<T>({ steps, apart }: Flow<T>): readonly Trial<T>[] {
  const twice = { what: 'each step twice', changed: { steps: steps.flatMap((step) => [step, step]) } };
  if (steps.length === 1 || apart?.includes('order') === true) return [twice];
  return [twice, { what: 'in another order before', changed: { steps: [...steps.toReversed(), ...steps] } }];
}

/** Less than the five minutes that lie between a moment and what is done about it. */
const WRONG = 4 * 60_000;

function listClocks<T>({ rooms, apart }: Flow<T>): readonly Trial<T>[] {
  if (apart?.includes('clocks') === true) return [];
  const disturb = () => {
    for (const room of rooms) room.setClocks(WRONG);
  };
  return [{ what: 'by clocks that are wrong', disturb }];
}

function describePlace({ at, caller, operation }: Place): string {
  return `call ${at} of ${caller}, ${operation}`;
}

/** The undisturbed run; at every change, the world as it is then. */
async function record<T>(
  flow: Flow<T>,
  toAll: (act: 'remember') => Promise<void>,
  describe: (how: Comparison) => Promise<string>,
) {
  const how = EVERY_CALL === undefined ? 'stand-ins' : 'whole';
  /** As it was before each step. */
  const ways: string[] = [];
  const calls: Place[] = [];
  const moments: Moment[] = [];
  let step = 0;
  let known = '';
  const keep = async (place: Place) => {
    await toAll('remember');
    moments.push({ ...place, isStart: place.at === 0 });
    known = await describe(how);
  };
  for (const room of flow.rooms)
    room.gateway.watch(async (call, at) => {
      const { caller, operation } = call;
      if (flow.callers?.has(caller) === false) return;
      const place = { step, at, room, caller, operation };
      calls.push(place);
      const isOther = (await describe(how)) !== known;
      if (isOther || (EVERY_CALL === undefined && isNamedChange(call))) await keep(place);
    });
  for (; step < flow.steps.length * (flow.turns ?? 1); step += 1) {
    if (await isOver(flow, step)) break;
    for (const { gateway } of flow.rooms) gateway.order(undefined);
    ways.push(await describe('likeness'));
    const start = moments.length;
    await keep({ step, at: 0, room: flow.rooms[0]!, caller: '', operation: '' });
    const before = calls.length;
    await tryThrice(flow.steps[step % flow.steps.length]!);
    const first = calls[before];
    if (first !== undefined && moments[start]?.at === 0) moments[start] = { ...first, at: 0, isStart: true };
  }
  for (const { gateway } of flow.rooms) gateway.watch(undefined);
  // A copy: what stand-ins know is theirs, and changes with every run.
  return { calls, moments, ways, end: structuredClone(await flow.look()) };
}

/** @returns whether it met the undisturbed run, from where on all is as it was there */
async function goOn<T>(
  flow: Flow<T>,
  from: number,
  before?: (step: number) => void,
  meets?: (step: number) => Promise<boolean>,
): Promise<boolean> {
  for (let step = from; step < flow.steps.length * (flow.turns ?? 1); step += 1) {
    if (await isOver(flow, step)) return false;
    if (step > from && (await meets?.(step)) === true) return true;
    before?.(step);
    await tryThrice(flow.steps[step % flow.steps.length]!);
  }
  return false;
}

async function isOver<T>({ steps, isOver: ask }: Flow<T>, step: number): Promise<boolean> {
  return step % steps.length === 0 && (await ask?.()) === true;
}

/** As Lambda calls again what failed. */
async function tryThrice(step: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await step();
      return;
    } catch (error) {
      if (!(error instanceof FunctionFailed) || tries === 3) throw error;
    }
  }
}

/** What only looks, or only reckons, of the services that moto does. */
const LOOKS = /^(Get|Head|List|Describe|Query|Scan|BatchGet|FilterLog|Sign$|GenerateMac|Decrypt|AssumeRole)/;

function isNamedChange({ operation, status = 0, service }: GatewayCall): boolean {
  return !LOOKS.test(operation) && status < 400 && service !== 'events';
}

function nameKind({ caller, operation }: { readonly caller: string; readonly operation: string }): string {
  return `${caller} ${operation}`;
}
