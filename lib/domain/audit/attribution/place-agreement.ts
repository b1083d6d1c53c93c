import type { AgreementInForce, Door, LegPlace, ProposedVersion } from '../../agreement/agreement-in-force';
import type { Delivery, Plan, PlannedLeg } from '../../agreement/plan/plan';
import { isReadByLake } from '../../agreement/plan/read-by-lake';
import type { Provisioned } from '../../registry/registered-agreement';
import { nameTable } from '../../room/catalogue';
import { landingPrefix } from '../../room/landing-prefix';
import { outboxPrefix } from '../../room/outbox-prefix';
import { releasePrefix } from '../../room/release-prefix';
import { nameDatabase, nameLinkedDatabase, namePartyRole, nameWarehouseRole } from '../../room/room-names';
import { nameSftpUser } from '../../room/sftp-user';

/** Where a room stands: what its stacks name by themselves. */
export interface RoomPlaces {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly landingBucket: string;
  readonly lakeBucket: string;
  /** With parties' outboxes; absent: not known, and what was fetched there is not explained. */
  readonly ledgerBucket?: string | undefined;
}

export interface PlacedVersion {
  readonly plan: Plan;
  /** Legs of versions before it that it has left out. */
  readonly former?: readonly PlannedLeg[];
  /** UTC, ISO 8601; `to` not included. */
  readonly from: string;
  readonly to?: string;
}

/** What was made for an agreement, by leg. */
export interface MadeForLegs
  extends Pick<Provisioned, 'dataSets' | 'legKeys' | 'sftpSessions' | 'version'>,
    Partial<Pick<Provisioned, 'sftpRoles'>> {
  /** Data sets that grants have made in the receiver's account. */
  readonly granted?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A version of an agreement with all places at which its legs' data can be reached: by the names that the room gives
 * them, and by what was provisioned.
 */
export function placeAgreement(
  { plan, former = [], from, to }: PlacedVersion,
  room: RoomPlaces,
  made: MadeForLegs,
): AgreementInForce {
  const { id } = plan.agreement;
  const { dataSets, legKeys, granted = {} } = made;
  const places = [...plan.legs, ...former].flatMap((leg, index): LegPlace[] => {
    const table = `table/${nameDatabase(id)}/${nameTable(leg.id)}`;
    const [dataSet, key] = [dataSets[leg.id], legKeys[leg.id]];
    const at: LegPlace['at'][] = [
      { kind: 'objects', bucket: room.lakeBucket, prefix: releasePrefix(id, leg) },
      { kind: 'table', arn: `arn:aws:glue:${room.region}:${room.account}:${table}` },
      ...[...(dataSet === undefined ? [] : [dataSet]), ...(granted[leg.id] ?? [])].map(
        (made) => ({ kind: 'data-set', id: made }) as const,
      ),
      ...(key === undefined ? [] : [{ kind: 'key', arn: key } as const]),
      ...listLinks(plan, leg),
    ];
    const releases = at.map((each) => ({ leg: leg.id, holds: 'release', at: each }) as const);
    // A dataset is delivered once, however many legs give it: to its first one.
    if (plan.legs.findIndex(({ dataset }) => dataset === leg.dataset) !== index) return releases;
    const landing = { kind: 'objects', bucket: room.landingBucket, prefix: landingPrefix(id, leg.dataset) } as const;
    return [...releases, { leg: leg.id, holds: 'delivery', at: landing }];
  });
  const sftpUsers = Object.fromEntries(plan.parties.map((party) => [nameSftpUser(id, party.id), party.id]));
  const held = { plan, former, from, ...(to === undefined ? {} : { to }) };
  return { ...held, places, sftpUsers, ...listSessions(id, made), doors: listDoors(plan, room) };
}

/**
 * Where a stack made it, it made all sessions that there are. On one machine nobody may know of them, nor do records of stacks
 * that were drawn before sessions were put on record: these have roles and no sessions.
 */
function listSessions(
  agreement: string,
  { sftpRoles = {}, sftpSessions, version }: MadeForLegs,
): Pick<AgreementInForce, 'sftpSessions'> {
  const isUntold = version === undefined || Object.keys(sftpRoles).length > 0;
  const known = sftpSessions ?? (isUntold ? undefined : []);
  if (known === undefined) return {};
  return {
    sftpSessions: known.map(({ party, role, server }) => {
      const name = role.slice(role.lastIndexOf('/') + 1);
      return { user: nameSftpUser(agreement, party), role: name, server };
    }),
  };
}

/** Which room it is by whose side the link is named: a leg comes from a room for all, or from its giver's own. */
function listLinks({ agreement, parties }: Plan, { id, from, to, via }: PlannedLeg): LegPlace['at'][] {
  const account = parties.find((party) => party.id === to)?.account;
  if (account === undefined || !isReadByLake({ via })) return [];
  return [undefined, from].map((peer) => ({
    kind: 'link',
    path: `${account}:table/${nameLinkedDatabase(agreement.id, peer)}/${nameTable(id)}`,
  }));
}

/** A version that not all have signed, with the roles by which its parties come in to do that. */
export function placeProposed(plan: Plan, room: RoomPlaces): ProposedVersion {
  return { plan, doors: listDoors(plan, room) };
}

/**
 * The roles that parties or their warehouses come in by, each with whom its stack makes it trust. Roles of SFTP users are none:
 * it is the server that assumes these.
 */
function listDoors({ agreement: { id }, parties, legs }: Plan, { ledgerBucket: bucket }: RoomPlaces): readonly Door[] {
  return [
    ...parties.map(({ id: party, account }): Door => {
      const outbox = bucket === undefined ? {} : { outbox: { bucket, prefix: outboxPrefix(id, party) } };
      return { role: namePartyRole(id, party), party, opensTo: { kind: 'account', account }, ...outbox };
    }),
    ...legs.flatMap(({ id: leg, to: party, via }): readonly Door[] => {
      const opensTo = trustOf(via);
      return opensTo === undefined ? [] : [{ role: nameWarehouseRole(id, leg), party, opensTo }];
    }),
  ];
}

function trustOf(via: Delivery): Door['opensTo'] | undefined {
  if (via.kind === 'gcs')
    return { kind: 'web-identity', provider: 'accounts.google.com', subject: via.serviceAccountSubjectId };
  const account = via.kind === 'snowflake' ? via.storageAwsIamUserArn.split(':')[4] : undefined;
  return account === undefined ? undefined : { kind: 'account', account };
}

/**
 * When each version of one agreement held: from the day it starts until the next version does, the last one until the end
 * of the day on which it ends.
 */
export function listVersions(plans: readonly Plan[]): readonly PlacedVersion[] {
  const ordered = plans.toSorted((left, right) => left.agreement.version - right.agreement.version);
  return ordered.map((plan, at) => {
    const next = ordered[at + 1];
    const ended = new Date(Date.parse(`${plan.term.ends}T00:00:00Z`) + DAY_MS).toISOString();
    const ends = [ended, ...(next === undefined ? [] : [`${next.term.starts}T00:00:00.000Z`])].toSorted();
    return { plan, from: `${plan.term.starts}T00:00:00.000Z`, to: ends[0]! };
  });
}

const DAY_MS = 24 * 60 * 60 * 1000;
