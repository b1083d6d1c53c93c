import * as z from 'zod';
import { DATE_PERIODS } from '../../privacy/hierarchies/generalisation';
import type { ColumnType, Missing } from '../plan/plan';
import { WRITTEN_STYLES } from '../written-styles';
import {
  clauseId,
  countKeys,
  exactlyOne,
  fileBeside,
  listOf,
  nameFile,
  oneOf,
  oneOrMore,
  strictMap,
  suggestWord,
  text,
} from './schema-parts';
import { treatmentSchema } from './treatment-schema';

const SIMPLE_TYPES = ['string', 'integer', 'double', 'boolean', 'date', 'timestamp'] as const;
const TYPE_SYNONYMS = {
  text: 'string',
  varchar: 'string',
  char: 'string',
  int: 'integer',
  bigint: 'integer',
  long: 'integer',
  float: 'double',
  real: 'double',
  number: 'decimal',
  numeric: 'decimal',
  money: 'decimal',
  bool: 'boolean',
  datetime: 'timestamp',
  time: 'timestamp',
};
const useType = 'Use string, integer, double, boolean, date, timestamp, decimal or decimal(18,4).';

const isDecimal = (precision: number, scale: number) => precision >= 1 && precision <= 38 && scale <= precision;
const digitsOf = (written: string) => (written.match(/\d+/g) ?? []).map(Number);

const columnType = z
  .union(
    [
      z
        .enum([...SIMPLE_TYPES, 'decimal'])
        .transform((kind): ColumnType => (kind === 'decimal' ? { kind, precision: 18, scale: 4 } : { kind })),
      z
        .string()
        .regex(/^decimal\( *\d{1,2} *, *\d{1,2} *\)$/)
        .refine(
          (written) => {
            const [precision = 0, scale = 0] = digitsOf(written);
            return isDecimal(precision, scale);
          },
          {
            error: 'In decimal(p,s), p is 1 to 38 digits in all, and s of them stand behind the point.',
            params: { problem: 'is no type' },
          },
        )
        .transform((written): ColumnType => {
          const [precision = 18, scale = 4] = digitsOf(written);
          return { kind: 'decimal', precision, scale };
        }),
    ],
    { error: (issue) => `${suggestWord(issue.input, [...SIMPLE_TYPES, 'decimal'], TYPE_SYNONYMS)}${useType}` },
  )
  .describe(`What the values are. ${useType}`);

const growWidths = 'List interval widths from narrow to wide, each dividing the next, e.g. [5, 10, 20].';
const fallPrefixes = 'List how many first characters stay, from most to least, e.g. [4, 3, 2].';
const growPeriods = `List periods from fine to coarse, each nesting in the next, out of ${DATE_PERIODS.join(', ')}.`;

const generalise = strictMap(
  {
    widths: listOf(z.number(growWidths).min(0.000001, growWidths).max(1e15, growWidths), growWidths)
      .optional()
      .describe(`Numeric intervals. ${growWidths}`),
    prefixes: listOf(z.int(fallPrefixes).min(1, fallPrefixes).max(128, fallPrefixes), fallPrefixes)
      .optional()
      .describe(`First characters. ${fallPrefixes}`),
    dates: listOf(oneOf(DATE_PERIODS), growPeriods).optional().describe(`Calendar periods. ${growPeriods}`),
    hierarchy: fileBeside
      .optional()
      .describe(`One row per value: the value, then what it becomes at each level. ${nameFile}`),
  },
  'Write { widths: [5, 10, 20] }, { prefixes: [4, 3, 2] }, { dates: [month, year] } or { hierarchy: segment.csv }.',
)
  .refine((map) => countKeys(map) === 1, exactlyOne('way to generalise', ['widths', 'prefixes', 'dates', 'hierarchy']))
  .meta({ minProperties: 1, maxProperties: 1 })
  .transform(({ widths, prefixes, dates, hierarchy }) => {
    if (widths !== undefined) return { kind: 'widths', widths } as const;
    if (prefixes !== undefined) return { kind: 'prefixes', lengths: prefixes } as const;
    if (dates !== undefined) return { kind: 'dates', periods: dates } as const;
    return { kind: 'hierarchy', file: hierarchy ?? '' } as const;
  })
  .describe('How the values may be made less precise, level by level, for a quasi column.');

const sayFill = 'Write the value that stands in for a missing one, a long number in quotes.';
const missing = z
  .union(
    [
      z.enum(['reject', 'keep']).transform((kind): Missing => ({ kind })),
      strictMap(
        {
          fill: z
            .union(
              [
                z.string(),
                z.boolean(),
                z.number().refine((value) => Math.abs(value) <= 1e15 && !String(value).includes('e'), sayFill),
              ],
              sayFill,
            )
            .transform(String)
            .describe(sayFill),
        },
        'Write { fill: value }.',
      ).transform(({ fill }): Missing => ({ kind: 'fill', value: fill })),
    ],
    { error: (issue) => `${suggestWord(issue.input, ['reject', 'keep', 'fill'])}Use reject, keep or { fill: value }.` },
  )
  .describe(
    'What happens to a row without a value here: reject the row, keep it, or { fill: value }. Default: keep; reject for the subject and for columns named in dedupe.',
  );

const sayWritten = `Use one of ${WRITTEN_STYLES.map((style) => JSON.stringify(style)).join(', ')}, in quotes.`;
const writeCheck = 'Write a condition, e.g. "minutes >= 0", or a list of them.';
const writeWeight = 'Write a number above 0, at most 1.';

/** Everything the agreement says of one column. */
export const columnSchema = strictMap(
  {
    type: columnType,
    role: oneOf(['identifier', 'quasi', 'sensitive', 'plain'], {
      synonyms: {
        'quasi-identifier': 'quasi',
        qi: 'quasi',
        id: 'identifier',
        direct: 'identifier',
        key: 'identifier',
        insensitive: 'plain',
        none: 'plain',
      },
    }).describe(
      'identifier: names a subject by itself. quasi: helps to single one out together with others. sensitive: must not be learnt of a subject. plain: neither.',
    ),
    treatment: treatmentSchema.optional(),
    generalise: generalise.optional(),
    check: oneOrMore(text(2000, writeCheck), writeCheck)
      .optional()
      .describe('A condition, or several, that every accepted row meets; other rows are rejected.'),
    missing: missing.optional(),
    written: oneOf(WRITTEN_STYLES, { remedy: sayWritten })
      .optional()
      .describe(`How numbers and dates are written in its files, where not as 1234.56 and 2026-12-31. ${sayWritten}`),
    exempt: clauseId.optional().describe('The clause that lets this quasi column go out without being generalised.'),
    mayIdentify: clauseId
      .optional()
      .describe('The clause that lets this column go out although its values look like those of an identifier.'),
    weight: z
      .number(writeWeight)
      .gt(0, writeWeight)
      .max(1, writeWeight)
      .optional()
      .describe('How much its precision matters when levels are chosen. Default 1.'),
    title: text(200, 'Write a short title.').optional().describe('The name people read.'),
  },
  'Describe the column: at least { type: …, role: … }.',
);
