import type { ClassSizeCount } from './class-size-count';

/** Subjects of each place (a tuple or a class). */
export interface PlaceCounts {
  /** `settled[place]`: subjects that are nowhere else. */
  readonly settled: Uint32Array;
  /** One entry per spanning subject and place that it is in, sorted by both. Subjects are numbered from 0. */
  readonly spanning: { readonly numbers: Uint32Array; readonly places: Uint32Array };
}

/** Distinct subjects per place. */
export function sumSubjects({ settled, spanning }: PlaceCounts): Uint32Array {
  const subjects = settled.slice();
  for (const place of spanning.places) subjects[place]! += 1;
  return subjects;
}

/** Places by size; those without any subject (rows that name none) have no size. */
export function countSizes(subjects: Uint32Array, rows: Uint32Array): readonly ClassSizeCount[] {
  const sizes = new Map<number, { subjects: number; classes: number; rows: number }>();
  subjects.forEach((size, place) => {
    if (size === 0) return;
    const counted = sizes.get(size) ?? { subjects: size, classes: 0, rows: 0 };
    counted.classes++;
    counted.rows += rows[place]!;
    sizes.set(size, counted);
  });
  return [...sizes.values()].toSorted((left, right) => left.subjects - right.subjects);
}

/** Where each group begins, from the sorted group of every entry; groups are numbered from 0. */
export function offsetsOf(sorted: Uint32Array, groups = sorted.length === 0 ? 0 : sorted.at(-1)! + 1): Uint32Array {
  const offsets = new Uint32Array(groups + 1);
  for (const group of sorted) offsets[group + 1]! += 1;
  for (let group = 0; group < groups; group++) offsets[group + 1]! += offsets[group]!;
  return offsets;
}

/** Values by place, 0 where there is none. */
export function scatter(at: Uint32Array, values: Uint32Array, length: number): Uint32Array {
  const scattered = new Uint32Array(length);
  at.forEach((place, index) => {
    scattered[place] = values[index]!;
  });
  return scattered;
}
