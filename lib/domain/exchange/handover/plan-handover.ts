import { fewestDays } from '../../agreement/periods/fewest-days';
import type { PlannedDataset, PlannedLeg, PlannedParty, PlannedRoom } from '../../agreement/plan/plan';
import type { SidePlan } from '../../agreement/plan/plan-for-side';
import { inboxPrefix } from '../../room/inbox-prefix';
import { deliveryPrefix } from '../../room/landing-prefix';
import { releasePrefix } from '../../room/release-prefix';
import type { Room } from '../../room/room';
import {
  nameDatabase,
  nameHandoverStack,
  nameLinkedDatabase,
  namePartnerBus,
  namePartyRole,
  nameWarehouseRole,
} from '../../room/room-names';
import { nameFolder, nameInbox } from '../../room/sftp-folders';
import { nameSftpUser } from '../../room/sftp-user';

/** All that one party sets up on its own side, and all that it has to know for that. */
export interface Handover {
  readonly agreement: SidePlan['agreement'];
  readonly term: SidePlan['term'];
  readonly party: PlannedParty;
  readonly room: HandoverRoom;
  /** The room that the parties have signed. */
  readonly signedRoom?: PlannedRoom;
  readonly gives: readonly HandoverDelivery[];
  readonly gets: readonly HandoverReceipt[];
  readonly sftp?: HandoverSftp;
  /** The role of the room that the party's own principals assume, to deliver by S3 and to ask the room. */
  readonly role: string;
  /** Of the template in the party's account: apart from that of another party's room in the same agreement. */
  readonly stackName: string;
}

interface HandoverRoom {
  /** 12 digits; absent where the room's file leaves it to whoever deploys. */
  readonly account?: string;
  readonly region?: string;
  /** The room's event bus for this agreement. */
  readonly bus: string;
  /** The Glue database of its released tables, and how the party's account calls the link to it. */
  readonly database: string;
  readonly link: string;
}

/** A dataset that the party hands in raw. */
interface HandoverDelivery {
  readonly dataset: PlannedDataset;
  /** How often, for each leg that gives it. */
  readonly every: readonly string[];
  readonly uploadPrefix: string;
}

/** A leg that reaches the party. */
export interface HandoverReceipt {
  readonly leg: PlannedLeg;
  readonly title: string;
  readonly from: PlannedParty;
  readonly way: 'export' | 'share' | 'sftp' | 'api' | 'snowflake' | 'gcs';
  /** Where its releases lie: in the room's lake bucket, and in the party's own where they are exported. */
  readonly prefix: string;
  /** Days after which the party's copy is removed. */
  readonly retainDays: number;
  /** The room's role that a warehouse assumes; absent for any other way. */
  readonly warehouseRole?: string;
}

export interface HandoverSftp {
  readonly user: string;
  /** To write to, and to read from. */
  readonly folders: readonly string[];
  readonly inboxes: readonly string[];
  readonly keys: number;
  readonly cidrs: readonly string[];
}

/**
 * What a party has to set up for its barter with this side.
 * @returns undefined for a party that has nothing to do with this side: it is this side, or none of the agreement.
 */
export function planHandover(
  plan: SidePlan,
  party: string,
  room: Pick<Room, 'account' | 'region' | 'sftp'>,
): Handover | undefined {
  const { agreement, side, term } = plan;
  const partner = plan.parties.find(({ id }) => id === party);
  const own = side.kind === 'peer' ? side.party : side.operator;
  if (partner === undefined || partner.id === own) return undefined;
  const gives = plan.datasets.filter(({ owner }) => owner === party).map((dataset) => planDelivery(plan, dataset));
  const gets = plan.legs.filter(({ to }) => to === party).map((leg) => planReceipt(plan, leg));
  if (gives.length === 0 && gets.length === 0) return undefined;
  const inboxes = gets.filter(({ way }) => way === 'sftp').map(({ leg }) => nameInbox(agreement.id, leg.dataset));
  const sftp = room.sftp.kind !== 'off' && gives.length + inboxes.length > 0 ? partner.sftp : undefined;
  const peer = side.kind === 'peer' ? side.party : undefined;
  return {
    agreement,
    term,
    party: partner,
    room: {
      ...(room.account === undefined ? {} : { account: room.account }),
      ...(room.region === undefined ? {} : { region: room.region }),
      bus: namePartnerBus(agreement.id),
      database: nameDatabase(agreement.id),
      link: nameLinkedDatabase(agreement.id, peer),
    },
    ...(plan.room === undefined ? {} : { signedRoom: plan.room }),
    gives,
    gets,
    role: namePartyRole(agreement.id, party),
    stackName: nameHandoverStack(agreement.id, peer),
    ...(sftp === undefined
      ? {}
      : {
          sftp: {
            user: nameSftpUser(agreement.id, party),
            folders: gives.map(({ dataset }) => nameFolder(dataset.id)),
            inboxes,
            keys: sftp.publicKeys.length,
            cidrs: sftp.cidrs,
          },
        }),
  };
}

function planDelivery({ agreement, legs }: SidePlan, dataset: PlannedDataset): HandoverDelivery {
  const every = legs.filter((leg) => leg.dataset === dataset.id).map((leg) => leg.every);
  return { dataset, every: [...new Set(every)], uploadPrefix: deliveryPrefix(agreement.id, dataset.id, 'upload') };
}

function planReceipt({ agreement, parties, datasets }: SidePlan, leg: PlannedLeg): HandoverReceipt {
  const isWarehouse = leg.via.kind === 'snowflake' || leg.via.kind === 'gcs';
  return {
    leg,
    title: datasets.find(({ id }) => id === leg.dataset)?.title ?? leg.dataset,
    from: parties.find(({ id }) => id === leg.from)!,
    way: wayOf(leg),
    // Warehouses read past every filter: only what was granted is copied to where they look.
    prefix: isWarehouse ? inboxPrefix(agreement.id, leg) : releasePrefix(agreement.id, leg),
    retainDays: Math.max(1, fewestDays(leg.retain)),
    ...(isWarehouse ? { warehouseRole: nameWarehouseRole(agreement.id, leg.id) } : {}),
  };
}

function wayOf({ via }: PlannedLeg): HandoverReceipt['way'] {
  switch (via.kind) {
    case 'data-grant':
    case 'product':
      return 'export';
    case 'lake-formation':
    case 'query-only':
      return 'share';
    case 'sftp':
    case 'api':
    case 'snowflake':
    case 'gcs':
      return via.kind;
  }
}
