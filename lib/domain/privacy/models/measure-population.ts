import type { PlannedDataset } from '../../agreement/plan/plan';
import type { MeasuredClasses } from '../certificate/release-measurement';
import { buildLadder } from '../hierarchies/build-ladder';
import { typeInClass } from '../hierarchies/type-in-class';
import type { Population } from '../histogram/population';
import type { PrivacyFloor } from './privacy-floor';
import { thresholdOf } from './sample-threshold';

/**
 * What the written classes stand for in the population, from what they show. Where only its size is known k-map is
 * estimated: the greatest number that classes as small as the smallest one let be concluded. `subjects`: of each class.
 * `levels`: at which each class column is said to be shown; by them a group is told from a value of the same name.
 */
export function measurePopulation(
  dataset: PlannedDataset,
  { kMap, presence, population }: PrivacyFloor,
  subjects: Uint32Array,
  shown: readonly (readonly (string | null)[])[] | undefined,
  levels: readonly number[] = [],
): Pick<MeasuredClasses, 'kMap' | 'presence'> {
  if (!population || subjects.length === 0) return {};
  if (population.kind === 'size') {
    if (kMap === undefined) return {};
    const fraction = subjects.reduce((sum, count) => sum + count, 0) / population.subjects;
    const smallest = subjects.reduce((least, count) => Math.min(least, count));
    return { kMap: estimateKMap(smallest, fraction) };
  }
  if (!shown) return {};
  const counts = countBehind(dataset, population, shown, levels, subjects.length);
  const shares = Array.from(subjects, (count, index) => count / counts[index]!);
  return {
    ...(kMap !== undefined && {
      kMap: counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
    }),
    ...(presence !== undefined && {
      presence: {
        least: shares.reduce((least, share) => Math.min(least, share), Number.POSITIVE_INFINITY),
        greatest: shares.reduce((most, share) => Math.max(most, share), 0),
      },
    }),
  };
}

function estimateKMap(smallest: number, fraction: number): number {
  let low = smallest;
  let high = Math.max(smallest, Math.ceil((smallest + 1) / Math.min(1, fraction)));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (thresholdOf(middle, fraction) <= smallest) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Subjects of the population per class: those whose values are shown as the class shows them. Levels that nobody told are found
 * from what is shown, the most precise one first, so that a class is never taken to stand for more than it does.
 */
function countBehind(
  dataset: PlannedDataset,
  { rows }: Extract<Population, { kind: 'counts' }>,
  shown: readonly (readonly (string | null)[])[],
  told: readonly number[],
  classes: number,
): Float64Array {
  const texts = dataset.classColumns.map(({ column: name, generalisation }, index) => {
    const values = [...new Set(rows.map(({ values: row }) => row[index] ?? null))];
    const ladder = buildLadder(generalisation, typeInClass(dataset, name), { name, values });
    if (ladder.kind !== 'ladder') return { places: new Map<string | null, number>(), levels: [] };
    const levels = ladder.levels.map((level) => values.map((_, value) => level.shown[level.codes[value]!] ?? null));
    return { places: new Map(values.map((value, place) => [value, place])), levels };
  });
  const bySignature = new Map<string, number[]>();
  const known = texts.map(({ levels }) => levels.map((level) => new Set(level)));
  for (let index = 0; index < classes; index++) {
    const signature = known.map((levels, column) =>
      levels.findIndex((level, place) => place === (told[column] ?? place) && level.has(shown[column]![index]!)),
    );
    const key = signature.join();
    bySignature.set(key, [...(bySignature.get(key) ?? []), index]);
  }
  const counts = new Float64Array(classes);
  for (const [key, members] of bySignature) {
    const signature = key === '' ? [] : key.split(',').map(Number);
    if (signature.includes(-1)) continue;
    const classOf = new Map(members.map((index) => [JSON.stringify(shown.map((column) => column[index])), index]));
    for (const { values, subjects } of rows) {
      const cells = texts.map(
        ({ places, levels }, column) => levels[signature[column]!]![places.get(values[column] ?? null)!],
      );
      const index = classOf.get(JSON.stringify(cells));
      if (index !== undefined) counts[index]! += subjects;
    }
  }
  return counts;
}
