import { createRandom } from '../../examples/telco-retail/generator/random';

/** Somebody of a made-up population: what acquaintances know, and what they must not learn. */
export interface Person {
  readonly phone: string;
  readonly age: number;
  readonly zip: string;
  readonly sex: 'f' | 'm';
  readonly illness: string;
  readonly spent: string;
  /** When they were last seen. */
  readonly seen: string;
}

const ILLNESSES = ['flu', 'asthma', 'diabetes', 'cancer', 'none', 'none', 'none', 'allergy'];

/** Illness goes with age, as it does: otherwise there would be nothing to learn from a group. */
export function makePeople(count: number, seed: number): readonly Person[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const age = random.integer(18, 89);
    const old = random.chance((age - 18) / 90);
    return {
      phone: `4917${String(10_000_000 + ((index * 7919 + seed * 104_729) % 89_999_999))}`,
      age,
      zip: `${random.integer(10, 13)}${random.integer(0, 9)}${random.integer(0, 9)}`,
      sex: random.chance(0.5) ? 'f' : 'm',
      illness: old ? (random.chance(0.5) ? 'diabetes' : 'cancer') : ILLNESSES[random.integer(0, ILLNESSES.length - 1)]!,
      // Nobody else's: by it the truth is known, and whoever holds two releases can join them.
      spent: (((index * 7919) % count) / 100 + 1).toFixed(2),
      seen: new Date(Date.UTC(2025, 0, 1 + ((index * 37) % 300))).toISOString().slice(0, 10),
    };
  });
}

export function toCsv(people: readonly Person[]): string {
  const lines = people.map(({ phone, age, zip, sex, illness, spent, seen }) =>
    [phone, age, zip, sex, illness, spent, seen].join(','),
  );
  return ['phone,age,zip,sex,illness,spent,seen', ...lines].join('\n').concat('\n');
}
