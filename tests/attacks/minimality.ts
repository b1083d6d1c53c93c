import { createRandom } from '../../examples/telco-retail/generator/random';

/**
 * What a group's members can have, to whoever knows who is in the delivery and their quasi-identifiers, and knows that what
 * was released is the least that keeps the floor (Wong, Fu, Wang and Pei, "Minimality attack in privacy preserving data
 * publishing", VLDB 2007). Places are those of the members in the attacker's list.
 */
export interface MinimalityProblem {
  /** Released groups: who is in each, and what they have, in no order. */
  readonly groups: readonly { readonly members: readonly number[]; readonly illnesses: readonly string[] }[];
  /**
   * What was finer and was not released, though every part of it holds k: at least one of its parts holds fewer than l
   * illnesses. Without any there is nothing to conclude.
   */
  readonly refused: readonly (readonly (readonly number[])[])[];
  readonly l: number;
}

/** A guess about one member: `base` is how likely it is by the group's share, which is all that the release says itself. */
export interface MinimalityGuess {
  readonly member: number;
  readonly illness: string;
  readonly base: number;
}

const STEPS = 6000;
/** How much likelier a step is that refuses one cut more; only states in which all are refused are counted. */
const PULL = 3;

/** Of whom the rule tells less it is not asked. */
const LEAST_GAIN = 0.1;

/**
 * Walks over the ways to hand each group's illnesses to its members, by exchanging two at a time, and counts those in which
 * everything was refused that was; of each member it names the illness which that makes likelier most.
 */
export function guessByMinimality({ groups, refused, l }: MinimalityProblem, seed: number): readonly MinimalityGuess[] {
  if (refused.length === 0) return [];
  const random = createRandom(seed);
  const held = new Map<number, string>();
  for (const { members, illnesses } of groups)
    for (const [place, member] of members.entries()) held.set(member, illnesses[place]!);
  const fails = (part: readonly number[]) => new Set(part.map((member) => held.get(member))).size < l;
  const countOpen = () => refused.filter((parts) => !parts.some(fails)).length;
  const counts = new Map<number, Map<string, number>>();
  let open = countOpen();
  let found = 0;
  for (let step = 0; step < STEPS; step++) {
    const { members } = groups[random.integer(0, groups.length - 1)]!;
    const [one, other] = [0, 1].map(() => members[random.integer(0, members.length - 1)]!) as [number, number];
    const [left, right] = [held.get(one)!, held.get(other)!];
    held.set(one, right).set(other, left);
    const next = left === right ? open : countOpen();
    if (next <= open || random.chance(Math.exp(PULL * (open - next)))) open = next;
    else held.set(one, left).set(other, right);
    // The first half is the way to where it may begin.
    if (open > 0 || step < STEPS / 2) continue;
    found += 1;
    for (const [member, illness] of held) {
      const own = counts.get(member) ?? new Map<string, number>();
      counts.set(member, own.set(illness, (own.get(illness) ?? 0) + 1));
    }
  }
  if (found === 0) return [];
  return groups.flatMap(({ members, illnesses }) =>
    members.flatMap((member) => {
      const shares = [...new Set(illnesses)].map((illness) => {
        const base = illnesses.filter((each) => each === illness).length / illnesses.length;
        return { member, illness, base, gain: (counts.get(member)!.get(illness) ?? 0) / found - base };
      });
      const { gain, ...guess } = shares.reduce((most, each) => (each.gain > most.gain ? each : most));
      return gain < LEAST_GAIN ? [] : [guess];
    }),
  );
}
