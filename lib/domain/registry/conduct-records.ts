import * as z from 'zod';
import { MEASURES, TRIGGERS } from '../agreement/plan/measures';
import { statementSignatureSchema } from './agreement-records';
import { BREACH_KINDS } from './breach-kinds';
import { accessIdSchema, day, hash, id, moment, tieSchema, token, words } from './record-parts';

/* What the registry holds of how the parties keep to it: breaches, and what they have signed of their own conduct. */

/** Where a breach that is told of stands, in this order: what is over can still be overruled. */
export const TOLD_STATES = ['stands', 'over', 'overruled'] as const;

const measureSchema = z.object({
  do: z.enum(MEASURES),
  /** Whom it is taken against. */
  party: id,
  leg: id.exactOptional(),
  clause: words,
  at: moment,
});

export const breachSchema = z.object({
  /** Tells two reports apart; one that is told twice is one record. */
  report: id,
  agreement: id,
  kind: z.enum(BREACH_KINDS),
  /** What the agreement's remedies call it. */
  trigger: z.enum(TRIGGERS),
  party: id.exactOptional(),
  leg: id.exactOptional(),
  round: day.exactOptional(),
  clause: words,
  /** Since when it is so. */
  since: moment,
  reportedAt: moment,
  /** Ids of the accesses that show it. */
  evidence: z.array(accessIdSchema).max(1000),
  /** What ties these to what other logs will tell of the same. Absent: nothing does. */
  ties: z.array(tieSchema).max(1000).exactOptional(),
  detail: words.exactOptional(),
  resolvedAt: moment.exactOptional(),
  /** What was done about it, in this order. */
  taken: z.array(measureSchema),
  /** When the room was told of what was found in the stream of accesses. */
  announcedAt: moment.exactOptional(),
  overruled: z.object({ by: words, at: moment, reason: words }).exactOptional(),
});

/** What one peer's room tells the others of a breach that it has on record, as its party signed it. */
export const toldBreachSchema = statementSignatureSchema.extend({
  agreement: id,
  /** The party whose room it is. */
  from: id,
  ...breachSchema.pick({ report: true, kind: true, leg: true, round: true, since: true }).shape,
  /** Who is said to be in breach. */
  party: id,
  /** What was done about it there, the mildest first. */
  measures: z.array(z.enum(MEASURES)).max(MEASURES.length),
  state: z.enum(TOLD_STATES),
  /** When it was said; a word of the same breach that was said later takes its place. */
  at: moment.regex(/:\d{2}:\d{2}(?:\.\d{1,3})?Z$/),
});

/** As a room keeps it: its own word, or another room's. */
export const toldBreachRecordSchema = toldBreachSchema.extend({
  /** By this room's clock; absent for its own. */
  heardAt: moment.exactOptional(),
  /**
   * While it was known here to stand, by this room's clock, and from when on something was withheld by it; absent where it never
   * stood.
   */
  held: z.object({ from: moment, withheldFrom: moment.exactOptional(), to: moment.exactOptional() }).exactOptional(),
  /** When all other rooms' buses had last taken its own; absent for others'. */
  sentAt: moment.exactOptional(),
});

export const attestationSchema = statementSignatureSchema.extend({
  agreement: id,
  party: id,
  leg: id,
  /** How what was received was destroyed. */
  statement: words,
  by: words,
  at: moment,
});

/** The same of one release, whose time was over: one record for each that the statement names. */
export const releaseAttestationSchema = attestationSchema.extend({
  round: day,
  /** All that the statement names: what is signed. */
  releases: z.array(day).min(1).max(1000),
});

/** What a receiver says, signed, that it was sent: by its hash it is held against what its giver promised. */
export const receiptSchema = statementSignatureSchema.extend({
  agreement: id,
  party: id,
  leg: id,
  round: day,
  sha256: hash,
  at: moment,
});

export const erasureSchema = z.object({
  id,
  agreement: id,
  dataset: id,
  /** HMAC-SHA256 of the subject's identifier under a key of its owner's: the registry never holds the identifier. */
  subject: hash,
  /** ARN of the key that the digest hangs on; absent: it is the owner's own, on one machine. */
  key: z
    .string()
    .regex(/^[\w:/-]{1,200}$/)
    .exactOptional(),
  requestedAt: moment,
  /** Until when receivers have to say that it is done, of what they had by then. */
  deadline: moment,
  /** When releases were looked through after it was on record; absent: that broke off, and is done when it is asked for again. */
  listedAt: moment.exactOptional(),
  receivers: z.array(
    z.object({
      /** What the receiver knows it by: each by another, so that two who compare lists join nothing. Absent: by the record's own. */
      erasure: id.exactOptional(),
      leg: id,
      party: id,
      /** The subject's token there, first of the dataset's version in force, then of those that were released before. */
      tokens: z.array(token),
      /** Rounds whose release may hold the subject, whether it is out by now or waits for its round. */
      releases: z.array(day),
      /** Its signed word, each time, of the rounds that it has erased the subject from. */
      confirmations: z.array(statementSignatureSchema.extend({ releases: z.array(day).min(1), at: moment })),
    }),
  ),
});

/** Whom one day, UTC, had erased from a dataset, as far as one day takes them. */
export const erasureDaySchema = z.object({
  agreement: id,
  dataset: id,
  day,
  /** Ids of erasures. */
  asked: z.array(id),
  /** When the operator was told that there were more. */
  toldAt: moment.exactOptional(),
});

export type BreachRecord = z.output<typeof breachSchema>;
export type ToldBreach = z.output<typeof toldBreachSchema>;
export type ToldBreachRecord = z.output<typeof toldBreachRecordSchema>;
export type MeasureRecord = z.output<typeof measureSchema>;
export type AttestationRecord = z.output<typeof attestationSchema>;
export type ReleaseAttestation = z.output<typeof releaseAttestationSchema>;
export type ReceiptRecord = z.output<typeof receiptSchema>;
export type ErasureRecord = z.output<typeof erasureSchema>;
