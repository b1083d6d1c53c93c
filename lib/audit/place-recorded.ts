import canonicalize from 'canonicalize';
import {
  type MadeForLegs,
  type PlacedVersion,
  placeAgreement,
  type RoomPlaces,
} from '../domain/audit/attribution/place-agreement';
import { encodeText, formatHex } from '../domain/bytes';
import type { AuditRun } from './audit-run';
import { sha256 } from './node-crypto';

/** The versions of one agreement, each with where its data lie and the hash of its plan. */
export function placeVersions(
  versions: readonly PlacedVersion[],
  room: RoomPlaces,
  made: MadeForLegs,
): AuditRun['agreements'] {
  return versions.map((version) => ({
    inForce: placeAgreement(version, room, made),
    plan: formatHex(sha256(encodeText(canonicalize(version.plan) ?? ''))),
  }));
}
