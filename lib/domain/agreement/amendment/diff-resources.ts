import { listResources, type ResourceKind, type RoomResource } from '../../room/list-resources';
import type { Plan } from '../plan/plan';
import { isSame } from './is-same';

/** Something of the room that an amendment has made, changed or taken away. */
export interface ResourceChange {
  /** `replaced`: it cannot be changed, so that another takes its place. */
  readonly change: 'added' | 'removed' | 'changed' | 'replaced';
  readonly what: ResourceKind;
  /** Of `RoomResource`. */
  readonly id: string;
}

/** What a receiver has to do again, or for the first time, before it gets a leg's releases. */
export interface StepAnew {
  readonly party: string;
  readonly leg: string;
  /** With the party before it, e.g. `accepts the data grant`. */
  readonly does: string;
}

/** What of the room comes, goes or is another, in the order of what is there before and then of what is new. */
export function diffResources(old: Plan, next: Plan): readonly ResourceChange[] {
  const [before, after] = [indexResources(old), indexResources(next)];
  return [...new Map([...before, ...after])].flatMap(([key, { what, id }]): readonly ResourceChange[] => {
    const [one, other] = [before.get(key), after.get(key)];
    if (one === undefined) return [{ change: 'added', what, id }];
    if (other === undefined) return [{ change: 'removed', what, id }];
    if (isSame(one.says, other.says)) return [];
    return [{ change: GRANTED.has(what) ? 'replaced' : 'changed', what, id }];
  });
}

function indexResources(plan: Plan): ReadonlyMap<string, RoomResource> {
  return new Map(listResources(plan).map((each) => [`${each.what} ${each.id}`, each]));
}

/** A grant is to one account. */
const GRANTED: ReadonlySet<ResourceKind> = new Set(['data grant', 'share']);

/** By what a leg of the next version newly reaches its receiver, and what that has to do for it. */
export function listStepsAnew(resources: readonly ResourceChange[], next: Plan): readonly StepAnew[] {
  return resources.flatMap(({ change, what, id }) => {
    const does = STEPS[what];
    const leg = next.legs.find((each) => each.id === id);
    return change === 'removed' || does === undefined || leg === undefined ? [] : [{ party: leg.to, leg: id, does }];
  });
}

const STEPS: Readonly<Partial<Record<ResourceKind, string>>> = {
  'data grant': 'accepts the data grant',
  'place in the product': 'subscribes to the product',
  share: 'accepts the share of tables',
  inbox: 'fetches from its inbox by SFTP',
  links: "fetches by the room's API",
  'warehouse role': 'sets up its warehouse',
};
