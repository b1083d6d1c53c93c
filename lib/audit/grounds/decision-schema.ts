import * as z from 'zod';

const time = z.iso.datetime();

/** A decision as it stands in a file: a line of JSON. */
export const decisionSchema = z.object({
  id: z.string().min(1),
  effect: z.enum(['permit', 'forbid']),
  agreement: z.object({ id: z.string().min(1), version: z.int().positive() }),
  party: z.string().min(1),
  leg: z.string().min(1),
  clause: z.string().min(1),
  at: time,
  until: time.optional(),
});
