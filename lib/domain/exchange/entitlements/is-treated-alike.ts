import canonicalize from 'canonicalize';
import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';

/**
 * Whether two versions make the same release of a leg, from the same dataset and by the same way: columns, treatments, floor,
 * marks. What the receiver may do with it, for how long and how often it is due are asked when it is read, by what is in force
 * then. What is new in a leg counts as another treatment until it stands here.
 */
export function isTreatedAlike(leg: string, one: Plan, other: Plan): boolean {
  const [first, second] = [describe(leg, one), describe(leg, other)];
  return first !== undefined && first === second;
}

/**
 * Whether both versions have a leg, and by the same way. Of another room's leg this is all that can be compared: how it is treated is
 * between its giver and its receiver.
 */
export function goesTheSameWay(id: string, one: Plan, other: Plan): boolean {
  const [first, second] = [one, other].map((plan) => allLegs(plan).find((leg) => leg.id === id)?.via.kind);
  return first !== undefined && first === second;
}

/** A plan never changes: each of its legs is written once, for all releases that are asked about. */
const DESCRIBED = new WeakMap<Plan, Map<string, string | undefined>>();

function describe(id: string, plan: Plan): string | undefined {
  const known = DESCRIBED.get(plan) ?? new Map<string, string | undefined>();
  DESCRIBED.set(plan, known);
  if (!known.has(id)) known.set(id, writeLeg(id, plan));
  return known.get(id);
}

function writeLeg(id: string, { legs, datasets }: Plan): string | undefined {
  const leg = legs.find((each) => each.id === id);
  if (leg === undefined) return undefined;
  const { every: _, retain: __, quota: ___, purposes: ____, forbids: _____, safeguardBy: ______, ...treated } = leg;
  return canonicalize({ leg: treated, dataset: datasets.find((each) => each.id === leg.dataset) ?? null });
}
