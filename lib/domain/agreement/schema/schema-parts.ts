import * as z from 'zod';
import { didYouMean } from '../checks/suggest-name';
import { DURATION_PATTERN, isDate, isDuration } from '../periods/duration';

/*
 * The pieces that the agreement's schema is made of. Every message says what would be right; what is wrong is told from
 * the issue itself (see describe-issue.ts), or in `params.problem` where the issue cannot know.
 */

/** A map with fixed keys. A message for unknown keys has one line per key. */
export function strictMap<S extends z.ZodRawShape>(shape: S, remedy: string) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)
        ? issue.keys.map((key: string) => `${didYouMean(key, keys)}Allowed here: ${keys.join(', ')}.`).join('\n')
        : remedy,
  });
}

/** One of a few words. `synonyms` are what people say instead. */
export function oneOf<const T extends readonly [string, ...string[]]>(
  words: T,
  options: { readonly remedy?: string; readonly synonyms?: Readonly<Record<string, T[number]>> } = {},
) {
  const { remedy = `Use one of ${words.join(', ')}.`, synonyms = {} } = options;
  return z.enum(words, {
    error: (issue) => `${suggestWord(issue.input, words, synonyms)}${remedy}`,
  });
}

/** `Did you mean …? ` for what stands where one of `words` belongs. */
export function suggestWord(
  input: unknown,
  words: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): string {
  const word = typeof input === 'string' ? input : keyOf(input);
  if (word === undefined) return '';
  const synonym = Object.hasOwn(synonyms, word.toLowerCase()) ? synonyms[word.toLowerCase()] : undefined;
  return synonym === undefined ? didYouMean(word, words) : `Did you mean \`${synonym}\`? `;
}

/** The key of a map with just one, e.g. `mask` of `{ mask: … }`. */
function keyOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  const keys = Object.keys(input);
  return keys.length === 1 ? keys[0] : undefined;
}

/** Text on one line, without control characters. */
export function text(maximum: number, remedy: string) {
  return z
    .string(remedy)
    .min(1, remedy)
    .max(maximum, remedy)
    .regex(/^[^\p{Cc}]*$/u, remedy);
}

/** Text over as many lines as it likes. */
export function prose(maximum: number, remedy: string) {
  return z
    .string(remedy)
    .min(1, remedy)
    .max(maximum, remedy)
    .regex(/^[\P{Cc}\t\r\n]*$/u, remedy);
}

export const id = z
  .string('Write a short name.')
  .regex(
    /^[a-z][a-z0-9_-]{0,30}$/,
    'Use 1 to 31 lower-case letters, digits, hyphens and underscores, a letter first, e.g. `telco` or `usage-2026`.',
  );

const quoteClause = 'Write the id of a clause in quotes, e.g. "4.2".';
export const clauseId = text(40, quoteClause);

export const columnName = text(
  128,
  'Write the name of a column as the file has it: 1 to 128 characters, no control characters.',
);

const writeDate = 'Write a day of the calendar as YYYY-MM-DD, e.g. 2026-12-31.';
export const date = z
  .string(writeDate)
  .refine(isDate, { error: writeDate, params: { problem: 'is not a day of the calendar' } })
  .meta({ format: 'date' });

const writeDuration = 'Write an ISO 8601 duration of up to a hundred years, e.g. P7D (a week), P1M, P1Y or PT12H.';
export const duration = z
  .string(writeDuration)
  .refine(isDuration, { error: writeDuration, params: { problem: 'is not a duration' } })
  .meta({ pattern: DURATION_PATTERN.source });

const writePercent = 'Write a percentage such as 5%, or a share between 0 and 1 such as 0.05.';
/** As a share, 0 to 1. */
export const percent = z.union(
  [
    z
      .string()
      .regex(/^(100(\.0+)?|\d{1,2}(\.\d+)?) ?%$/, writePercent)
      .transform((written) => Number((Number.parseFloat(written) / 100).toPrecision(12))),
    z.number().min(0, writePercent).max(1, writePercent),
  ],
  writePercent,
);

/** A list of at most 1000 entries, never empty, never with the same entry twice. */
export function listOf<T extends z.ZodType<string | number>>(entry: T, remedy: string) {
  return z
    .array(entry, remedy)
    .min(1, remedy)
    .max(1000, 'List at most 1000.')
    .refine((entries) => new Set(entries).size === entries.length, {
      error: 'Name every entry once.',
      params: { problem: 'names an entry twice' },
    })
    .meta({ uniqueItems: true });
}

/** One of them, or a list of them; always read as a list. */
export function oneOrMore<T extends z.ZodType<string>>(entry: T, remedy: string) {
  return z.union([entry.transform((only) => [only]), listOf(entry, remedy)], {
    error: ({ input }) =>
      (typeof input === 'string' ? entry.safeParse(input).error?.issues[0]?.message : undefined) ?? remedy,
  });
}

/** For a map whose keys are ways of which one is to be chosen. */
export const exactlyOne = (what: string, names: readonly string[]) => ({
  error: `Say exactly one of ${names.join(', ')}.`,
  params: { problem: `is not one ${what}` },
});

export const countKeys = (map: object) => Object.values(map).filter((value) => value !== undefined).length;

export const nameFile = 'Name a CSV file beside the agreement, e.g. segment.csv: no absolute path, no `..`.';
export const fileBeside = text(200, nameFile).refine(isInsidePath, {
  error: nameFile,
  params: { problem: 'leads out of the folder of the agreement' },
});

function isInsidePath(path: string): boolean {
  const isAbsolute = /^([/\\~]|[A-Za-z]:)/.test(path);
  return !isAbsolute && !path.includes('\\') && !path.split('/').some((part) => part === '..' || part === '');
}
