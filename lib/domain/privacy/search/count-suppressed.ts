import type { ClassTable } from '../histogram/class-table';
import type { Verdict } from '../models/class-criterion';

/** Rows in classes that fail the floor. */
export function countSuppressed({ rows, classes }: ClassTable, { fails }: Verdict): number {
  let suppressed = 0;
  for (let index = 0; index < classes; index++) suppressed += fails[index]! * rows[index]!;
  return suppressed;
}
