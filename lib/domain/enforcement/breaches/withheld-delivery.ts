import * as z from 'zod';
import { refusalSchema } from '../../registry/told-records';
import { readDeliveredKey } from '../../room/read-upload-event';

const eventSchema = z.object({
  'detail-type': z.literal('Delivery Withheld'),
  time: z.iso.datetime(),
  detail: z.object({
    delivery: z.string().min(1).max(1024),
    run: z.string().regex(/^[\w-]{1,80}$/),
    error: z.string().min(1).max(300),
    problems: refusalSchema.shape.problems,
  }),
});

/** A delivery that the workflow took no further. */
export interface WithheldDelivery {
  readonly agreement: string;
  readonly dataset: string;
  /** As its giver named it. */
  readonly file: string;
  readonly run: string;
  readonly error: string;
  /** What is wrong, a line each: places, columns, counts. */
  readonly problems?: readonly string[];
  readonly at: string;
}

/** Undefined for what is none, or is not complete. */
export function readWithheldDelivery(event: unknown): WithheldDelivery | undefined {
  const { data } = eventSchema.safeParse(event);
  const delivered = data && readDeliveredKey(data.detail.delivery);
  if (data === undefined || delivered === undefined) return undefined;
  const { run, error, problems } = data.detail;
  return { ...delivered, run, error, ...(problems && { problems }), at: data.time };
}
