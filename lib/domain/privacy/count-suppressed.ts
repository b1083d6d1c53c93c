import type { Verdict } from './class-criterion';
import type { ClassTable } from './class-table';

/** Rows in classes that fail the floor. */
export function countSuppressed({ rows, classes }: ClassTable, { fails }: Verdict): number {
  let suppressed = 0;
  for (let index = 0; index < classes; index++) suppressed += fails[index]! * rows[index]!;
  return suppressed;
}
