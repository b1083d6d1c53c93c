import fc from 'fast-check';
import { leaveClasses, listClassSets } from '../../../../lib/domain/privacy/histogram/class-sets';
import { placeSubjects } from '../../../../lib/domain/privacy/histogram/place-subjects';

const CLASSES = 40;
/** Per subject the tuples that they have rows in, each a class of its own; some have so many that they are sorted otherwise. */
const people = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.nat(CLASSES - 1), { minLength: 20, maxLength: CLASSES }) },
  ),
  { maxLength: 40 },
);

function place(subjects: readonly (readonly number[])[]) {
  const spanning = subjects.filter(({ length }) => length > 1);
  let end = 0;
  const offsets = Uint32Array.from([0, ...spanning.map(({ length }) => (end += length))]);
  const settled = Uint32Array.from(
    { length: CLASSES },
    (_, tuple) => subjects.filter((own) => own.length === 1 && own[0] === tuple).length,
  );
  const classOf = Int32Array.from({ length: CLASSES }, (_, tuple) => tuple);
  return placeSubjects(
    { subjects: settled, spanning: { offsets, tuples: Uint32Array.from(spanning.flat()) } },
    CLASSES,
    classOf,
  );
}

function countByHand(subjects: readonly (readonly number[])[], isKept: (index: number) => boolean) {
  const sets = new Map<string, number>();
  for (const own of subjects) {
    const key = own
      .filter(isKept)
      .toSorted((one, other) => one - other)
      .join();
    if (key !== '') sets.set(key, (sets.get(key) ?? 0) + 1);
  }
  return sets;
}

function readSets({ offsets, classes, subjects }: ReturnType<typeof listClassSets>) {
  const listed = Array.from(
    subjects,
    (count, set) => [classes.subarray(offsets[set], offsets[set + 1]).join(), count] as const,
  );
  expect(new Set(listed.map(([key]) => key)).size).toBe(listed.length);
  return new Map(listed);
}

test('subjects by their sets of classes, and by what is left of these', () => {
  const kept = fc.array(fc.boolean(), { minLength: CLASSES, maxLength: CLASSES });
  const property = fc.property(people, kept, kept, (subjects, first, second) => {
    const sets = listClassSets(place(subjects));
    expect(readSets(sets)).toEqual(countByHand(subjects, () => true));
    const left = leaveClasses(sets, Uint8Array.from(first, Number));
    expect(readSets(left)).toEqual(countByHand(subjects, (index) => !first[index]));
    const rest = leaveClasses(left, Uint8Array.from(second, Number));
    expect(readSets(rest)).toEqual(countByHand(subjects, (index) => !first[index] && !second[index]));
  });
  fc.assert(property, { numRuns: 300 });
});
