import { nameTrail } from '../attribution/measure-coverage';
import type { LogKey } from '../integrity/trail-key';
import type { TrailVerdict } from '../integrity/verify-trail';
import type { AuditedTrail } from './audit-header';

/** Trails that should have logged, as the room's inventory has it. */
export interface InventoryTrails {
  /** Empty: those that logs and digests show. */
  readonly trails: readonly AuditedTrail[];
  /** What trails record, by name, where that is known apart from `trails`. */
  readonly selectors?: ReadonlyMap<string, readonly string[]>;
}

/** Those that are expected and those that digests tell of; else, without a name, those of whose logs there are some. */
export function findTrails(
  { trails, selectors }: InventoryTrails,
  integrity: Pick<TrailVerdict, 'chains'> | undefined,
  delivered: Iterable<LogKey>,
): readonly AuditedTrail[] {
  const found = new Map(trails.map((trail) => [nameTrail(trail), trail]));
  for (const { trail, account, region, backfill } of integrity?.chains ?? []) {
    const recorded = selectors?.get(trail);
    const known = recorded === undefined ? {} : { selectors: recorded };
    const each = { trail, account, region, ...known };
    if (!backfill && !found.has(nameTrail(each))) found.set(nameTrail(each), each);
  }
  if (found.size > 0) return [...found.values()];
  for (const { account, region } of delivered) {
    const unnamed = { trail: 'unnamed', account, region };
    found.set(nameTrail(unnamed), unnamed);
  }
  return [...found.values()];
}
