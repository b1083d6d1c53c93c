import canonicalize from 'canonicalize';
import type { Plan } from '../../domain/agreement/plan/plan';
import { isForSide, planForSide } from '../../domain/agreement/plan/plan-for-side';
import {
  listVersions,
  type MadeForLegs,
  type PlacedVersion,
  placeAgreement,
  placeProposed,
} from '../../domain/audit/attribution/place-agreement';
import type { AuditRecords } from '../../domain/audit/report/read-audit-records';
import { encodeText, formatHex } from '../../domain/bytes';
import type { AuditRun } from '../audit-run';
import { sha256 } from '../node-crypto';
import type { Inventory } from './inventory';

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
  const narrow = (plan: Plan) => narrowToRoom(plan, room);
  const place = (versions: readonly PlacedVersion[], of: MadeForLegs) =>
    versions.map((version) => ({
      inForce: placeAgreement(narrowVersion(version, narrow), room, of),
      plan: formatHex(sha256(encodeText(canonicalize(version.plan) ?? ''))),
    }));
  return {
    agreements: [
      ...held.flatMap((each) => place(each.versions, made[each.agreement] ?? each.made)),
      ...others.flatMap(([id, plans]) => place(listVersions(plans), made[id] ?? { dataSets: {}, legKeys: {} })),
    ],
    proposed: recorded.flatMap(({ proposed }) => proposed.map((plan) => placeProposed(narrow(plan), room))),
  };
}

/** A party's own room has its raw data and the legs that it gives, whatever is in the file; its own record says so already. */
function narrowToRoom(plan: Plan, { topology, operatorParty: party }: Inventory['room']): Plan {
  const isNarrow = isForSide(plan) && plan.side.kind === 'peer';
  return topology !== 'peer' || party === undefined || isNarrow ? plan : planForSide(plan, { kind: 'peer', party });
}

function narrowVersion(version: PlacedVersion, narrow: (plan: Plan) => Plan): PlacedVersion {
  const { former } = version;
  const plan = narrow(version.plan);
  return {
    ...version,
    plan,
    ...(former === undefined ? {} : { former: narrow({ ...version.plan, legs: former }).legs }),
  };
}
