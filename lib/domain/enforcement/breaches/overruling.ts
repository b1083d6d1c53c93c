import * as z from 'zod';

const eventSchema = z.object({
  'detail-type': z.literal('Breach Overruled'),
  time: z.iso.datetime(),
  account: z.string().regex(/^\d{12}$/),
  detail: z.object({
    agreement: z.string().regex(/^[a-z][a-z0-9-]{2,59}$/),
    report: z.string().regex(/^[\w.:,-]{1,200}$/),
    by: z.string().min(1).max(200),
    reason: z.string().min(1).max(1000),
  }),
});

/** A person's word that a breach is to have no consequences, as the operator puts it on the room's bus. */
export type Overruling = z.output<typeof eventSchema>['detail'] & {
  readonly at: string;
  /** That put it on the bus, as EventBridge says: 12 digits. Who it is by is its own word. */
  readonly account: string;
};

/** Undefined for what is none, or is not complete. */
export function readOverruling(event: unknown): Overruling | undefined {
  const { data } = eventSchema.safeParse(event);
  return data && { ...data.detail, at: data.time, account: data.account };
}
