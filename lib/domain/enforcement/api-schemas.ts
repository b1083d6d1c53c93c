import * as z from 'zod';
import type { ApiOperation } from './api-operations';
import { PAUSE_FAULTS } from './judge-pause';
import { STATEMENT_FAULTS } from './party-statement';
import {
  attestationSchema,
  currentSchema,
  endingSchema,
  erasureSchema,
  problemSchema,
  receiptSchema,
  refusalSchema,
  releaseSchema,
  roundSchema,
  signatureSchema,
  statementSignatureSchema,
} from './registry/registry-records';

/*
 * What parties send to the room and what it answers, in one definition: requests are read by these schemas, and the OpenAPI
 * document is made from them.
 */

export const signRequestSchema = signatureSchema
  .pick({ version: true, content: true, algorithm: true, publicKey: true, signature: true })
  .strict();
export const noticeRequestSchema = z.strictObject({
  reason: z
    .string()
    .regex(/^[^\p{Cc}]{1,1000}$/u)
    .describe('Why, on one line; all parties read it.'),
});
export const pauseRequestSchema = noticeRequestSchema;
export const attestRequestSchema = statementSignatureSchema
  .extend(attestationSchema.pick({ leg: true, statement: true, by: true }).shape)
  .strict()
  .describe(
    'Signed with the key that the party holds: `barter attest AGREEMENT --room URL` does it. The bytes are canonical JSON of purpose (`barter-room/attest-destruction/1`), agreement, version, content, party, leg, by, and sha256 of the statement.',
  );
export const problemRequestSchema = z.strictObject({
  text: z
    .string()
    .regex(/^[^\p{Cc}]{1,1000}$/u)
    .describe(
      'What is wrong, on one line and with no value of the data: the others whom it concerns read it by e-mail.',
    ),
  leg: problemSchema.shape.leg.describe('Of the party’s own; absent: it concerns all parties.'),
});
export const erasureRequestSchema = z.strictObject({
  dataset: z.string().min(1).max(31),
  identifier: z
    .string()
    .min(1)
    .max(1000)
    .describe(
      'Of the subject, as the delivered files have it. It is kept nowhere: what is kept is a digest under a key.',
    ),
});
export const confirmRequestSchema = statementSignatureSchema
  .extend({
    erasure: erasureSchema.shape.id,
    leg: z.string().min(1).max(120),
    releases: z.array(z.iso.date()).min(1).max(1000).describe('Rounds that the person is erased from: `unconfirmed`.'),
  })
  .strict()
  .describe(
    'Signed with the key that the party holds: `barter erase AGREEMENT --confirm ID --room URL` does it. The bytes are canonical JSON of purpose (`barter-room/confirm-erasure/1`), agreement, version, content, party, leg, erasure and releases.',
  );
export const receiptRequestSchema = statementSignatureSchema
  .extend(receiptSchema.pick({ leg: true, round: true, sha256: true }).shape)
  .strict()
  .describe(
    'Signed with the key that the party holds: `barter receive AGREEMENT --room URL` does it. The bytes are canonical JSON of purpose (`barter-room/confirm-receipt/1`), agreement, version, content, party, leg, round and sha256.',
  );
export const uploadRequestSchema = z.strictObject({
  dataset: z.string().min(1).max(31),
  file: z.string().min(2).max(200),
  bytes: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const forbiddenSchema = z.object({
  decision: z.literal('forbid'),
  reason: z.string(),
  clause: z.string().describe('What in the agreement says so.'),
});

const entitlement = z.object({
  leg: z.string(),
  effect: z.enum(['grant', 'withhold']),
  releases: z.array(z.iso.date()),
  reason: z.string(),
  clause: z.string(),
});

export const statusSchema = z.object({
  agreement: z.string(),
  version: z.int(),
  content: z.string().describe('What the parties sign: SHA-256, hexadecimal.'),
  proposed: z.int().exactOptional().describe('A version that waits for signatures.'),
  state: currentSchema.shape.state,
  history: currentSchema.shape.history,
  signedBy: z.array(z.string()),
  lastDay: z.iso.date(),
  notice: endingSchema.exactOptional().describe('That was given: by whom, why, and until when the agreement holds.'),
  entitlements: z.array(entitlement).describe('Those of the party that asks.'),
});

export const deliveriesSchema = z.object({
  deliveries: z.array(
    z.object({
      round: z.iso.date(),
      leg: z.string(),
      state: z
        .enum(['awaited', ...releaseSchema.shape.state.options])
        .describe('Of its release; `awaited`: there is none.'),
      roundState: roundSchema.shape.state,
    }),
  ),
  refused: z
    .array(
      refusalSchema.pick({ dataset: true, file: true, at: true }).extend({
        run: refusalSchema.shape.id,
        kind: z
          .enum(['refused', 'failed', 'broken'])
          .describe('At the intake; for a gate that its release does not pass; for a step of the room that broke off.'),
        reason: z.string().exactOptional(),
        gate: z.string().exactOptional(),
        problems: z.array(z.string()).describe('What is wrong: places, columns and counts, no value.'),
      }),
    )
    .describe('Deliveries that went no further, the latest first.'),
});

const release = releaseSchema.pick({
  round: true,
  leg: true,
  version: true,
  state: true,
  sha256: true,
  certificate: true,
  at: true,
});
export const releasesSchema = z.object({ releases: z.array(release) });
export const certifiedSchema = release.extend({
  measured: z
    .looseObject({ certificateVersion: z.literal(1) })
    .describe('The certificate. SHA-256 of its canonical JSON (RFC 8785) is `certificate`.'),
});

export const accessesSchema = z.object({
  accesses: z.array(
    z.object({
      at: z.string(),
      party: z.string().exactOptional().describe('Absent: nobody that the agreement names, or more than one fits.'),
      account: z.string().exactOptional(),
      leg: z.string().exactOptional(),
      dataset: z.string().exactOptional(),
      clause: z.string().exactOptional().describe('What decided; absent: nobody had.'),
      decision: z.enum(['permit', 'forbid']).exactOptional(),
      explained: z.enum(['attributed', 'own-door', 'ambiguous', 'unattributed', 'internal']),
      act: z.string(),
      operation: z.string(),
      outcome: z.enum(['allowed', 'denied', 'failed']),
      resource: z.string(),
      bytes: z.number().exactOptional(),
      ip: z.string().exactOptional().describe('Of its own accesses alone.'),
      entry: z.int().describe('Position in the access ledger.'),
      leaf: z.string().describe('SHA-256 of the entry, as RFC 6962 hashes leaves; hexadecimal.'),
    }),
  ),
  before: z.int().exactOptional().describe('For the page before; absent: there is none.'),
});

const erasure = z.object({
  erasure: erasureSchema.shape.id,
  dataset: erasureSchema.shape.dataset,
  requestedAt: erasureSchema.shape.requestedAt,
  leg: z.string(),
  party: z.string().describe('Who receives by the leg.'),
  tokens: z
    .array(z.string())
    .describe(
      'By which the receiver finds the person’s rows, first of the dataset’s version in force: shown to it alone. None where no token is released.',
    ),
  releases: z.array(z.iso.date()).describe('Rounds that are out and may hold the person.'),
  unconfirmed: z.array(z.iso.date()).describe('Of these, those that the receiver has not erased the person from.'),
  deadline: z.iso.datetime(),
  confirmedAt: z.iso.datetime().exactOptional(),
});
export const erasuresSchema = z.object({ erasures: z.array(erasure) });
export const startedErasureSchema = z.object({
  decision: z.literal('permit'),
  isNew: z.boolean().describe('Whether it was not on record before.'),
  erasures: erasuresSchema.shape.erasures.describe('One for each leg of the dataset.'),
});

export const problemsSchema = z.object({
  problems: z.array(
    problemSchema.pick({ id: true, leg: true, text: true, at: true }).extend({ by: problemSchema.shape.party }),
  ),
});

const paused = {
  201: {
    description: 'On record: in which state the agreement is, and who has it stand still.',
    schema: z.object({
      decision: z.literal('permit'),
      state: currentSchema.shape.state,
      heldBy: z.array(z.string()).describe('Parties, or `operator`: it goes on when all of them have said so.'),
    }),
  },
  409: {
    description:
      'It is not active, or not suspended (`other-state`), was suspended by others (`of-others`), or something was said since (`later-word`).',
    schema: z.object({ reason: z.enum(PAUSE_FAULTS) }),
  },
};

interface ApiContract {
  readonly summary: string;
  /** What is asked in the address besides, and what for. */
  readonly query?: Readonly<Record<string, { readonly description: string; readonly required: boolean }>>;
  readonly request?: z.ZodType;
  readonly answers: Readonly<Record<string, { readonly description: string; readonly schema: z.ZodType }>>;
}

const done = { description: 'On record.', schema: z.object({ decision: z.literal('permit') }) };

/** What each operation takes and answers, beside the refusals that all have. */
export const API_CONTRACTS: Readonly<Record<ApiOperation, ApiContract>> = {
  'read-agreement': {
    summary: 'Where the agreement stands, and what the party may reach',
    answers: { 200: { description: 'Its state.', schema: statusSchema } },
  },
  'request-upload': {
    summary: 'A link by which one file of a dataset is handed in',
    request: uploadRequestSchema,
    answers: {
      201: {
        description: 'The link, and the headers that have to be sent with it.',
        schema: z.object({
          decision: z.literal('permit'),
          method: z.literal('PUT'),
          url: z.url(),
          headers: z.record(z.string(), z.string()),
          expiresAt: z.iso.datetime(),
        }),
      },
    },
  },
  'list-deliveries': {
    summary: 'What the party owes and has delivered, by round',
    answers: { 200: { description: 'Its deliveries.', schema: deliveriesSchema } },
  },
  'list-releases': {
    summary: 'Releases that the party gives or gets',
    answers: { 200: { description: 'Its releases.', schema: releasesSchema } },
  },
  'read-release': {
    summary: 'Links by which the files of a release are read, for a leg that is delivered by the API',
    query: {
      purpose: {
        description: 'What it is read for: one of the leg’s purposes, a term of the Data Privacy Vocabulary.',
        required: true,
      },
    },
    answers: {
      200: {
        description: 'One link for each file. What they hold is counted against the quota of the leg.',
        schema: z.object({
          decision: z.literal('permit'),
          files: z.array(z.object({ name: z.string(), bytes: z.int(), url: z.url() })),
          expiresAt: z.iso.datetime(),
        }),
      },
    },
  },
  'read-certificate': {
    summary: 'The certificate of a release: what was measured of it, and the hashes to hold what was received against',
    answers: {
      200: {
        description:
          'The release on record, and its certificate: for its giver at once, for its receiver once the round is out.',
        schema: certifiedSchema,
      },
      404: {
        description:
          'There is no such release (`no-such-release`), or its certificate is kept no longer (`no-longer-here`).',
        schema: z.object({ reason: z.enum(['no-such-release', 'no-longer-here']) }),
      },
      409: {
        description: 'The round is not out: its receiver is told nothing of it.',
        schema: z.object({ reason: z.literal('not-published') }),
      },
    },
  },
  'list-accesses': {
    summary: 'What was accessed by and of the party',
    query: {
      before: {
        description: 'The position that the last page gave: what comes before it. Absent: the latest.',
        required: false,
      },
    },
    answers: {
      200: {
        description: 'Its accesses and those to what it gives or gets, the latest first.',
        schema: accessesSchema,
      },
    },
  },
  'sign-version': {
    summary: 'Signs a version of the agreement',
    request: signRequestSchema,
    answers: {
      201: {
        description: 'Signed.',
        schema: z.object({
          decision: z.literal('permit'),
          unsigned: z.array(z.string()).describe('Who has still to sign.'),
        }),
      },
      409: { description: 'The signature does not hold.', schema: z.object({ reason: z.string() }) },
    },
  },
  'give-notice': {
    summary: 'Gives notice: the agreement ends after its notice period',
    request: noticeRequestSchema,
    answers: {
      201: {
        description: 'The notice that stands: this one, or the first that was given.',
        schema: z.object({ decision: z.literal('permit'), notice: endingSchema }),
      },
      409: {
        description: 'Nothing binds anybody yet, or the agreement has ended.',
        schema: z.object({ reason: z.enum(['not-signed', 'over']) }),
      },
    },
  },
  'suspend-agreement': {
    summary: 'Suspends the agreement: everything is taken back, and nothing published, until the same party resumes it',
    request: pauseRequestSchema,
    answers: paused,
  },
  'resume-agreement': {
    summary: 'Has an agreement go on that the party suspended',
    request: pauseRequestSchema,
    answers: paused,
  },
  'attest-destruction': {
    summary: 'Attests that what was received by a leg is destroyed',
    request: attestRequestSchema,
    answers: {
      201: done,
      409: {
        description:
          'The agreement has not ended: what is received is destroyed after its end (`not-ended`). Or the signature does not hold.',
        schema: z.object({ reason: z.enum(['not-ended', ...STATEMENT_FAULTS]) }),
      },
    },
  },
  'request-erasure': {
    summary: 'Has a person erased: left out of what is released from now on, and by the receivers from what they have',
    request: erasureRequestSchema,
    answers: {
      201: { description: 'On record.', schema: startedErasureSchema },
      409: {
        description:
          'Nobody can be found in the dataset (`no-subject`), or its keys are gone, and with them what could tell whose a token is (`keys-gone`).',
        schema: z.object({ reason: z.string() }),
      },
    },
  },
  'list-erasures': {
    summary: 'Whom the party asked to erase, and whom it has to erase, by which tokens and until when',
    answers: { 200: { description: 'Those of its legs.', schema: erasuresSchema } },
  },
  'confirm-erasure': {
    summary: 'Confirms that a person is erased from releases that were received by a leg',
    request: confirmRequestSchema,
    answers: {
      201: done,
      404: { description: 'There is no such erasure of that leg.', schema: z.object({ reason: z.string() }) },
      409: {
        description: 'A release that it names is not out (`not-received`), or the signature does not hold.',
        schema: z.object({ reason: z.enum(['not-received', ...STATEMENT_FAULTS]) }),
      },
    },
  },
  'confirm-receipt': {
    summary: 'Says which files have arrived of a release: held against what its giver promised',
    request: receiptRequestSchema,
    answers: {
      201: {
        description: 'On record.',
        schema: z.object({
          decision: z.literal('permit'),
          received: z.enum(['as-promised', 'other']).describe('Whether they are the files of the release on record.'),
        }),
      },
      404: { description: 'There is no such release.', schema: z.object({ reason: z.literal('no-such-release') }) },
      409: { description: 'The signature does not hold.', schema: z.object({ reason: z.enum(STATEMENT_FAULTS) }) },
    },
  },
  'list-problems': {
    summary: 'Problems that were reported, by the party or of what concerns it',
    answers: { 200: { description: 'Those, the latest first.', schema: problemsSchema } },
  },
  'report-problem': {
    summary: 'Reports a problem: to the other party of a leg, or to all, and to whoever runs the room',
    request: problemRequestSchema,
    answers: {
      201: done,
      404: { description: 'The party has no such leg.', schema: z.object({ reason: z.literal('no-such-leg') }) },
      409: {
        description: 'The party has reported as many today as are taken on a day.',
        schema: z.object({ reason: z.literal('too-many') }),
      },
    },
  },
};
