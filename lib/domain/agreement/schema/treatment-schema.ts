import * as z from 'zod';
import { formatDecimal, parseDecimal } from '../../privacy/treatments/decimal';
import { ALPHABETS, type AlphabetName, type Treatment } from '../../privacy/treatments/treatment';
import { countKeys, exactlyOne, oneOf, strictMap, suggestWord } from './schema-parts';

/** A treatment as the file names it; how to generalise stands elsewhere, and noise may leave its step to the column's type. */
export type TreatmentChoice =
  | Exclude<Treatment, { kind: 'generalise' | 'noise' }>
  | { readonly kind: 'generalise' }
  | (Omit<Extract<Treatment, { kind: 'noise' }>, 'step'> & { readonly step?: string });

const WORDS = ['token', 'mask', 'drop', 'keep', 'generalise'] as const;
const SYNONYMS = {
  hash: 'token',
  tokenise: 'token',
  tokenize: 'token',
  generalize: 'generalise',
  remove: 'drop',
  redact: 'mask',
  none: 'keep',
  fpe: 'formatPreserving',
  ff1: 'formatPreserving',
  cap: 'topBottom',
  clip: 'topBottom',
  winsorise: 'topBottom',
  winsorize: 'topBottom',
  rounding: 'round',
  laplace: 'noise',
  microaggregation: 'microaggregate',
  freeText: 'commonText',
};

const countKept = 'Say how many characters stay visible: a whole number from 0 to 100.';
const kept = z.int(countKept).min(0, countKept).max(100, countKept);
const shiftDays = 'Say by how many days at most a date moves: a whole number from 1 to 3650.';
const sayLength =
  'Say how many characters the texts have: a whole number from 2 to 128, or the least and the most, e.g. [8, 15].';
const characters = z.int(sayLength).min(2, sayLength).max(128, sayLength);
const sayBound = 'Write a number, a date (YYYY-MM-DD) or a timestamp, a long number in quotes.';
const sayMultiple = 'Write a number above 0, e.g. 10 or 0.5, with at most 15 digits.';
const sayEpsilon = 'Write a number above 0, at most 100: the smaller, the more noise.';
const sayShare = 'Say how many subjects share what is shown: a whole number from 2 to 1000000.';

/** A number as the file has it, in its shortest text; other texts as they are. */
const writtenNumber = (remedy: string) =>
  z
    .union([z.string().min(1, remedy).max(60, remedy), z.number()], remedy)
    .transform((written) => shorten(String(written)));

const bound = writtenNumber(sayBound);
const multiple = writtenNumber(sayMultiple).refine(isMultiple, {
  error: sayMultiple,
  params: { problem: 'is no number to count in' },
});
const sharers = z.int(sayShare).min(2, sayShare).max(1_000_000, sayShare);

const maps = {
  mask: strictMap(
    {
      keepFirst: kept.default(0).describe('Characters left visible at the start.'),
      keepLast: kept.default(0).describe('Characters left visible at the end.'),
    },
    'Write { keepFirst: 2 } or { keepLast: 4 }.',
  ).describe('`***`, with some characters left visible. A column masked so counts in every class.'),
  dateShift: strictMap(
    { days: z.int(shiftDays).min(1, shiftDays).max(3650, shiftDays).describe(shiftDays) },
    'Write { days: 30 }.',
  ).describe('Dates move by up to so many days, the same for all rows of a subject.'),
  formatPreserving: strictMap(
    {
      alphabet: oneOf(Object.keys(ALPHABETS) as [AlphabetName, ...AlphabetName[]]).describe(
        'The characters that the texts are made of.',
      ),
      length: z
        .union([characters.transform((only) => [only, only] as const), z.tuple([characters, characters])], sayLength)
        .describe(sayLength),
    },
    'Write { alphabet: digits, length: [8, 15] }.',
  ).describe('Texts become others of the same alphabet and length (FF1), keyed per receiver.'),
  topBottom: strictMap(
    {
      bottom: bound.optional().describe('What smaller values become.'),
      top: bound.optional().describe('What greater values become.'),
    },
    'Write { bottom: 18, top: 90 }, or one of them.',
  ).describe('Extreme values become the bound that they pass.'),
  round: strictMap({ to: multiple.describe(sayMultiple) }, 'Write { to: 10 }.').describe(
    'Numbers become the nearest multiple, half way the one farther from 0.',
  ),
  noise: strictMap(
    {
      epsilon: z.number(sayEpsilon).min(0.0001, sayEpsilon).max(100, sayEpsilon).describe(sayEpsilon),
      bottom: bound.describe('What smaller values become before noise is added.'),
      top: bound.describe('What greater values become before noise is added.'),
      step: multiple.optional().describe("Released values are multiples of it; default the column's last digit."),
    },
    'Write { epsilon: 1, bottom: 0, top: 500 }.',
  ).describe('Discrete Laplace noise for the range between the bounds; the same for the same value of a subject.'),
  microaggregate: strictMap(
    { k: sharers.describe(sayShare), show: oneOf(['mean', 'median']).default('mean').describe('What a group shows.') },
    'Write { k: 5 } or { k: 5, show: median }.',
  ).describe('Neighbouring values are merged until so many subjects share them.'),
  commonText: strictMap({ k: sharers.describe(sayShare) }, 'Write { k: 10 }.').describe(
    'Only texts that so many subjects share are shown; others are `***`.',
  ),
};

type MapName = keyof typeof maps;
const MAP_NAMES = Object.keys(maps) as readonly MapName[];
const useTreatment = `Use one of ${WORDS.join(', ')}, or a map with one of ${MAP_NAMES.join(', ')}, e.g. { mask: { keepFirst: 2 } } or { dateShift: { days: 30 } }.`;

const optionalMaps = {
  mask: maps.mask.optional(),
  dateShift: maps.dateShift.optional(),
  formatPreserving: maps.formatPreserving.optional(),
  topBottom: maps.topBottom.optional(),
  round: maps.round.optional(),
  noise: maps.noise.optional(),
  microaggregate: maps.microaggregate.optional(),
  commonText: maps.commonText.optional(),
};
const treatmentMap = strictMap(optionalMaps, useTreatment)
  .refine((map) => countKeys(map) === 1, exactlyOne('treatment', MAP_NAMES))
  .meta({ minProperties: 1, maxProperties: 1 });

/** What is done to the values of a column, as the file says it. */
export const treatmentSchema = z
  .union(
    [
      z
        .enum(WORDS)
        .transform((kind): TreatmentChoice => (kind === 'mask' ? { kind, keepFirst: 0, keepLast: 0 } : { kind })),
      treatmentMap.transform(readTreatment),
    ],
    { error: (issue) => `${suggestWord(issue.input, [...WORDS, ...MAP_NAMES], SYNONYMS)}${useTreatment}` },
  )
  .describe(
    'What is done to the values: token (keyed per receiver), mask, drop, keep, generalise, or a map that says how. ' +
      'Default: keep for sensitive and plain columns, generalise for a quasi column that says how.',
  );

function readTreatment(map: z.output<typeof treatmentMap>): TreatmentChoice {
  const { mask, dateShift, formatPreserving, topBottom, round, noise, microaggregate, commonText } = map;
  if (mask !== undefined) return { kind: 'mask', ...mask };
  if (dateShift !== undefined) return { kind: 'date-shift', ...dateShift };
  if (formatPreserving !== undefined) {
    const [minLength, maxLength] = formatPreserving.length;
    return { kind: 'format-preserving', alphabet: formatPreserving.alphabet, minLength, maxLength };
  }
  if (topBottom !== undefined) {
    const { bottom, top } = topBottom;
    return { kind: 'top-bottom', ...(bottom !== undefined && { bottom }), ...(top !== undefined && { top }) };
  }
  if (round !== undefined) return { kind: 'round', multiple: round.to };
  if (noise !== undefined) {
    const { step, ...rest } = noise;
    return { kind: 'noise', ...rest, ...(step !== undefined && { step }) };
  }
  if (microaggregate !== undefined) return { kind: 'microaggregate', k: microaggregate.k, centre: microaggregate.show };
  return { kind: 'common-text', k: commonText?.k ?? 2 };
}

function shorten(written: string): string {
  const number = parseDecimal(written);
  return number === undefined ? written : formatDecimal(number);
}

function isMultiple(text: string): boolean {
  const number = parseDecimal(text);
  return number !== undefined && number.digits > 0n && text.replace('.', '').length <= 15;
}
