import * as z from 'zod';

/** What fits, with its fields in the order in which it has them: it is written again. */
export function asItIs<T>(schema: z.ZodType): z.ZodType<T> {
  return z.custom<T>((value) => schema.safeParse(value).success);
}
