import * as z from 'zod';
import { BREACH_KINDS } from './breach-kinds';
import { accessIdSchema } from './record-parts';

const name = z.string().regex(/^[\w.:-]{1,200}$/);

const eventSchema = z.object({
  id: name,
  time: z.iso.datetime(),
  detail: z.object({
    agreement: name,
    breach: z.enum(BREACH_KINDS),
    party: name.exactOptional(),
    leg: name.exactOptional(),
    round: z.iso.date().exactOptional(),
    since: z.iso.datetime().exactOptional(),
    /** Ids of the accesses that show it. */
    evidence: z.array(accessIdSchema).max(1000).exactOptional(),
    /** Tells reports apart where whoever noticed it can; else the event's own id does. */
    report: name.exactOptional(),
  }),
});

/** Something that the agreement forbids, as whoever noticed it tells the room. Never a value of the data. */
export type BreachReport = Omit<z.output<typeof eventSchema>['detail'], 'report'> & {
  /** The same report told twice has the same. */
  readonly report: string;
  /** What ties the accesses that show it to what other logs will tell of the same. */
  readonly ties?: string[];
  /** When it was told; UTC. */
  readonly reportedAt: string;
};

/** Reads the room's event of a breach; undefined for what is none, or is not complete. */
export function readBreachReport(event: unknown): BreachReport | undefined {
  const { data } = eventSchema.safeParse(event);
  if (data === undefined) return undefined;
  return { ...data.detail, report: data.detail.report ?? data.id, reportedAt: data.time };
}
