import * as z from 'zod';
import { RETENTION_STATES } from '../../exchange/entitlements/plan-retention';
import {
  currentSchema,
  endingSchema,
  signatureSchema,
  statementSignatureSchema,
} from '../../registry/agreement-records';
import {
  attestationSchema,
  erasureSchema,
  receiptSchema,
  releaseAttestationSchema,
  toldBreachSchema,
} from '../../registry/conduct-records';
import { hash } from '../../registry/record-parts';
import { driftSchema, releaseSchema, roundSchema } from '../../registry/round-records';
import { problemSchema, refusalSchema } from '../../registry/told-records';

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
export const overruleRequestSchema = noticeRequestSchema.extend({
  breach: z
    .string()
    .regex(/^[\w.:,-]{1,200}$/)
    .describe('The record of the breach, as the letter about it names it.'),
});
export const attestRequestSchema = statementSignatureSchema
  .extend(attestationSchema.pick({ leg: true, statement: true, by: true }).shape)
  .extend({
    releases: releaseAttestationSchema.shape.releases
      .exactOptional()
      .describe(
        'Days of the rounds whose releases are destroyed, in the state of the agreement in which their time is over; absent: all that came by the leg, after its end.',
      ),
  })
  .strict()
  .describe(
    'Signed with the key that the party holds: `barter attest AGREEMENT --room URL` does it. The bytes are canonical JSON of purpose (`barter-room/attest-destruction/1`), agreement, version, content, party, leg, by, sha256 of the statement, and releases where it names them.',
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
      'Of the subject, as the delivered files have it; one with a line break or another control character is written as a JSON string, its quotes included. It is kept nowhere: what is kept is a digest under a key.',
    ),
});
/** Confirmations that one request holds. */
export const MOST_CONFIRMATIONS = 100;
export const confirmationSchema = z.strictObject({
  erasure: erasureSchema.shape.id,
  releases: z.array(z.iso.date()).min(1).max(1000).describe('Rounds that the person is erased from: `unconfirmed`.'),
  signature: statementSignatureSchema.shape.signature,
});
export const confirmRequestSchema = statementSignatureSchema
  .omit({ signature: true })
  .extend({
    leg: z.string().min(1).max(120),
    confirmations: z.array(confirmationSchema).min(1).max(MOST_CONFIRMATIONS),
  })
  .strict()
  .describe(
    'Each signed with the key that the party holds: `barter erase AGREEMENT --confirm ID… --room URL` does it. The bytes are canonical JSON of purpose (`barter-room/confirm-erasure/1`), agreement, version, content, party, leg, erasure and releases. All are put on record, or none.',
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
  waiting: z.int().exactOptional().describe('A version that all have signed, and that waits for its first day.'),
  state: currentSchema.shape.state,
  history: currentSchema.shape.history,
  signedBy: z.array(z.string()),
  lastDay: z.iso.date(),
  notice: endingSchema.exactOptional().describe('That was given: by whom, why, and until when the agreement holds.'),
  entitlements: z.array(entitlement).describe('Those of the party that asks.'),
  // A room with earlier software tells of none.
  drifts: z
    .array(
      driftSchema
        .pick({ at: true, leg: true, did: true, reason: true, clause: true })
        .extend({ account: z.string().describe('The account, or the principal, that it was granted to.') }),
    )
    .exactOptional()
    .describe(
      'What was granted, taken back or changed by hand of the legs of the party that asks, and was put back: the last.',
    ),
  told: z
    .array(
      toldBreachSchema
        .pick({ from: true, report: true, kind: true, party: true, leg: true, round: true, since: true })
        .extend(toldBreachSchema.pick({ measures: true, state: true, at: true }).shape),
    )
    .exactOptional()
    .describe(
      "Of a peer's room: what rooms have told one another of breaches, as far as the room is that of the party that asks, or the word is its own, about it, or about a leg of its own. The word of whose room it is (`from`), not a finding of this room.",
    ),
  plans: z
    .array(
      z.object({
        version: z.int(),
        content: z.string(),
        side: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('hosted'), operator: z.string().exactOptional() }),
          z.object({ kind: z.literal('peer'), party: z.string() }),
        ]),
        parts: z.record(z.string(), hash),
      }),
    )
    .describe(
      'What the room enforces, and what waits: of each part of the plan the SHA-256 of its canonical JSON. `barter status AGREEMENT --room URL` compares them with what follows from the file.',
    ),
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
export const releasesSchema = z.object({
  releases: z.array(
    release.extend({
      erasedSince: z
        .int()
        .exactOptional()
        .describe('Persons who were asked to be erased from it since: so many fewer it is worth. Absent: none.'),
      erasedBefore: z
        .object({
          persons: z.int(),
          asked: z.iso.date().describe('Day, UTC, on which the last of them was asked for.'),
        })
        .exactOptional()
        .describe(
          'Persons who were asked to be erased from earlier releases of the leg, and whose rows are left out of this one. Absent: none.',
        ),
      retention: z
        .object({
          over: z.iso.datetime().describe('When its receiver may keep it no longer.'),
          due: z.iso.datetime().describe('Until when its destruction is attested.'),
          state: z.enum(RETENTION_STATES).describe('`due`: its receiver has to destroy it.'),
          attestedAt: z.iso.datetime().exactOptional(),
        })
        .exactOptional()
        .describe('Absent: it is not out, or is to be destroyed with all others when the agreement ends.'),
    }),
  ),
});
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
  requestedAt: erasureSchema.shape.requestedAt.describe('The day.'),
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
