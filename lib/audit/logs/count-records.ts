import { type CountedKind, countKinds, type RecordCounts } from '../../domain/audit/records/collect-accesses';
import type { joinSpooled } from '../spool/join-spooled';
import type { ScanResult } from './scan-files';

/**
 * How many records were read, and what they were.
 * @param counts of those that are accesses, once they were joined
 */
export function countRecords(
  results: readonly ScanResult[],
  counts: ReturnType<typeof joinSpooled>['counts'],
): RecordCounts {
  const merge = (kinds: (result: ScanResult) => readonly CountedKind[]) => {
    const counter = countKinds();
    for (const result of results) {
      for (const { what, first, records } of kinds(result)) counter.add(what, first, records);
    }
    return counter.list();
  };
  const others = {
    internal: merge(({ internal }) => internal),
    unknown: merge(({ unknown }) => unknown),
    malformed: merge(({ malformed }) => malformed),
  };
  const outside = results.reduce((sum, result) => sum + result.outside, 0);
  const counted = Object.values(others).flat();
  const read = counted.reduce(
    (sum, { records }) => sum + records,
    counts.accesses + counts.duplicates + counts.conflicts,
  );
  const { entered, ...found } = counts;
  return { ...found, ...(entered === 0 ? {} : { entered }), ...others, read: read + outside };
}
