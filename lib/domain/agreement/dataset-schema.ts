import { z } from 'zod';
import { columnSchema } from './column-schema';
import { clauseId, columnName, id, listOf, oneOf, percent, strictMap, text } from './schema-parts';

const writeK = 'Write the fewest subjects a class may hold: a whole number from 2.';
const writeL = 'Write the fewest distinct values a class may hold: a whole number from 2.';
const writeT =
  'Write how far a class may be from the whole: a number above 0, at most 1, or { max: 0.3, distance: ordered }.';
const tMax = z.number(writeT).gt(0, writeT).max(1, writeT);

/** The floor a release must reach. */
export const privacySchema = strictMap(
  {
    k: z.int(writeK).min(2, writeK).max(1_000_000, writeK).describe(writeK),
    l: z
      .record(columnName, z.int(writeL).min(2, writeL).max(1_000_000, writeL), 'Write { column: number }.')
      .default({})
      .describe('l-diversity: per sensitive column, the fewest distinct values a class may hold.'),
    t: z
      .record(
        columnName,
        z.union(
          [
            tMax.transform((max) => ({ max, distance: undefined })),
            strictMap(
              {
                max: tMax.describe('Greatest distance, above 0, at most 1.'),
                distance: oneOf(['equal', 'ordered'])
                  .optional()
                  .describe(
                    'equal: all values equally far apart. ordered: by rank. Default: ordered for numbers and dates.',
                  ),
              },
              writeT,
            ).transform(({ max, distance }) => ({ max, distance })),
          ],
          writeT,
        ),
        'Write { column: number }.',
      )
      .default({})
      .describe('t-closeness: per sensitive column, how far a class may be from the whole delivery.'),
    suppressAtMost: percent
      .default(0)
      .describe('Share of the accepted rows that may be left out to reach the floor. Default 0.'),
    asymmetry: clauseId.optional().describe("The clause that lets this dataset's floor differ from the others'."),
  },
  'Write at least { k: 10 }.',
);

const nameDedupe = 'Name the columns that make a row a duplicate, or say true for all columns.';

const cleanSchema = strictMap(
  {
    dedupe: z
      .union([z.literal(true), listOf(columnName, nameDedupe)], nameDedupe)
      .optional()
      .describe('Rows alike in these columns (true: in all) are delivered once.'),
    rejectAbove: percent
      .default(1)
      .describe('Share of rejected rows above which the whole delivery is refused. Default 100%: never.'),
    missingTexts: z
      .array(z.string('Write the text in quotes, e.g. "NA".').max(100), 'List texts, e.g. ["", "NA"].')
      .default([''])
      .describe('Texts that stand for a missing value in CSV and JSON lines. Default: the empty text.'),
  },
  'Write { dedupe: […], rejectAbove: 2% }.',
);

/** What a party has to give, column by column. */
export const datasetSchema = strictMap(
  {
    owner: id.describe('The party that gives it.'),
    title: text(200, 'Write a short title.').optional().describe('The name people read.'),
    version: z
      .int('Write a whole number from 1.')
      .min(1, 'Write a whole number from 1.')
      .default(1)
      .describe('Raise it to break the link between earlier tokens and later ones. Default 1.'),
    subject: columnName
      .optional()
      .describe('The column that says whom a row is about; k counts its distinct values. Without it, rows count.'),
    columns: z
      .record(columnName, columnSchema, 'List the columns: { name: { type, role } }.')
      .meta({ minProperties: 1 })
      .describe('Every column of the delivered files. Columns not named here are not taken.'),
    clean: cleanSchema.prefault({}).describe('What is done before anything is counted.'),
    privacy: privacySchema
      .optional()
      .describe('The floor a release must reach. Required where quasi columns are released.'),
  },
  'Describe the dataset: { owner, columns, … }.',
);
