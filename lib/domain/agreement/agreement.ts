import { z } from 'zod';
import { columnSchema } from './column-schema';
import { CONTROL_IDS } from './control-ids';
import { deliverySchema } from './delivery-schema';
import { DPV_PURPOSES } from './dpv-purposes';
import {
  clauseId,
  columnName,
  date,
  duration,
  id,
  listOf,
  oneOf,
  oneOrMore,
  percent,
  prose,
  strictMap,
  suggestWord,
  text,
} from './schema-parts';

/*
 * The agreement language: what the YAML may say, in one definition. The JSON Schema for editors is made from it, and
 * `z.output` of it is what the rest of the program reads. What concerns several places at once (references, floors,
 * coverage) is checked in check-agreement.ts.
 */

const mail = z.email('Write an e-mail address, e.g. privacy@example.com.');
const writeKey =
  'Paste the one line of the .pub file (OpenSSH), e.g. ssh-ed25519 AAAA…; the private key stays where it is.';
const writeCidr = 'Write an address range, e.g. 203.0.113.0/24 or 2001:db8::/32.';
const writeAccount = 'Write the AWS account as 12 digits in quotes, e.g. "111122223333".';
const writeJurisdiction = 'Write EU, or a country and, where it matters, a part of it: UK, DE, US-CA.';

export const partySchema = strictMap(
  {
    name: text(200, 'Write the name of the company.').describe('The name of the company.'),
    account: z
      .string(writeAccount)
      .regex(/^\d{12}$/, writeAccount)
      .describe('AWS account: 12 digits, in quotes.'),
    jurisdiction: z
      .string(writeJurisdiction)
      .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, writeJurisdiction)
      .describe('Whose law the party is under, e.g. EU, UK, DE, US-CA.'),
    contacts: strictMap(
      {
        exchange: mail.describe('Who looks after the exchange.'),
        privacy: mail.describe('Who answers for privacy, and may veto a release.'),
        security: mail.optional().describe('Who is told of a breach.'),
      },
      'Write { exchange: …, privacy: … }.',
    ).describe('E-mail addresses by task.'),
    sftp: strictMap(
      {
        publicKeys: listOf(
          z
            .string(writeKey)
            .regex(
              /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) AAAA[A-Za-z0-9+/]+={0,3}( [^\p{Cc}]*)?$/u,
              writeKey,
            ),
          writeKey,
        ).describe("OpenSSH public keys that open the party's SFTP folder."),
        cidrs: listOf(z.union([z.cidrv4(), z.cidrv6()], writeCidr), writeCidr).describe(
          'Address ranges it connects from.',
        ),
      },
      'Write { publicKeys: […], cidrs: […] }.',
    )
      .optional()
      .describe('How the party signs in, where something reaches it by sftp.'),
    givesNothing: clauseId.optional().describe('The clause by which this party gives nothing.'),
    getsNothing: clauseId.optional().describe('The clause by which this party gets nothing.'),
  },
  'Describe the party: { name, account, jurisdiction, contacts }.',
);

export const termSchema = strictMap(
  {
    starts: date.describe('First day.'),
    ends: date.describe('Last day.'),
    exit: strictMap(
      {
        notice: duration.describe('How long before leaving a party says so.'),
        destroyWithin: duration.describe('By when received data is destroyed after the end.'),
      },
      'Write { notice: P30D, destroyWithin: P30D }.',
    ).describe('How the agreement is left.'),
  },
  'Write { starts, ends, exit: { notice, destroyWithin } }.',
);

const writeK = 'Write the fewest subjects a class may hold: a whole number from 2.';
const writeL = 'Write the fewest distinct values a class may hold: a whole number from 2.';
const writeT =
  'Write how far a class may be from the whole: a number above 0, at most 1, or { max: 0.3, distance: ordered }.';
const tMax = z.number(writeT).gt(0, writeT).max(1, writeT);

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

export const cleanSchema = strictMap(
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

const PROHIBITIONS = [
  'resale',
  'onwardSharing',
  'reidentification',
  'profiling',
  'modelTraining',
  'combination',
] as const;
const namePurposes = 'Name one purpose or more of the Data Privacy Vocabulary, e.g. [CustomerRelationshipManagement].';
const purpose = z
  .enum(DPV_PURPOSES, {
    error: ({ input }) =>
      `${suggestWord(String(input).replace(/^.*[:#]/, ''), DPV_PURPOSES)}Use a purpose of the Data Privacy Vocabulary without its prefix, e.g. CommercialResearch: https://w3id.org/dpv.`,
  })
  .meta({ id: 'DpvPurpose' });

export const legSchema = strictMap(
  {
    from: id.describe('The party that gives: the owner of the dataset.'),
    to: id.describe('The party that gets.'),
    dataset: id.describe('What is given.'),
    every: duration.describe('How often, e.g. P7D.'),
    via: deliverySchema,
    retain: duration.describe('How long the receiver may keep a release.'),
    purposes: listOf(purpose, namePurposes).describe(
      'What the receiver may use it for: terms of the Data Privacy Vocabulary, https://w3id.org/dpv.',
    ),
    forbids: z
      .array(oneOf(PROHIBITIONS), 'List what is forbidden, e.g. [resale].')
      .default([])
      .describe('What the receiver may not do.'),
  },
  'Describe the leg: { from, to, dataset, every, via, retain, purposes }.',
);

export const fairnessSchema = strictMap(
  {
    tolerance: percent
      .optional()
      .describe('By how much less than it gives a party may get, as a share of what it gives.'),
    outside: oneOf(['warn', 'withhold'])
      .optional()
      .describe('What happens to a round outside the tolerance. Default warn.'),
    weights: z
      .record(id, z.number('Write a number above 0.').gt(0, 'Write a number above 0.'), 'Write { dataset: number }.')
      .default({})
      .describe('Agreed worth of one released subject of each dataset. Default 1.'),
  },
  'Write { tolerance: 20% }.',
);

export const remedySchema = strictMap(
  {
    on: oneOf(['late-delivery', 'forbidden-access', 'failed-release', 'resharing', 'overdue-destruction']).describe(
      'What happened.',
    ),
    after: duration.optional().describe('How long it may last first. Default: not at all.'),
    do: oneOf(['warn', 'suspend-party', 'suspend-counterpart', 'throttle', 'revoke', 'terminate']).describe(
      'What follows.',
    ),
  },
  'Write { on: late-delivery, after: P3D, do: suspend-counterpart }.',
);

const LEGAL_ONLY = '`legalOnly: true` is for clauses that only the law enforces.';
const sayLegalOnly = 'Say `legalOnly: true`, or name the control that carries the clause out.';
const control = oneOf(CONTROL_IDS, { remedy: `Use one of ${CONTROL_IDS.join(', ')}. ${LEGAL_ONLY}` }).meta({
  id: 'Control',
});

export const clauseSchema = strictMap(
  {
    id: clauseId.describe('Its number, in quotes, e.g. "4.2".'),
    text: prose(4000, 'Write what the clause says.').describe('What it says.'),
    control: oneOrMore(control, `Name a control or a list of them. ${LEGAL_ONLY}`)
      .optional()
      .describe('What carries it out, e.g. privacy.k; one or a list.'),
    legalOnly: z.literal(true, sayLegalOnly).optional().describe('Only the law enforces it.'),
  },
  'Write { id: "4.2", text: …, control: … }.',
).meta({ oneOf: [{ required: ['control'] }, { required: ['legalOnly'] }] });

const writeParties = 'Name at least two parties: { telco: { … }, retail: { … } }.';

export const agreementSchema = strictMap(
  {
    agreement: z
      .string('Give the agreement a name.')
      .regex(
        /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
        'Use lower-case words and digits joined by hyphens, e.g. telco-retail-2026.',
      )
      .min(3, 'Use 3 to 60 characters.')
      .max(60, 'Use 3 to 60 characters.')
      .describe('The name of the agreement: lower-case words joined by hyphens.'),
    version: z
      .int('Write a whole number from 1.')
      .min(1, 'Write a whole number from 1.')
      .describe('Raised by every amendment.'),
    title: text(200, 'Write a short title.').optional().describe('The name people read.'),
    parties: z
      .record(id, partySchema, writeParties)
      .meta({ minProperties: 2 })
      .describe('Who barters, by a short name.'),
    term: termSchema.describe('From when to when, and how it is left.'),
    datasets: z
      .record(id, datasetSchema, 'Describe the datasets: { usage: { owner, columns, … } }.')
      .describe('What is bartered, by a short name.'),
    legs: z
      .array(legSchema, 'List who gives what to whom.')
      .min(1, 'List at least one leg: { from, to, dataset, … }.')
      .describe('Who gives what to whom, how often and for what.'),
    fairness: fairnessSchema.optional().describe('When a swap is fair.'),
    remedies: z
      .array(remedySchema, 'List remedies: { on: …, do: … }.')
      .default([])
      .describe('What follows when something goes wrong.'),
    clauses: z
      .array(clauseSchema, 'List clauses: { id: "4.2", text: …, control: … }.')
      .default([])
      .describe('The clauses of the contract, each bound to a control or legalOnly.'),
  },
  'Write a map: agreement, version, parties, term, datasets, legs, ….',
);

export type AgreementText = z.output<typeof agreementSchema>;
export type Party = z.output<typeof partySchema>;
export type Dataset = z.output<typeof datasetSchema>;
export type Column = z.output<typeof columnSchema>;
export type Privacy = z.output<typeof privacySchema>;
export type Leg = z.output<typeof legSchema>;
export type Clause = z.output<typeof clauseSchema>;

/** A valid agreement: what its file says, and the rows of the hierarchy files it names. */
export type Agreement = AgreementText & {
  /** By file name as written: one row per leaf value. */
  readonly hierarchies: ReadonlyMap<string, readonly (readonly string[])[]>;
};
