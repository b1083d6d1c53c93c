import { type Choice, type Random, weigh, weighByRank } from './random';

/**
 * Leading two digits of German postcodes, a rough share of the customers, and how many postcodes the area has here.
 * The remaining digits are made up. Cities: few codes, many people; the countryside: the other way round.
 */
const AREAS: readonly (readonly [area: string, share: number, codes: number])[] = [
  ['01', 2.0, 24],
  ['04', 2.1, 22],
  ['06', 1.6, 30],
  ['10', 3.6, 14],
  ['12', 3.4, 16],
  ['13', 2.6, 16],
  ['14', 1.8, 30],
  ['17', 0.8, 40],
  ['19', 0.7, 40],
  ['20', 2.2, 10],
  ['22', 3.0, 18],
  ['24', 1.7, 36],
  ['26', 1.4, 36],
  ['28', 1.7, 16],
  ['30', 2.2, 18],
  ['34', 1.1, 34],
  ['38', 1.4, 30],
  ['39', 1.0, 36],
  ['40', 2.5, 16],
  ['44', 2.3, 16],
  ['45', 3.2, 20],
  ['48', 1.6, 32],
  ['50', 3.3, 16],
  ['53', 2.0, 24],
  ['54', 0.8, 40],
  ['60', 2.6, 12],
  ['65', 2.0, 22],
  ['66', 1.2, 30],
  ['68', 1.5, 14],
  ['70', 3.0, 16],
  ['76', 1.7, 26],
  ['78', 1.0, 36],
  ['80', 2.8, 12],
  ['81', 3.1, 14],
  ['87', 0.9, 38],
  ['90', 2.1, 16],
  ['93', 1.0, 36],
  ['94', 0.7, 42],
  ['97', 0.9, 36],
  ['98', 0.3, 34],
  ['99', 1.0, 34],
];

const AREA = weigh(AREAS.map(([area, share]) => [area, share] as const));
const POSTCODES = new Map<string, Choice<string>>(
  AREAS.map(([area, , codes]) => [area, weighByRank(Array.from({ length: codes }, numberPostcode(area)), 0.7)]),
);

export function drawPostcode(random: Random): string {
  return drawNearbyPostcode(random, random.pick(AREA));
}

/** Most people who move stay in their area: another postcode, or by chance the same, with the same two digits. */
export function drawNearbyPostcode(random: Random, place: string): string {
  return random.pick(POSTCODES.get(place.slice(0, 2))!);
}

/** 37 has no divisor in common with 1,000, so no two codes of an area are the same. */
function numberPostcode(area: string): (_: unknown, index: number) => string {
  return (_, index) => `${area}${String((index * 37 + 115) % 1000).padStart(3, '0')}`;
}
