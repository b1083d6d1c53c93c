import type { RecordCounts } from '../records/collect-accesses';

/** What the table of accesses in a pack shows of the records that it was made of. */
export interface ToldRecords {
  readonly rows: number;
  /** Places in logs that its rows name. */
  readonly logged: number;
  /** Accesses of which it names the ledger alone. */
  readonly entered: number;
}

/** Holds what a report says of its records against its own table: they are that many at the least. @returns problems */
export function judgeRecords(
  told: RecordCounts,
  { rows, logged, entered }: ToldRecords,
  isPartys: boolean,
): readonly string[] {
  const kinds = [told.internal, told.unknown, told.malformed].flat().map(({ records }) => records);
  const counts = [told.read, told.accesses, told.duplicates, told.conflicts, told.entered ?? 0, ...kinds];
  const isCount = counts.every((count) => Number.isSafeInteger(count) && count >= 0);
  const collected = told.accesses + told.duplicates;
  // How much others did, and the room for itself, is not a party's business.
  const isAll = isPartys
    ? told.read === rows && told.accesses === rows && told.duplicates === 0 && told.internal.length === 0
    : collected >= logged && told.read >= collected + told.conflicts + kinds.reduce((sum, records) => sum + records, 0);
  return isCount && isAll && (told.entered ?? 0) >= entered
    ? []
    : ['what it says of how many records were read is not what its tables show'];
}
