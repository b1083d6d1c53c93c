import type { AttributedAccess } from '../audit/attribution/attribute-accesses';
import type { UsageRecord } from '../registry/door-records';

/** What one party read by one leg on one day. */
export interface Reading {
  readonly party: string;
  readonly leg: string;
  /** ISO date, UTC. */
  readonly day: string;
  readonly requests: number;
  readonly bytes: number;
  /** Ids of the accesses that were not counted before, and when the last of them was. */
  readonly accesses: readonly string[];
  readonly at: string;
}

/** Adds what receivers read to what was counted before; days that nothing is added to are left out. In order of days. */
export function sumReadings(attributed: readonly AttributedAccess[], counted: UsageRecord['days']): readonly Reading[] {
  const days = new Map<string, Reading>();
  for (const { joined, attribution } of attributed) {
    const { access } = joined;
    if (attribution.kind !== 'attributed' || attribution.role !== 'receiver') continue;
    // Credentials of Lake Formation are a request, for one query; what it reads with them, in many parts, is the bytes of it.
    const isPart = access.act === 'read' && access.joins.lakeFormationSession !== undefined;
    if ((access.act !== 'read' && access.act !== 'vend') || access.outcome !== 'allowed') continue;
    const { party, leg } = attribution;
    const day = access.at.slice(0, 10);
    const key = `${leg} ${party} ${day}`;
    const before =
      days.get(key) ?? counted.find((each) => each.leg === leg && each.party === party && each.day === day);
    days.set(key, {
      party,
      leg,
      day,
      requests: (before?.requests ?? 0) + (isPart ? 0 : 1),
      bytes: (before?.bytes ?? 0) + (access.bytes?.out ?? 0),
      accesses: [...(days.get(key)?.accesses ?? []), access.id],
      at: access.at,
    });
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}
