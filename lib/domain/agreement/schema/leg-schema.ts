import * as z from 'zod';
import { deliverySchema } from './delivery-schema';
import { DPV_PURPOSES } from './dpv-purposes';
import { clauseId, countKeys, duration, id, listOf, oneOf, percent, strictMap, suggestWord } from './schema-parts';

const PROHIBITIONS = [
  'resale',
  'onwardSharing',
  'reidentification',
  'profiling',
  'modelTraining',
  'combination',
] as const;
const writeWatermark = 'Write a share above 0, at most 1%, e.g. 0.2%.';
const namePurposes = 'Name one purpose or more of the Data Privacy Vocabulary, e.g. [CustomerRelationshipManagement].';
const purpose = z
  .enum(DPV_PURPOSES, {
    error: ({ input }) =>
      `${suggestWord(String(input).replace(/^.*[:#]/, ''), DPV_PURPOSES)}Use a purpose of the Data Privacy Vocabulary without its prefix, e.g. CommercialResearch: https://w3id.org/dpv.`,
  })
  .meta({ id: 'DpvPurpose' });

const writeCount = 'Write a whole number from 1.';
const writeGigabytes = 'Write a number of gigabytes above 0, at most 9000000 (9 petabytes).';
/** In bytes it is still a number that counts one by one, in JSON and in a policy. */
const MOST_GIGABYTES = 9_000_000;

/** One directed give. */
export const legSchema = strictMap(
  {
    from: id.describe('The party that gives: the owner of the dataset.'),
    to: id.describe('The party that gets.'),
    dataset: id.describe('What is given.'),
    every: duration.describe('How often, e.g. P7D.'),
    via: deliverySchema,
    retain: duration.describe('How long the receiver may keep a release.'),
    quota: strictMap(
      {
        requests: z.int(writeCount).min(1, writeCount).optional().describe('The most requests for its releases.'),
        gigabytes: z
          .number(writeGigabytes)
          .gt(0, writeGigabytes)
          .max(MOST_GIGABYTES, writeGigabytes)
          .optional()
          .describe('The most data that are read.'),
      },
      'Write { requests: 1000, gigabytes: 50 }, or one of them.',
    )
      .optional()
      .describe('The most that the receiver may read in one period of `every`.'),
    expects: strictMap(
      {
        subjects: z
          .int(writeCount)
          .min(1, writeCount)
          .optional()
          .describe('The fewest subjects (rows where none is named).'),
        completeness: percent.optional().describe('The least share of cells that hold a value.'),
        lossAtMost: percent.optional().describe('The most detail that generalisation may take.'),
      },
      'Write { subjects: 1000, completeness: 90%, lossAtMost: 60% }, or some of them.',
    )
      .refine((expected) => countKeys(expected) > 0, {
        error: 'Say what is expected: { subjects: 1000, completeness: 90%, lossAtMost: 60% }, or some of them.',
        params: { problem: 'expects nothing' },
      })
      .optional()
      .describe('What its receiver expects of each release; one that holds less is withheld.'),
    purposes: listOf(purpose, namePurposes).describe(
      'What the receiver may use it for: terms of the Data Privacy Vocabulary, https://w3id.org/dpv.',
    ),
    watermark: percent
      .refine((share) => share > 0 && share <= 0.01, {
        error: writeWatermark,
        params: { problem: 'leaves out nobody, or too many' },
      })
      .optional()
      .describe(
        `Share of the subjects whom a keyed choice leaves out, so that a leak can be traced. ${writeWatermark}`,
      ),
    forbids: z
      .array(oneOf(PROHIBITIONS), 'List what is forbidden, e.g. [resale].')
      .default([])
      .describe('What the receiver may not do.'),
    transfer: strictMap(
      {
        safeguard: clauseId.describe(
          'The clause that says what protects the data there: standard contractual clauses, binding rules, the receiver’s certification.',
        ),
      },
      'Name the clause that protects the data abroad: { safeguard: "7.2" }.',
    )
      .optional()
      .describe('For data that go where the law of the giver’s place does not find them protected as well.'),
  },
  'Describe the leg: { from, to, dataset, every, via, retain, purposes }.',
);
