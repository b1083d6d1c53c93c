import * as z from 'zod';
import { AGREEMENT_STATES, LIFECYCLE_ACTS } from '../../agreement/lifecycle';
import { SIGNATURE_ALGORITHMS } from '../../agreement/signature';
import { RECODING_MODES } from '../../privacy/recoding';
import { BREACH_KINDS } from '../breach-kinds';
import { MEASURES, TRIGGERS } from '../measures';

/*
 * What the registry holds, in one definition: records are read by these schemas, so that one that does not hang together
 * opens nothing, and the partner API is described by them. Terms, names, hashes and counts; never a value of a row.
 */

const id = z.string().regex(/^[\w.:,-]{1,200}$/);
/** Of an access, as the ledger has it; it may end in the name of an object. */
export const accessIdSchema = z.string().regex(/^[^\p{Cc}]{1,1500}$/u);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const token = z.string().regex(/^[0-9a-f]{32}$/);
const moment = z.iso.datetime();
const day = z.iso.date();
const words = z.string().min(1).max(2000);

export const transitionSchema = z.object({
  act: z.enum(LIFECYCLE_ACTS),
  from: z.enum(AGREEMENT_STATES),
  to: z.enum(AGREEMENT_STATES),
  at: moment,
  by: id,
  reason: words,
  clause: words,
});

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
  state: z.enum(AGREEMENT_STATES),
  history: z.array(transitionSchema),
  ending: endingSchema.exactOptional(),
  /** What the agreement's stack made. */
  provisioned: z.object({
    sftpRoles: z.record(z.string(), z.string()),
    dataSets: z.record(z.string(), z.string()),
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

export const measureSchema = z.object({
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
  detail: words.exactOptional(),
  resolvedAt: moment.exactOptional(),
  /** What was done about it, in this order. */
  taken: z.array(measureSchema),
  /** When the room was told of what was found in the stream of accesses. */
  announcedAt: moment.exactOptional(),
  overruled: z.object({ by: words, at: moment, reason: words }).exactOptional(),
});

export const roundSchema = z.object({
  agreement: id,
  version: z.int().min(1),
  /** When its deliveries are due. */
  day,
  legs: z.array(id).min(1),
  state: z.enum(['open', 'publishing', 'published', 'withheld']),
  at: moment,
  reason: words.exactOptional(),
});

export const releaseSchema = z.object({
  agreement: id,
  version: z.int().min(1),
  round: day,
  leg: id,
  /** Of the dataset, at which its levels and tokens are: releases of one version can be laid side by side. */
  datasetVersion: z.int().min(1).exactOptional(),
  state: z.enum(['prepared', 'final', 'revoked']),
  /** Of the released file, and of its certificate's canonical JSON. */
  sha256: hash,
  certificate: hash,
  /** Of the files that it was made of: by it the same delivery is known when it is handed in again. */
  input: hash.exactOptional(),
  /** Where they lie: a key in the lake bucket, a path in a folder. */
  place: z.string().max(1024),
  /** What it is worth in the agreement's own measure. */
  value: z.number().min(0).exactOptional(),
  /** From what; see `ReleaseFigures`. Absent in records of earlier releases of this software. */
  figures: z
    .object({
      subjects: z.int().min(0),
      completeness: z.number().min(0).max(1),
      loss: z.number().min(0).max(1),
    })
    .exactOptional(),
  /** The revision of a data set that carries it. */
  revision: z.string().max(200).exactOptional(),
  /** Resumes the workflow that waits for its round. */
  token: z.string().max(2048).exactOptional(),
  at: moment,
});

/** What the first release of a data set version settled. Levels stand in every certificate: they tell nothing of anybody. */
export const levelsSchema = z.object({
  agreement: id,
  dataset: id,
  /** Of the dataset, not of the agreement. */
  version: z.int().min(1),
  mode: z.enum(RECODING_MODES),
  ladders: hash,
  levels: z.array(z.object({ column: z.string().min(1).max(200), level: z.int().min(0) })),
  /** Whose release settled them. */
  run: id,
  at: moment,
});

export const commitmentSchema = z.object({
  agreement: id,
  version: z.int().min(1),
  /** The content that all have signed. */
  content: hash,
  round: day,
  leg: id,
  /** The party that gives, and signs. */
  from: id,
  says: z.enum(['committed', 'granted']),
  /** Of the released file, and of its certificate's canonical JSON. */
  sha256: hash,
  certificate: hash,
  value: z.number().min(0).exactOptional(),
  /** Its giver's word: nothing that cannot be counted from. */
  at: moment.regex(/:\d{2}:\d{2}(?:\.\d{1,3})?Z$/),
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  publicKey: signatureSchema.shape.publicKey,
  signature: signatureSchema.shape.signature,
});

/** A commitment as a room keeps it: its own as it was signed, another room's with when it was heard. */
export const commitmentRecordSchema = commitmentSchema.extend({
  /** By this room's clock; absent for its own. */
  heardAt: moment.exactOptional(),
});

export const entitlementSchema = z.object({
  agreement: id,
  /** By whose terms; absent in records of earlier releases of this software. */
  version: z.int().min(1).exactOptional(),
  leg: id,
  party: id,
  kind: z.string().max(40),
  state: z.enum(['granted', 'revoked']),
  releases: z.array(day),
  clause: words,
  reason: words,
  at: moment,
  /** What the service calls it, e.g. the id of a data grant. */
  reference: z.string().max(500).exactOptional(),
});

export const budgetSchema = z.object({
  agreement: id,
  leg: id,
  /** Start of the period that is counted. */
  period: moment,
  requests: z.int().min(0),
  bytes: z.number().min(0),
});

/** How far the stream of accesses has been looked at for an agreement, and what was read until there. */
export const usageSchema = z.object({
  agreement: id,
  /** Entries of the ledger, counted from its first. */
  position: z.int().min(0),
  /** What receivers read, by day: of the last days, which are what is usual. */
  days: z.array(z.object({ party: id, leg: id, day, requests: z.int().min(0), bytes: z.number().min(0) })),
  /** The same of the period that a quota is counted over. */
  periods: z.array(z.object({ leg: id, period: day, requests: z.int().min(0), bytes: z.number().min(0) })),
});

export const decisionSchema = z.object({
  id,
  agreement: z.object({ id, version: z.int().min(0) }),
  effect: z.enum(['permit', 'forbid']),
  door: z.enum(['sftp', 'api', 'read', 'publication']),
  operation: words,
  party: id.exactOptional(),
  leg: id.exactOptional(),
  dataset: id.exactOptional(),
  round: day.exactOptional(),
  clause: words,
  reason: words,
  /** Of the policy that decided; `none` where no policy permits. */
  policy: words,
  at: moment,
  until: moment.exactOptional(),
});

/** How often somebody was refused at a door on a day: of strangers all that is kept, of parties what counts them. */
export const knocksSchema = z.object({
  agreement: id,
  day,
  /** A party and a reason; of strangers a reason and one of a fixed number of groups of networks. */
  slot: id,
  reason: words,
  count: z.int().min(1),
  first: moment,
  last: moment,
  /** Where from, those that came first; the others are in the count alone. */
  networks: z.array(z.object({ network: z.string().max(50), count: z.int().min(1) })).max(20),
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

export const letterSchema = z.object({
  id: z.string().regex(/^[\w.:,-]{1,400}$/),
  agreement: id,
  to: z.array(id).min(1),
  subject: words,
  at: moment,
});

/** A delivery that went no further; its giver is told. Neither rows nor what was found in them. */
export const refusalSchema = z.object({
  /** Of the workflow's run. */
  id,
  agreement: id,
  dataset: id,
  /** As its giver named it. */
  file: z.string().min(1).max(1024),
  /** What the workflow ended with. */
  error: words,
  /** What is wrong, a line each: places, columns, counts, never a value. */
  problems: z.array(z.string().min(1).max(300)).max(10).exactOptional(),
  at: moment,
});

export const problemSchema = z.object({
  id,
  agreement: id,
  party: id,
  text: words,
  leg: id.exactOptional(),
  at: moment,
});

export type CurrentRecord = z.output<typeof currentSchema>;
export type VersionRecord = z.output<typeof versionSchema>;
export type BreachRecord = z.output<typeof breachSchema>;
export type MeasureRecord = z.output<typeof measureSchema>;
export type RoundRecord = z.output<typeof roundSchema>;
export type ReleaseRecord = z.output<typeof releaseSchema>;
export type LevelsRecord = z.output<typeof levelsSchema>;
/** What one peer's room says to the others of one of its releases: that it is ready, then that its receiver may have it. */
export type Commitment = z.output<typeof commitmentSchema>;
export type CommitmentRecord = z.output<typeof commitmentRecordSchema>;
export type EntitlementRecord = z.output<typeof entitlementSchema>;
export type BudgetRecord = z.output<typeof budgetSchema>;
export type UsageRecord = z.output<typeof usageSchema>;
export type DecisionRecord = z.output<typeof decisionSchema>;
export type KnocksRecord = z.output<typeof knocksSchema>;
export type AttestationRecord = z.output<typeof attestationSchema>;
export type ReleaseAttestation = z.output<typeof releaseAttestationSchema>;
export type ReceiptRecord = z.output<typeof receiptSchema>;
export type ErasureRecord = z.output<typeof erasureSchema>;
export type ProblemRecord = z.output<typeof problemSchema>;
export type RefusalRecord = z.output<typeof refusalSchema>;
export type Ending = z.output<typeof endingSchema>;
