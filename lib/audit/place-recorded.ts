import canonicalize from 'canonicalize';
import type { Plan } from '../domain/agreement/plan';
import {
  listVersions,
  type MadeForLegs,
  type PlacedVersion,
  placeAgreement,
  placeProposed,
} from '../domain/audit/attribution/place-agreement';
import type { AuditRecords } from '../domain/audit/report/read-audit-records';
import { encodeText, formatHex } from '../domain/bytes';
import type { AuditRun } from './audit-run';
import type { Inventory } from './inventory';
import { sha256 } from './node-crypto';

/** Agreements that are on record, and versions of others that are in no registry, by agreement. */
interface ToPlace {
  readonly recorded: AuditRecords['agreements'];
  readonly unrecorded: ReadonlyMap<string, readonly Plan[]>;
}

/**
 * Every version for as long as it held, with where its data lie and the hash of its plan, and those that not all have signed.
 * What is in no registry is taken as if it had been signed in time.
 */
export function placeRecorded(
  { recorded, unrecorded }: ToPlace,
  { room, agreements: made }: Pick<Inventory, 'room' | 'agreements'>,
): Required<Pick<AuditRun, 'agreements' | 'proposed'>> {
  const held = recorded.filter(({ versions }) => versions.length > 0);
  const known = new Set(held.map(({ agreement }) => agreement));
  const others = [...unrecorded].filter(([id]) => !known.has(id));
  const place = (versions: readonly PlacedVersion[], of: MadeForLegs) =>
    versions.map((version) => ({
      inForce: placeAgreement(version, room, of),
      plan: formatHex(sha256(encodeText(canonicalize(version.plan) ?? ''))),
    }));
  return {
    agreements: [
      ...held.flatMap((each) => place(each.versions, made[each.agreement] ?? each.made)),
      ...others.flatMap(([id, plans]) => place(listVersions(plans), made[id] ?? { dataSets: {}, legKeys: {} })),
    ],
    proposed: recorded.flatMap(({ proposed }) => proposed.map((plan) => placeProposed(plan, room))),
  };
}
