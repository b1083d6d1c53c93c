import type { Recogniser } from '../recogniser';

const VALUES: Readonly<Record<string, number>> = Object.fromEntries([
  ...'0123456789'.split('').map((digit) => [digit, Number(digit)] as const),
  ...Object.entries({
    A: 1,
    B: 2,
    C: 3,
    D: 4,
    E: 5,
    F: 6,
    G: 7,
    H: 8,
    J: 1,
    K: 2,
    L: 3,
    M: 4,
    N: 5,
    P: 7,
    R: 9,
    S: 2,
    T: 3,
    U: 4,
    V: 5,
    W: 6,
    X: 7,
    Y: 8,
    Z: 9,
  }),
]);
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

export const vehicle: Recogniser = {
  kind: 'vehicle',
  title: 'vehicle or licence plate',
  nature: 'identifier',
  header:
    /\b(vin|chassis|fahrgestell\w*|kennzeichen|licen[cs]e ?plate|number ?plate|immatriculation|matricula|targa)\b/,
  fits: (value) => /^[A-Z\dÄÖÜ][A-Z\dÄÖÜ -]{3,16}$/i.test(value) && /\d/.test(value),
  tests: [
    {
      // The check digit is the rule in North America and China only: elsewhere the column's name has to say it.
      label: 'VIN',
      looks: (value) => /^[A-HJ-NPR-Z\d]{17}$/.test(value) && /[A-Z]/.test(value),
      isOne: (value) => checkDigitOf(value) === value[8],
      byChance: 0.1,
    },
  ],
};

/** ISO 3779 as 49 CFR 565.15 completes it. */
function checkDigitOf(vin: string): string {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * (VALUES[vin[place]!] ?? 0), 0);
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}
