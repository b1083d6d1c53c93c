import * as z from 'zod';
import { judgeRelease } from '../../privacy/certificate/judge-release';
import { type ReleaseFigures, readFigures } from '../gates/release-figures';

const count = z.int().min(0);
const share = z.number().min(0).max(1);

const toldSchema = z.object({
  rows: z.object({
    received: count,
    rejected: count,
    rejectedBy: z.array(z.object({ reason: z.string(), rows: count })),
    suppressed: count,
    marked: count.exactOptional(),
    released: count,
  }),
  worth: z.object({ subjects: count, completeness: share }),
  privacy: z.object({ k: count, classSizes: z.array(z.object({ rows: count })), loss: share }).exactOptional(),
});

/**
 * What another room's certificate supports as the figures of its release. Undefined where they do not hang together: rows that
 * do not add up, more subjects than rows, classes that hold other rows or more subjects than were released.
 */
export function readToldCertificate(told: unknown): ReleaseFigures | undefined {
  const { data } = toldSchema.safeParse(told);
  if (data === undefined) return undefined;
  const { rows, worth, privacy } = data;
  const { released } = rows;
  if (judgeRelease(undefined, { rows: released }, rows).length > 0) return undefined;
  if (worth.subjects > released || worth.subjects === 0) return undefined;
  if (privacy) {
    const covered = privacy.classSizes.reduce((sum, each) => sum + each.rows, 0);
    if (covered !== released || privacy.k > worth.subjects) return undefined;
  }
  return readFigures(data);
}
