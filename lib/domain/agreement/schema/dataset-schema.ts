import * as z from 'zod';
import { columnSchema } from './column-schema';
import { privacySchema } from './privacy-schema';
import { clauseId, columnName, id, listOf, percent, strictMap, text } from './schema-parts';

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
    persons: text(200, 'Write in a few words what kind of persons they are, without control characters.')
      .optional()
      .describe(
        'The kind of persons that its rows are about, e.g. customers with a contract; for the record of processing (GDPR art. 30).',
      ),
    basis: clauseId
      .optional()
      .describe('The clause that says on which legal basis its owner gives it (GDPR art. 6, and 9 where it applies).'),
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
