import type { PrivacyFloor } from '../../../lib/domain/privacy/models/privacy-floor';
import type { Hierarchy, Table, TableRow } from './table';

/**
 * People like those of a census, from a fixed seed: correlated, skewed, some asked twice. `weights`: of age, sex,
 * region, occupation and household. The sensitive column is income, in five bands.
 */
export function generateCensus(
  people: number,
  floor: PrivacyFloor,
  weights: readonly number[] = [1, 1, 1, 1, 1],
): Table {
  const random = createRandom(20_260_305);
  const rows: TableRow[] = [];
  for (let person = 0; person < people; person++) {
    const age = 18 + Math.floor(60 * (random() * 0.6 + random() * 0.4));
    const region = Math.floor(12 * random() ** 2);
    const occupation = Math.min(9, Math.floor(region / 4 + 8 * random() ** 1.5));
    const household = age < 30 ? Math.floor(2 * random()) : Math.floor(5 * random() ** 2);
    const income = Math.min(4, Math.floor((age / 30 + occupation / 4) * random()));
    const values = [
      `${age}`,
      random() < 0.55 ? 'f' : 'm',
      `r${region}`,
      `o${occupation}`,
      household === 4 ? null : `h${household}`,
    ];
    const answers = random() < 0.1 ? 2 : 1;
    for (let answer = 0; answer < answers; answer++) {
      const moved = answer === 0 ? values : values.with(2, `r${Math.floor(12 * random())}`);
      rows.push({ values: moved, subject: `p${person}`, sensitive: income });
    }
  }
  return {
    columns: [
      column('age', 18, 77, (age) => [`${age}`, band(age, 5), band(age, 10), band(age, 20), '*']),
      column('sex', 0, 1, (sex) => ['fm'.charAt(sex), '*']),
      column('region', 0, 11, (region) => [
        `r${region}`,
        `area ${Math.floor(region / 3)}`,
        `part ${Math.floor(region / 6)}`,
      ]),
      column('occupation', 0, 9, (job) => [`o${job}`, `field ${Math.floor(job / 3)}`, '*']),
      column('household', 0, 3, (size) => [`h${size}`, '*']),
    ].map((each, index) => ({ ...each, weight: weights[index]! })),
    rows,
    sensitive: ['0', '1', '2', '3', '4'],
    floor,
  };
}

function column(
  name: string,
  from: number,
  to: number,
  climb: (value: number) => readonly string[],
): { readonly name: string; readonly hierarchy: Hierarchy } {
  const rows = Array.from({ length: to - from + 1 }, (_, index) => climb(from + index));
  return { name, hierarchy: { kind: 'hierarchy', file: `${name}.csv`, rows } };
}

function band(age: number, width: number): string {
  const from = Math.floor(age / width) * width;
  return `${from}–${from + width - 1}`;
}

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
