import * as z from 'zod';
import { clauseId, columnName, fileBeside, oneOf, percent, strictMap } from './schema-parts';

const writeK = 'Write the fewest subjects a class may hold: a whole number from 2.';
const writeL =
  'Write the fewest distinct values a class may hold: a whole number from 2, or { min: 2, kind: entropy } or { min: 3, kind: recursive, c: 4 }.';
const writeT =
  'Write how far a class may be from the whole: a number above 0, at most 1, or { max: 0.3, distance: ordered }.';
const writeC = 'Write how many times the others the most frequent value may weigh: a number above 0.';
const writeRisk = 'Write a risk above 0, at most 1, e.g. 0.05 or 5%.';
const writeShare = 'Write a share of the population between 0 and 1, e.g. 0.5 or 50%.';
const writeSize = 'Write how many subjects the population has: a whole number from 1.';
const writeKMap = 'Write the fewest subjects of the population that a class may stand for: a whole number from 2.';
const tMax = z.number(writeT).gt(0, writeT).max(1, writeT);
const lMin = z.int(writeL).min(2, writeL).max(1_000_000, writeL);
const risk = percent.refine((share) => share > 0, { error: writeRisk, params: { problem: 'is no risk' } });

const lFloor = z.union(
  [
    lMin.transform((min) => ({ min, kind: 'distinct' as const, c: undefined })),
    strictMap(
      {
        min: lMin.describe('How many.'),
        kind: oneOf(['distinct', 'entropy', 'recursive'])
          .default('distinct')
          .describe(
            'distinct values; entropy: as uncertain as so many equally frequent ones; recursive: the most frequent weighs less than c times the others from the min-th on.',
          ),
        c: z.number(writeC).gt(0, writeC).max(1_000_000, writeC).optional().describe('For recursive.'),
      },
      writeL,
    )
      .refine(({ kind, c }) => (kind === 'recursive') === (c !== undefined), {
        error: 'Say `c` exactly where the kind is recursive.',
        params: { problem: 'does not fit its kind' },
      })
      .transform(({ min, kind, c }) => ({ min, kind, c })),
  ],
  writeL,
);

const tFloor = z.union(
  [
    tMax.transform((max) => ({ max, distance: undefined, hierarchy: undefined })),
    strictMap(
      {
        max: tMax.describe('Greatest distance, above 0, at most 1.'),
        distance: oneOf(['equal', 'ordered', 'hierarchical'])
          .optional()
          .describe(
            'equal: all values equally far apart. ordered: by rank. hierarchical: by the level that shows them alike. Default: ordered for numbers and dates.',
          ),
        hierarchy: fileBeside.optional().describe('The file of the hierarchical distance.'),
      },
      writeT,
    )
      .refine(({ distance, hierarchy }) => (distance === 'hierarchical') === (hierarchy !== undefined), {
        error: 'Name a `hierarchy` exactly where the distance is hierarchical.',
        params: { problem: 'does not fit its distance' },
      })
      .transform(({ max, distance, hierarchy }) => ({ max, distance, hierarchy })),
  ],
  writeT,
);

/** The floor a release must reach. */
export const privacySchema = strictMap(
  {
    k: z.int(writeK).min(2, writeK).max(1_000_000, writeK).describe(writeK),
    l: z
      .record(columnName, lFloor, 'Write { column: number }.')
      .default({})
      .describe('l-diversity: per sensitive column, the fewest distinct values a class may hold.'),
    t: z
      .record(columnName, tFloor, 'Write { column: number }.')
      .default({})
      .describe('t-closeness: per sensitive column, how far a class may be from the whole delivery.'),
    kMap: z.int(writeKMap).min(2, writeKMap).max(1_000_000_000, writeKMap).optional().describe(writeKMap),
    presence: strictMap(
      {
        min: percent.default(0).describe('Least share of the population of a class that is in the delivery.'),
        max: percent.describe('Greatest share of the population of a class that is in the delivery.'),
      },
      writeShare,
    )
      .refine(({ min, max }) => min <= max && max > 0, {
        error: 'Let min be at most max, and max above 0.',
        params: { problem: 'leaves nothing between min and max' },
      })
      .optional()
      .describe('δ-presence: how sure one may be that somebody of the population is in the delivery.'),
    population: strictMap(
      {
        size: z.int(writeSize).min(1, writeSize).max(100_000_000_000, writeSize).optional().describe(writeSize),
        counts: fileBeside
          .optional()
          .describe('CSV with a header: the class columns and `count`, the subjects that have those values.'),
      },
      'Write { size: 5000000 } or { counts: population.csv }.',
    )
      .refine(({ size, counts }) => (size === undefined) !== (counts === undefined), {
        error: 'Say exactly one of size, counts.',
        params: { problem: 'is not one population' },
      })
      .optional()
      .describe('Whom the delivery is a part of; for kMap and presence.'),
    risk: strictMap(
      {
        average: risk.optional().describe('Greatest share an attacker gets right who tries everybody.'),
        maximum: risk.optional().describe('Greatest risk of anybody: 1 / smallest class.'),
      },
      'Write { average: 5% } or { maximum: 20% }.',
    )
      .optional()
      .describe('Limits of the re-identification risk.'),
    suppressAtMost: percent
      .default(0)
      .describe('Share of the accepted rows that may be left out to reach the floor. Default 0.'),
    mode: oneOf(['full-domain', 'multidimensional'], {
      synonyms: { mondrian: 'multidimensional', local: 'multidimensional', global: 'full-domain' },
    })
      .default('full-domain')
      .describe(
        'full-domain: one level per column for all rows. multidimensional: regions as small as the floor allows; less is lost, and the risk is higher.',
      ),
    metric: oneOf(['loss', 'entropy', 'discernibility', 'aecs'])
      .default('loss')
      .describe('What is made as small as can be: lost detail, bits left open, rows alike, or the average class.'),
    asymmetry: clauseId.optional().describe("The clause that lets this dataset's floor differ from the others'."),
  },
  'Write at least { k: 10 }.',
);
