import { type CountedKind, countKinds } from '../../domain/audit/records/collect-accesses';
import type { AuditFindings } from '../../domain/audit/report/audit-subject';

const HOUR_MS = 60 * 60 * 1000;

/**
 * What was not read and concerns the room and somebody else: by hour, of those hours that lie in the period; what has no time
 * may, and stands at its beginning.
 * @param found as it was counted, hour and kind
 */
export function listUnread(
  found: readonly (readonly CountedKind[])[],
  { from, to }: { readonly from: string; readonly to: string },
): NonNullable<AuditFindings['unexplained']> {
  const counter = countKinds();
  for (const { what, first, records } of found.flat()) counter.add(what, first, records);
  return counter.list().flatMap(({ what, records, first }) => {
    const [, hour, kind = what] = /^(\d{4}-\d{2}-\d{2}T\d{2}) (.+)$/s.exec(what) ?? [];
    if (hour === undefined) return [{ what: what.replace(/^\? /, ''), records, first, at: from }];
    const at = Date.parse(`${hour}:00:00Z`);
    const isWithin = at < Date.parse(to) && at + HOUR_MS > Date.parse(from);
    return isWithin ? [{ what: kind, records, first, at: new Date(at).toISOString().replace('.000Z', 'Z') }] : [];
  });
}
