import type { ClassTable } from './class-table';
import { hashPair } from './hash-pair';

/** Subjects by the classes that they have rows in, each set named once: whom somebody who follows subjects cannot tell apart. */
export interface ClassSets {
  /** Set s holds the classes `classes[offsets[s] … offsets[s + 1] − 1]`, ascending. */
  readonly offsets: Uint32Array;
  readonly classes: Uint32Array;
  /** Subjects with exactly these classes, one at least. */
  readonly subjects: Uint32Array;
}

/** Of all subjects of a table, those with one class alone too. */
export function listClassSets({
  classes,
  subjects,
  spanning,
}: Pick<ClassTable, 'classes' | 'subjects' | 'spanning'>): ClassSets {
  const alone = subjects.slice();
  for (const index of spanning.classes) alone[index]! -= 1;
  const single = Uint32Array.from(alone.keys()).filter((index) => alone[index]! > 0);
  const listed = sortWithin(spanning.offsets, spanning.classes);
  const sets = new Uint32Array(single.length + listed.length);
  sets.set(single);
  sets.set(listed, single.length);
  const offsets = new Uint32Array(single.length + spanning.offsets.length);
  for (let place = 0; place < single.length; place++) offsets[place] = place;
  for (const [place, offset] of spanning.offsets.entries()) offsets[single.length + place] = single.length + offset;
  const held = new Uint32Array(offsets.length - 1).fill(1);
  for (const [place, index] of single.entries()) held[place] = alone[index]!;
  return joinSets({ offsets, classes: sets, subjects: held }, classes);
}

/** Those that are left of `sets` without some classes; whoever is left in none is gone. `fails`: 1 for a class that goes. */
export function leaveClasses(sets: ClassSets, fails: Uint8Array): ClassSets {
  const offsets = new Uint32Array(sets.offsets.length);
  const classes = new Uint32Array(sets.classes.length);
  const subjects = new Uint32Array(sets.subjects.length);
  let kept = 0;
  let size = 0;
  for (let set = 0; set < sets.subjects.length; set++) {
    for (let place = sets.offsets[set]!; place < sets.offsets[set + 1]!; place++)
      if (fails[sets.classes[place]!] === 0) classes[size++] = sets.classes[place]!;
    if (size === offsets[kept]) continue;
    subjects[kept] = sets.subjects[set]!;
    offsets[++kept] = size;
  }
  const left = { offsets: offsets.subarray(0, kept + 1), classes: classes.subarray(0, size) };
  return joinSets({ ...left, subjects: subjects.subarray(0, kept) }, fails.length);
}

/** Sets that are the same become one. Each is a path in a tree of classes, of which a number stands for each beginning. */
export function joinSets({ offsets, classes, subjects }: ClassSets, count: number): ClassSets {
  const enter = createTree(count, classes.length);
  /** Per path, which of the joined sets ends there, counted from 1. */
  const joinedAt = new Uint32Array(count + classes.length);
  const firsts: number[] = [];
  const sums: number[] = [];
  let size = 0;
  for (let set = 0; set < subjects.length; set++) {
    let path = classes[offsets[set]!]!;
    for (let place = offsets[set]! + 1; place < offsets[set + 1]!; place++) path = enter(path, classes[place]!);
    const joined = joinedAt[path]!;
    if (joined > 0) sums[joined - 1]! += subjects[set]!;
    else {
      joinedAt[path] = firsts.push(set);
      sums.push(subjects[set]!);
      size += offsets[set + 1]! - offsets[set]!;
    }
  }
  const joinedOffsets = new Uint32Array(firsts.length + 1);
  const joinedClasses = new Uint32Array(size);
  for (const [place, set] of firsts.entries()) {
    const own = classes.subarray(offsets[set], offsets[set + 1]);
    joinedClasses.set(own, joinedOffsets[place]);
    joinedOffsets[place + 1] = joinedOffsets[place]! + own.length;
  }
  return { offsets: joinedOffsets, classes: joinedClasses, subjects: Uint32Array.from(sums) };
}

/**
 * Numbers paths of classes, exactly: one of a single class is that class, of `count`; of a longer one it is asked by its
 * beginning and its last class. `longer`: the most of these that there are.
 */
function createTree(count: number, longer: number): (path: number, last: number) => number {
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * longer + 2)));
  const mask = slots.length - 1;
  const paths = new Uint32Array(longer);
  const lasts = new Uint32Array(longer);
  let known = 0;
  return (path, last) => {
    let slot = hashPair(path, last) & mask;
    // A slot holds a place + 1, so that 0 is a free one.
    for (let found = slots[slot]!; found > 0; found = slots[slot]!) {
      if (paths[found - 1] === path && lasts[found - 1] === last) return count + found - 1;
      slot = (slot + 1) & mask;
    }
    paths[known] = path;
    lasts[known] = last;
    slots[slot] = ++known;
    return count + known - 1;
  };
}

function sortWithin(offsets: Uint32Array, classes: Uint32Array): Uint32Array {
  const sorted = classes.slice();
  for (let set = 0; set + 1 < offsets.length; set++) {
    const [from, to] = [offsets[set]!, offsets[set + 1]!];
    if (to - from > MOST_INSERTED) sorted.subarray(from, to).sort();
    else
      for (let place = from + 1; place < to; place++) {
        const own = sorted[place]!;
        let at = place;
        for (; at > from && sorted[at - 1]! > own; at--) sorted[at] = sorted[at - 1]!;
        sorted[at] = own;
      }
  }
  return sorted;
}

/** Of so few it takes less time to insert each where it belongs. */
const MOST_INSERTED = 24;
