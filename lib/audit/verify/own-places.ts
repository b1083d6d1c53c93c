import type { Access } from '../../domain/audit/access';
import { copiesOf, type JoinedAccess, joinAccesses } from '../../domain/audit/records/join-accesses';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { readDoorRole } from '../../domain/enforcement/doors/door-session';
import { landingPrefix } from '../../domain/room/landing-prefix';
import { releasePrefix } from '../../domain/room/release-prefix';
import { nameDatabase } from '../../domain/room/room-names';
import { readSftpUser } from '../../domain/room/sftp-user';
import type { EnteredLedger } from '../ledger/entered-ledger';
import { readContext } from './open-explainer';

/** Of a party's own pack: whose it is, under which agreement. */
export type OwnReport = Pick<AuditReport, 'agreements' | 'parties'> & {
  readonly header: Pick<AuditReport['header'], 'recipient' | 'room'>;
};

/** Which accesses are certainly a party's business, though no row of its own pack tells of them. */
interface OwnPlaces {
  /** Takes from a row where places of the party's legs are. */
  readonly note: (row: Pick<ReportedAccess, 'explained' | 'resource'>) => void;
  /** Whether the party did it at its legs' places, in whatever way it came in, or a stranger or others did it there. */
  readonly isOwn: (access: Access) => boolean;
}

/** @param bucketOwners an account of the room for each */
export function openOwnPlaces(
  report: OwnReport,
  bucketOwners: ReadonlyMap<string, string>,
  ledger: Pick<EnteredLedger, 'read' | 'listContext'>,
): OwnPlaces {
  const legs = listLegs(report);
  const prefixes = legs.flatMap(({ agreement, id, dataset }) => [
    releasePrefix(agreement, { id }),
    landingPrefix(agreement, dataset),
  ]);
  const isParty = openIsParty(report);
  const ofRoom = new Set(report.header.room.accounts);
  const database = `:table/${nameDatabase(report.header.recipient?.agreement ?? '')}/`;
  const places = new Set<string>();
  /** What the ledger has of whoever opened its session tells whose it is. */
  const join = (access: Access) =>
    joinAccesses([...readContext([access], ledger), access], bucketOwners, []).find((joined) =>
      copiesOf(joined).some(({ id }) => id === access.id),
    );
  return {
    note: ({ explained, resource: { kind, name } }) => {
      if (explained.kind !== 'attributed' || kind !== 'object') return;
      const leg = legs.find(({ id, agreement }) => id === explained.leg && agreement === explained.agreement.id);
      if (leg === undefined) return;
      const { agreement, dataset } = leg;
      const prefix = explained.holds === 'release' ? releasePrefix(agreement, leg) : landingPrefix(agreement, dataset);
      const bucket = name.slice(0, name.indexOf('/'));
      if (name.startsWith(`${bucket}/${prefix}`)) places.add(`${bucket}/${prefix}`);
    },
    isOwn: (access) => {
      const { resource } = access;
      if (resource.kind === 'table') return resource.arn.includes(database) && isParty(join(access));
      if (resource.kind !== 'object' || resource.key === undefined) return false;
      const { bucket, key } = resource;
      if ([...places].some((place) => `${bucket}/${key}`.startsWith(place))) return isOthers(join(access), ofRoom);
      return prefixes.some((prefix) => key.startsWith(prefix)) && isParty(join(access));
    },
  };
}

/** The party's, of all versions. */
function listLegs({ header: { recipient }, agreements }: OwnReport) {
  return agreements
    .filter(({ id }) => id === recipient?.agreement)
    .flatMap(({ id: agreement, legs }) => legs.map((leg) => ({ agreement, ...leg })))
    .filter(({ from, to }) => from === recipient?.party || to === recipient?.party);
}

function openIsParty({ header: { recipient, room }, parties }: OwnReport) {
  const account = parties.find(({ id }) => id === recipient?.party)?.account;
  const ofRoom = new Set(room.accounts);
  return (joined: JoinedAccess | undefined): boolean => {
    switch (joined?.crossing.kind) {
      case 'other-account':
        return joined.crossing.account === account && !ofRoom.has(joined.crossing.account);
      case 'sftp': {
        const user = readSftpUser(joined.crossing.user);
        return user?.agreement === recipient?.agreement && user?.party === recipient?.party;
      }
      case 'own':
        return isAtDoor(joined, ofRoom);
      default:
        return false;
    }
  };
}

/** Whether somebody else than the room did it. */
function isOthers(joined: JoinedAccess | undefined, ofRoom: ReadonlySet<string>): boolean {
  switch (joined?.crossing.kind) {
    case 'other-account':
      return !ofRoom.has(joined.crossing.account);
    case 'own':
      return isAtDoor(joined, ofRoom);
    case 'anonymous':
    case 'ambiguous':
    case 'sftp':
      return true;
    default:
      return false;
  }
}

/** By a link that the room signed, or in a role of the room by which parties come in: whoever it was, it was not for the room. */
function isAtDoor({ access, crossing }: JoinedAccess, ofRoom: ReadonlySet<string>): boolean {
  const { actor, joins } = access;
  if (crossing.kind !== 'own' || !ofRoom.has(crossing.account) || actor.kind !== 'account') return false;
  return joins.link !== undefined || readDoorRole(actor.arn) !== undefined;
}
