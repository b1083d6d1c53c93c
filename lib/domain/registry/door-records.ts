import * as z from 'zod';
import { day, id, moment, words } from './record-parts';

/* What the registry holds of doors: what was decided at them, and what was read. */

export const budgetSchema = z.object({
  agreement: id,
  leg: id,
  /** Start of the period that is counted. */
  period: moment,
  requests: z.int().min(0),
  bytes: z.number().min(0),
});

/** What the ledger had come to at the first look of a month, signed, and in every party's outbox. */
const monthSchema = z.object({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  origin: words,
  size: z.int().min(1),
  /** Base64. */
  root: z.string().max(64),
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
  /** Of the room as a whole: of the last month that began. */
  checkpoint: monthSchema.exactOptional(),
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

export type BudgetRecord = z.output<typeof budgetSchema>;
export type MonthCheckpoint = z.output<typeof monthSchema>;
export type UsageRecord = z.output<typeof usageSchema>;
export type DecisionRecord = z.output<typeof decisionSchema>;
export type KnocksRecord = z.output<typeof knocksSchema>;
