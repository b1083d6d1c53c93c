import * as z from 'zod';
import { SIGNATURE_ALGORITHMS } from '../agreement/signature';
import { RECODING_MODES } from '../privacy/search/recoding';
import { signatureSchema } from './agreement-records';
import { day, hash, id, moment, words } from './record-parts';

/* What the registry holds of rounds: what was delivered and certified, what peers promised, and what is granted of it. */

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
  /** On one machine, of the giver's key that it was made with: nothing of that follows from it. */
  keyId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .exactOptional(),
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
  /** Those of the releases that this one took the place of, until they are told. */
  dismissed: z.array(z.string().max(2048)).max(50).exactOptional(),
  /** When the delivery was taken in that it was made of. */
  taken: moment.exactOptional(),
  /** When it was certified, or heard of from a peer’s room; absent in records of earlier releases of this software. */
  certified: moment.exactOptional(),
  /** When its publication began, or it was promised: from then on none takes its place. */
  sealed: moment.exactOptional(),
  /** Those that waited in its place before it, and were replaced by newer deliveries: nobody has seen them. */
  replaced: z
    .array(z.object({ place: z.string().max(1024), sha256: hash, certificate: hash, at: moment }))
    .max(50)
    .exactOptional(),
  /** Since when it is in its state. */
  at: moment,
});

/** More files than a record has room for: such a release is hashed anew by every call. */
export const MOST_VERIFIED = 3000;

/** What was hashed of a large release where it waits, by whoever publishes it: a round of many bytes takes several calls. */
export const verificationSchema = z.object({
  agreement: id,
  round: day,
  leg: id,
  place: z.string().max(1024),
  files: z
    .array(z.object({ file: z.string().max(1024), tag: z.string().max(200), modified: moment, sha256: hash }))
    .max(MOST_VERIFIED),
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
  /** When the room of its receiver, where that is another, was heard to have believed it. */
  acceptedAt: moment.exactOptional(),
});

/** Two different words of one giver about the same leg and round, both signed by it. */
export const equivocationSchema = z.object({
  agreement: id,
  round: day,
  leg: id,
  from: id,
  words: z.array(commitmentRecordSchema).length(2),
  /** When the second was heard. */
  at: moment,
});

/** What AWS told of a data grant that a peer's room has made to this one: that it shows the release of a round. */
export const seenGrantSchema = z.object({
  agreement: id,
  round: day,
  leg: id,
  /** Its ARN. */
  grant: z.string().min(1).max(500),
  /** When it was seen first. */
  at: moment,
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
  /** More is being given than stands here, and how much of it was is not known until it is looked up. */
  giving: z.literal(true).exactOptional(),
  /** What the service calls it, e.g. the id of a data grant. */
  reference: z.string().max(500).exactOptional(),
  /** Data sets that grants have made of it in its receiver's account, those of former grants too: exports name these. */
  dataSets: z.array(z.string().max(100)).max(1000).exactOptional(),
});

/** A role that stands for what is agreed no more, until the stack is drawn anew. */
export const closureSchema = z.object({
  agreement: id,
  /** Its name. */
  role: z.string().regex(/^[\w+=,.@-]{1,64}$/),
  /** In force when it was closed or opened. */
  version: z.int().min(1),
  state: z.enum(['closed', 'open']),
  clause: words,
  at: moment,
});

/** What somebody did by hand at a service, and the room put back: one of each kind for each holder, leg and day. */
export const driftSchema = z.object({
  agreement: id,
  day,
  /** An account, or the principal that it was granted to. */
  account: z.string().regex(/^[^\p{Cc}#]{1,600}$/u),
  /** `none` where what it opens belongs to no leg. */
  leg: id,
  did: z.enum(['added', 'removed', 'changed']),
  clause: words,
  reason: words,
  /** When it was found first. */
  at: moment,
});

export type RoundRecord = z.output<typeof roundSchema>;
export type ReleaseRecord = z.output<typeof releaseSchema>;
export type VerificationRecord = z.output<typeof verificationSchema>;
export type LevelsRecord = z.output<typeof levelsSchema>;
/** What one peer's room says to the others of one of its releases: that it is ready, then that its receiver may have it. */
export type Commitment = z.output<typeof commitmentSchema>;
export type CommitmentRecord = z.output<typeof commitmentRecordSchema>;
export type Equivocation = z.output<typeof equivocationSchema>;
export type SeenGrantRecord = z.output<typeof seenGrantSchema>;
export type ClosureRecord = z.output<typeof closureSchema>;
export type EntitlementRecord = z.output<typeof entitlementSchema>;
