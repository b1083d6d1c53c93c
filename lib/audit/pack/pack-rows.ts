import * as z from 'zod';
import { ACCESS_TABLE } from './access-table';
import { readRows } from './read-rows';

const text = z.string();

/** What every row of accesses has. */
export const packRowSchema = z.looseObject({
  id: text,
  at: text,
  explained: z.looseObject({ kind: text }),
  evidence: z.array(z.looseObject({ event: text })),
});

/** Whether a row is of what the room did itself: it is in its trail, and most often in no ledger. */
export function isOwn({ explained }: { readonly explained?: { readonly kind: string } | undefined }): boolean {
  return explained?.kind === 'internal';
}

const citingSchema = z.looseObject({ evidence: packRowSchema.shape.evidence });

/** How far apart the records of one access lie: what is told together can lie on both sides of a period's end. */
export const EDGE_MS = 5 * 60 * 1000;

/** Ids of all that the table of accesses in a pack tells. */
export async function listTold(folder: string): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  for await (const [row] of readRows(folder, ACCESS_TABLE, citingSchema))
    for (const { event } of row?.evidence ?? []) told.add(event);
  return told;
}
