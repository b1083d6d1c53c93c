import * as z from 'zod';
import { id, moment, words } from './record-parts';

/* What the registry holds of what people are told: letters, refused deliveries, problems. */

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

export type ProblemRecord = z.output<typeof problemSchema>;
export type RefusalRecord = z.output<typeof refusalSchema>;
