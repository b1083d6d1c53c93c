import * as z from 'zod';
import type { PopulationRow } from '../../privacy/histogram/population';
import { CONTROL_IDS } from '../plan/control-ids';
import { MEASURES, TRIGGERS } from '../plan/measures';
import type { columnSchema } from './column-schema';
import { datasetSchema } from './dataset-schema';
import { isSshKey } from './is-ssh-key';
import { legSchema } from './leg-schema';
import type { privacySchema } from './privacy-schema';
import {
  clauseId,
  date,
  duration,
  id,
  listOf,
  oneOf,
  oneOrMore,
  percent,
  prose,
  strictMap,
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
const writeSigningKey = 'Write the public key that `barter sign` shows: base64 of its DER (SubjectPublicKeyInfo).';
const writeJurisdiction = 'Write EU, or a country and, where it matters, a part of it: UK, DE, US-CA.';

/** Who takes part, and how it is reached. */
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
        privacy: mail.describe(
          'Who answers for privacy: is told of erasures, suspensions and the end. The party’s veto on what goes out is `suspend-agreement`.',
        ),
        security: mail.optional().describe('Who is told of a breach.'),
      },
      'Write { exchange: …, privacy: … }.',
    ).describe('E-mail addresses by task.'),
    sftp: strictMap(
      {
        publicKeys: listOf(
          z
            .string(writeKey)
            .regex(/^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) AAAA[A-Za-z0-9+/]+={0,3}( [^\p{Cc}]*)?$/u, {
              error: writeKey,
              abort: true,
            })
            .refine(isSshKey, { error: writeKey, params: { problem: 'is cut off, or no key of this kind' } }),
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
    signingKey: z
      .string(writeSigningKey)
      .regex(/^[A-Za-z0-9+/]{40,1000}={0,2}$/, writeSigningKey)
      .optional()
      .describe('The public key that the party signs with; absent: the one it signs with first.'),
    networks: listOf(z.union([z.cidrv4(), z.cidrv6()], writeCidr), writeCidr)
      .optional()
      .describe('Address ranges from which the party may reach what it gets; absent: any.'),
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

const writeRegion = 'Write the AWS region, e.g. eu-central-1.';

/** Where raw data go, and who runs that: so that nobody can move it without all signing again. */
export const roomSchema = strictMap(
  {
    topology: oneOf(['hosted', 'peer']).describe('hosted: one room for all. peer: each party has its own.'),
    account: z
      .string(writeAccount)
      .regex(/^\d{12}$/, writeAccount)
      .optional()
      .describe('Of a hosted room: the AWS account that raw data are handed in to.'),
    region: z
      .string(writeRegion)
      .regex(/^[a-z]{2}(-[a-z]{2,12}){1,2}-\d$/, writeRegion)
      .optional()
      .describe('The AWS region in which it stands.'),
    operator: text(200, 'Write who runs the room: a party by its short name, or a company by its name.')
      .optional()
      .describe(
        'Of a hosted room: who runs it and processes the data (GDPR, article 28). A party by its short name, or a company.',
      ),
  },
  'Write { topology: hosted, account: "999900001111", region: eu-central-1, operator: … }.',
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
    on: oneOf(TRIGGERS).describe('What happened.'),
    after: duration.optional().describe('How long it may last first. Default: not at all.'),
    do: oneOf(MEASURES).describe('What follows.'),
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
    room: roomSchema.optional().describe('Where the room stands and who runs it: signed with the rest.'),
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

/** A valid agreement: what its file says, and the rows of the files it names. */
export type Agreement = AgreementText & {
  /** What the parties sign: see `hashContent`. */
  readonly content: string;
  /** By file name as written: one row per leaf value. */
  readonly hierarchies: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** By file name as written: who lives outside the deliveries. */
  readonly populations: ReadonlyMap<string, readonly PopulationRow[]>;
};
