import * as z from 'zod';
import { AGREEMENT_STATES, LIFECYCLE_ACTS } from '../agreement/lifecycle';
import { SIGNATURE_ALGORITHMS } from '../agreement/signature';
import { day, hash, id, moment, words } from './record-parts';

/* What the registry holds of an agreement itself: where it stands, its versions, and who has signed them. */

const transitionSchema = z.object({
  act: z.enum(LIFECYCLE_ACTS),
  from: z.enum(AGREEMENT_STATES),
  to: z.enum(AGREEMENT_STATES),
  at: moment,
  by: id,
  reason: words,
  clause: words,
});

/** A step that is over and lies apart, where it leaves `current` its room. */
export const stepSchema = transitionSchema.extend({ agreement: id });

/** A notice that was given: from when on, and until when what was agreed still holds. */
export const endingSchema = z.object({
  by: id,
  at: moment,
  reason: words,
  /** The last day; UTC. */
  lastDay: day,
  clause: words,
});

export const currentSchema = z.object({
  agreement: id,
  /** The version in force; of a draft, the one that waits for signatures. */
  version: z.int().min(1),
  /** A later version that waits for signatures. */
  proposed: z.int().min(1).exactOptional(),
  /** A later version that all have signed: it comes into force on the first day of its term. */
  waiting: z.int().min(1).exactOptional(),
  state: z.enum(AGREEMENT_STATES),
  /** The steps that where it stands rests on; the others lie apart, see `list-steps.ts`. */
  history: z.array(transitionSchema),
  /** How often each has had it stand still or go on, on the last day on which it did. */
  said: z.record(id, z.object({ day, times: z.int().min(1) })).exactOptional(),
  ending: endingSchema.exactOptional(),
  /** What the agreement's stack made. */
  provisioned: z.object({
    sftpRoles: z.record(z.string(), z.string()),
    dataSets: z.record(z.string(), z.string()),
    sftpServer: z.string().exactOptional(),
    sftpSessions: z
      .array(z.object({ party: id, role: z.string(), server: z.string() }))
      .readonly()
      .exactOptional(),
    legKeys: z.record(z.string(), z.string()),
    formerKeys: z.array(z.string()).readonly().exactOptional(),
    version: z.int().min(1).exactOptional(),
    letters: z.string().exactOptional(),
  }),
  /** Since when its stack is gone. */
  removedAt: moment.exactOptional(),
});

export const versionSchema = z.object({
  agreement: id,
  version: z.int().min(1),
  /** What the parties sign. */
  content: hash,
  /** SHA-256 of the plan's canonical JSON. */
  hash,
  /** Whatever `planForSide` made; it is believed as far as its hash is. */
  plan: z.unknown(),
  registeredAt: moment,
});

export const signatureSchema = z.object({
  agreement: id,
  version: z.int().min(1),
  content: hash,
  party: id,
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  publicKey: z.string().regex(/^[A-Za-z0-9+/]{20,2000}={0,2}$/),
  signature: z.string().regex(/^[A-Za-z0-9+/]{20,2000}={0,2}$/),
  at: moment,
});

/** Under which version a party says something of its own conduct, and with what it signs that: see `party-statement.ts`. */
export const statementSignatureSchema = signatureSchema.pick({
  version: true,
  content: true,
  algorithm: true,
  publicKey: true,
  signature: true,
});

export type StepRecord = z.output<typeof stepSchema>;
export type CurrentRecord = z.output<typeof currentSchema>;
export type VersionRecord = z.output<typeof versionSchema>;
export type Ending = z.output<typeof endingSchema>;
