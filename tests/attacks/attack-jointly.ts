import { createRandom } from '../../examples/telco-retail/generator/random';
import { type Finer, type Known, listFiner, makeShow } from './attack-downcoding';
import { type Held, readLevels } from './attack-minimality';

interface Ignorance {
  /** Members of whom the attacker knows no more than the group and the illness, all at once. */
  readonly unknown: number;
  /** Of so many members at a time, drawn by chance, each is asked about once, up to as many sets. */
  readonly sets: number;
  /** Ways to give the unknown values that are gone through: all where there are no more, else as many drawn by chance. */
  readonly ways: number;
}

/** Whom the rule makes likelier to have one value, by so much: what is drawn by chance differs by less. */
const LEAST_GAIN = 0.05;

/**
 * Downcoding of levels as `downcodeLevels` does it, where the exact age, postcode and sex of several members are unknown at once.
 * Of all ways to give them values that their groups show, those are left under which every finer level was refused; whoever has
 * one value in more of these than others do is said to have that. `possible`: how many ways are left of those
 * `tried`. `certain`: so many unknown members change no refusal, wherever they are.
 */
export function downcodeJointly(held: Held, finer: Finer, values: readonly Known[], ignorance: Ignorance) {
  const { unknown, sets, ways } = ignorance;
  const random = createRandom(unknown);
  const problem = poseProblem(held, finer, values);
  const order = problem.released.map((member) => ({ member, at: random.uniform() }));
  const members = order.sort((one, other) => one.at - other.at).map(({ member }) => member);
  const told = { certain: problem.certain, members: 0, told: 0, right: 0, base: 0, tried: 0, possible: 0 };
  for (let from = 0; from + unknown <= members.length && from < sets * unknown; from += unknown) {
    const set = members.slice(from, from + unknown);
    const choices = set.map((member) => problem.alike[member]!);
    const all = choices.reduce((product, own) => product * own.length, 1);
    const counts = choices.map((own) => new Float64Array(own.length));
    let possible = 0;
    for (let way = 0; way < Math.min(all, ways); way++) {
      let rest = way;
      const picked = choices.map(({ length }) => {
        if (all > ways) return random.integer(0, length - 1);
        const pick = rest % length;
        rest = Math.floor(rest / length);
        return pick;
      });
      if (!problem.isPossible(set, picked)) continue;
      possible += 1;
      for (const [place, pick] of picked.entries()) counts[place]![pick]! += 1;
    }
    const tried = Math.min(all, ways);
    told.tried += tried;
    told.possible += possible;
    for (const [place, own] of counts.entries()) {
      told.members += 1;
      // Where every way is as possible as before the rule tells nothing.
      if (possible === tried) continue;
      const most = Math.max(...own);
      if (most / possible - 1 / own.length < LEAST_GAIN) continue;
      told.told += 1;
      const guesses = choices[place]!.filter((_, at) => own[at] === most);
      told.right += guesses.includes(problem.truth[set[place]!]!) ? 1 / guesses.length : 0;
      told.base += 1 / own.length;
    }
  }
  return told;
}

/** Values are told by their number; what a finer level shows of them is a number, too. */
function poseProblem({ rows, members, k, l }: Held, finer: Finer, values: readonly Known[]) {
  const chosen = readLevels(rows);
  const most = finer.suppressAtMost * members.length;
  const showChosen = makeShow(chosen);
  const ofGroup = new Map<string, number[]>();
  for (const [value, known] of values.entries())
    ofGroup.set(showChosen(known), [...(ofGroup.get(showChosen(known)) ?? []), value]);
  const shown = new Set(rows.map((row) => JSON.stringify([row.age, row.zip, row.sex])));
  const illnesses = [...new Set(members.map(({ illness }) => illness))];
  const ill = members.map(({ illness }) => 1 << illnesses.indexOf(illness));
  const shows = listFiner(chosen, finer).map(makeShow);
  // Values that every level shows alike are one to the attacker.
  const showAll = (known: Known) => [showChosen, ...shows].map((show) => show(known)).join();
  const numbers = new Map(values.map((value, at) => [showAll(value), at]));
  const truth = members.map((person) => numbers.get(showAll(person))!);
  const nodes = shows.map((show) => {
    const cells = new Map<string, number>();
    const cellOf = Int32Array.from(values, (value) => {
      const cell = show(value);
      if (!cells.has(cell)) cells.set(cell, cells.size);
      return cells.get(cell)!;
    });
    return { cellOf, sizes: new Int32Array(cells.size), found: new Int32Array(cells.size) };
  });
  const held = Int32Array.from(truth);

  /** With what is in `held`. */
  function countLost({ cellOf, sizes, found }: (typeof nodes)[number]): number {
    sizes.fill(0);
    found.fill(0);
    for (const [member, value] of held.entries()) {
      sizes[cellOf[value]!]! += 1;
      found[cellOf[value]!]! |= ill[member]!;
    }
    return sizes.reduce((lost, size, cell) => lost + (size < k || countBits(found[cell]!) < l ? size : 0), 0);
  }

  return {
    truth,
    certain: Math.min(
      ...nodes.map((node) => {
        const lost = countLost(node);
        // Whoever is elsewhere leaves one cell, which may be lost by that, and comes to one, which may be so no longer.
        const largest = Math.max(k, ...node.sizes.filter((_, cell) => countBits(node.found[cell]!) < l));
        return Math.ceil((lost - most) / (2 * largest)) - 1;
      }),
    ),
    alike: truth.map((value) => ofGroup.get(showChosen(values[value]!)) ?? []),
    released: [...members.keys()].filter((member) => shown.has(showChosen(values[truth[member]!]!))),
    /** Whether every finer level was refused, had these members these of the values that their groups show. */
    isPossible: (set: readonly number[], picked: readonly number[]) => {
      for (const [place, member] of set.entries())
        held[member] = ofGroup.get(showChosen(values[truth[member]!]!))![picked[place]!]!;
      const isPossible = nodes.every((node) => countLost(node) > most);
      for (const member of set) held[member] = truth[member]!;
      return isPossible;
    },
  };
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
