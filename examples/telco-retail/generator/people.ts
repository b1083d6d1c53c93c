import { type Random, weigh, weighByRank } from './random';

/** Common first names and surnames, put together by chance: nobody in particular. */
const FIRST_NAMES = weighByRank(
  (
    'Anna Lukas Marie Jonas Sofia Leon Emma Paul Jürgen Käthe Mehmet Ayşe Łukasz Zofia Björn Søren Zoë François ' +
    'Noémie José Inês Jiří Ștefan Ελένη Олена Nguyệt 美咲 伟'
  ).split(' '),
  0.6,
);
const SURNAMES = weighByRank(
  (
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schäfer Groß Yılmaz Nowak Kowalczyk Ivanović O'Brien " +
    'García-López Dvořák Østergaard Sørensen Papadopoulos Шевченко Nguyễn 佐藤 王'
  ).split(' '),
  0.6,
);
const STREETS = weighByRank(
  ['Hauptstraße', 'Schulstraße', 'Gartenweg', 'Bahnhofstraße', 'Dorfstraße', 'Am Markt', 'Bergweg'],
  0.5,
);

const ADULT_AGES = weigh([
  [[16, 24], 13],
  [[25, 34], 22],
  [[35, 44], 21],
  [[45, 54], 18],
  [[55, 64], 14],
  [[65, 74], 8],
  [[75, 84], 3.3],
  [[85, 94], 0.7],
] as const);

export function drawAge(random: Random): number {
  const [from, to] = random.pick(ADULT_AGES);
  return random.integer(from, to);
}

/** Now and then with a nickname in quotes, or surname first: what sales clerks type. */
export function drawName(random: Random): { readonly name: string; readonly first: string; readonly last: string } {
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(SURNAMES);
  const style = random.uniform();
  if (style < 0.004) return { name: `${first} "${first.slice(0, 2)}" ${last}`, first, last };
  if (style < 0.03) return { name: `${last}; ${first}`, first, last };
  return { name: `${first} ${last}`, first, last };
}

/** One address in sixty has a second line, so that a field holds a line break. */
export function drawAddress(random: Random): string {
  const street = `${random.pick(STREETS)} ${random.integer(1, 140)}`;
  if (random.chance(1 / 60)) return `${street}\n${random.chance(0.5) ? 'Hinterhaus' : 'c/o "Café Central"'}`;
  return street;
}

/** At example.com, which is reserved for examples (RFC 2606). */
export function writeEmail(first: string, last: string, number: number): string {
  const letters = (text: string) =>
    text
      .normalize('NFD')
      .toLowerCase()
      .replace(/[^a-z]/g, '');
  return `${letters(first) || 'user'}.${letters(last) || 'x'}${number}@example.com`;
}

/** Spreads 0, 1, 2 … over all eight-digit numbers without meeting any twice: the factor shares no divisor with 10⁸. */
export function scatterNumber(index: number): string {
  return String((index * 48_271 + 31_415_927) % 100_000_000).padStart(8, '0');
}
