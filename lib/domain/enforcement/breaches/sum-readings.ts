import { type Access, hasMoved } from '../../audit/access';
import type { AttributedAccess } from '../../audit/attribution/attribute-accesses';
import type { JoinedAccess } from '../../audit/records/join-accesses';
import type { UsageRecord } from '../../registry/door-records';

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

/**
 * What tells how much was read; undefined where nothing was, or where it is told elsewhere. Of a download by SFTP that is
 * Transfer's event, which comes at once and once: the S3 calls beneath it are told by the trail, maybe a month later, and were
 * counted by then. One that was broken off is told with what had gone out.
 */
function findCounted({ access, witnesses, crossing }: JoinedAccess): Access | undefined {
  if (crossing.kind === 'sftp') {
    return [access, ...witnesses].find((each) => each.witness === 'event-bus' && each.act === 'read' && hasMoved(each));
  }
  return access.outcome === 'allowed' ? access : undefined;
}

/** Adds what receivers read to what was counted before; days that nothing is added to are left out. In order of days. */
export function sumReadings(attributed: readonly AttributedAccess[], counted: UsageRecord['days']): readonly Reading[] {
  const days = new Map<string, Reading>();
  for (const { joined, attribution } of attributed) {
    if (attribution.kind !== 'attributed' || attribution.role !== 'receiver') continue;
    const access = findCounted(joined);
    if (access === undefined) continue;
    // Credentials of Lake Formation are a request, for one query; what it reads with them, in many parts, is the bytes of it.
    const isPart = access.act === 'read' && access.joins.lakeFormationSession !== undefined;
    if (access.act !== 'read' && access.act !== 'vend') continue;
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
