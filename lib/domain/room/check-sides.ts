import { nameLeg } from '../agreement/checks/check-legs';
import { didYouMean } from '../agreement/checks/suggest-name';
import { addDuration } from '../agreement/periods/duration';
import type { Agreement } from '../agreement/schema/agreement';
import type { Finding } from '../agreement/yaml/finding';
import type { YamlFile } from '../agreement/yaml/read-yaml';
import { errorAt, warningAt } from '../agreement/yaml/remark';
import { checkCatalogue } from './check-catalogue';
import { checkSftp } from './check-sftp';
import { compareSignedRoom } from './compare-signed-room';
import type { Room } from './room';
import { sideOf } from './side-of';

type Place = YamlFile['place'];

/** An agreement of the room's folder, and how to give a line of its file to what turns out wrong. */
export interface PlacedAgreement {
  readonly agreement: Agreement;
  readonly place: Place;
}

/** What the room says of itself and the agreements say otherwise: whose it is, who has which account, what it can hold and deliver. */
export function checkSides(room: Room, place: Place, agreements: readonly PlacedAgreement[]): Finding[] {
  if (agreements.length === 0) return [];
  return [
    ...checkOwnParty(room, place, agreements),
    ...checkOwnAccount(room, place, agreements),
    ...checkAccounts(agreements),
    ...checkDelivery(room, agreements),
    ...checkProducts(agreements),
    ...checkWarehouses(room, place, agreements),
    ...checkEvidence(room, place, agreements),
    ...agreements.flatMap((placed) => [
      ...checkSigned(room, placed),
      ...checkHolding(room, placed),
      ...checkPassedOn(room, placed),
    ]),
  ];
}

/** A report of the first month can be held against its logs as long as anybody may ask: until all that was received is destroyed. */
function checkEvidence({ retention }: Room, place: Place, agreements: readonly PlacedAgreement[]): Finding[] {
  return agreements.flatMap(({ agreement: { agreement, term } }) => {
    const settled = addDuration(addDuration(term.ends, 'P1D'), term.exit.destroyWithin);
    const days = Math.ceil((Date.parse(settled) - Date.parse(term.starts)) / DAY);
    if (days <= retention.logs) return [];
    const problem = `${agreement} takes ${days} days from its start until all is destroyed, and logs are kept for ${retention.logs}`;
    const remedy = `Write \`logs: P${days}D\` once all works: reports of days whose logs are gone cannot be held against them.`;
    return [place(warningAt(['retention', 'logs'], problem, remedy))];
  });
}

const DAY = 86_400_000;

function checkSigned(room: Room, { agreement, place }: PlacedAgreement): Finding[] {
  return compareSignedRoom(agreement.room, room, Object.keys(agreement.parties)).map(place);
}

/** What the room's services cannot hold, at the agreement's own line. */
function checkHolding(room: Room, { agreement, place }: PlacedAgreement): Finding[] {
  const bySftp = room.sftp.kind === 'off' ? [] : checkSftp(agreement, sideOf(room));
  return [...checkCatalogue(agreement), ...bySftp].map(place);
}

/**
 * Rooms of peers pass on what others promised of a round, all in one event, which EventBridge takes up to 256 KB. A promise is
 * 0.7 KB, of who has said two things both go out, and the certificate needs the rest.
 */
function checkPassedOn({ topology }: Room, { agreement: { legs }, place }: PlacedAgreement): Finding[] {
  if (topology.kind !== 'peer' || legs.length <= MOST_PEER_LEGS) return [];
  const problem = `${legs.length} legs, and peers' rooms tell each other of at most ${MOST_PEER_LEGS} in a round`;
  return [place(errorAt(['legs'], problem, 'Make several agreements, or one room that hosts it for all.'))];
}

const MOST_PEER_LEGS = 100;

/** The party in whose account the room stands. */
function ownParty({ topology, operatorParty }: Room): string | undefined {
  return topology.kind === 'peer' ? topology.party : operatorParty;
}

function checkOwnParty(room: Room, place: Place, agreements: readonly PlacedAgreement[]): Finding[] {
  const own = ownParty(room);
  const lacking = agreements.filter(({ agreement }) => own !== undefined && !Object.hasOwn(agreement.parties, own));
  const isPeer = room.topology.kind === 'peer';
  // A party that hosts a room may host barters of others in it; its own room is for its own barters.
  if (own === undefined || lacking.length < (isPeer ? 1 : agreements.length)) return [];
  const path = isPeer ? ['topology', 'peer'] : ['operatorParty'];
  return lacking.map(({ agreement: { agreement, parties } }) => {
    const remedy = `${didYouMean(own, Object.keys(parties))}Its parties are ${Object.keys(parties).join(', ')}.`;
    return place(errorAt(path, `\`${own}\` is no party of ${agreement}`, remedy));
  });
}

function checkOwnAccount(room: Room, place: Place, agreements: readonly PlacedAgreement[]): Finding[] {
  const { account } = room;
  if (account === undefined) return [];
  const own = ownParty(room);
  return agreements.flatMap((placed) =>
    Object.entries(placed.agreement.parties).flatMap(([id, party]) => {
      if (id === own && party.account !== account) {
        const problem = `\`${id}\` has this account here, and the room that is said to stand in its account has ${account}`;
        const remedy = "Correct the account here or in the room's file.";
        return [placed.place(errorAt(['parties', id, 'account'], problem, remedy))];
      }
      if (id === own || party.account !== account) return [];
      const problem = `this is the account of \`${id}\` in ${placed.agreement.agreement}`;
      const remedy = `Write \`operatorParty: ${id}\` (it hosts) or \`topology: { peer: ${id} }\` (each has a room), so that reports say who could have seen what.`;
      return [place(errorAt(['account'], problem, remedy))];
    }),
  );
}

/** A party's id means the same party all over the room: tags, prefixes and grants are made of it. */
function checkAccounts(agreements: readonly PlacedAgreement[]): Finding[] {
  const first = new Map<string, { readonly account: string; readonly agreement: string }>();
  return agreements.flatMap(({ agreement: { agreement, parties }, place }) =>
    Object.entries(parties).flatMap(([id, { account }]) => {
      const other = first.get(id);
      if (other === undefined) first.set(id, { account, agreement });
      if (other === undefined || other.account === account) return [];
      const problem = `\`${id}\` has another account here than in ${other.agreement}`;
      const remedy = 'Correct the account, or give one of the two parties another id: an id means one party in a room.';
      return [place(errorAt(['parties', id, 'account'], problem, remedy))];
    }),
  );
}

function checkDelivery({ sftp, topology }: Room, agreements: readonly PlacedAgreement[]): Finding[] {
  if (sftp.kind !== 'off') return [];
  return agreements.flatMap(({ agreement: { legs }, place }) =>
    legs.flatMap(({ from, via }, index) => {
      const isElsewhere = topology.kind === 'peer' && topology.party !== from;
      if (via.kind !== 'sftp' || isElsewhere) return [];
      const remedy = "Write `sftp: { endpoint: public }` in the room's file, or another `via` here.";
      return [place(errorAt(['legs', index, 'via'], 'the room has no SFTP server', remedy))];
    }),
  );
}

/** Whoever subscribes to a product sees all that is in it, by whichever agreement. Within one that is an error of its own. */
function checkProducts(agreements: readonly PlacedAgreement[]): Finding[] {
  const first = new Map<string, { readonly to: string; readonly account: string; readonly agreement: string }>();
  return agreements.flatMap(({ agreement: { agreement, legs, parties }, place }) =>
    legs.flatMap(({ to, via }, index) => {
      if (via.kind !== 'product') return [];
      const account = parties[to]?.account ?? '';
      const other = first.get(via.productId);
      if (other === undefined) first.set(via.productId, { to, account, agreement });
      if (other === undefined || other.account === account || other.agreement === agreement) return [];
      const problem = `by ${other.agreement} this product is for \`${other.to}\`, and who subscribes to a product sees all that is in it`;
      return [place(errorAt(['legs', index, 'via'], problem, `Make a product for \`${to}\`.`))];
    }),
  );
}

function checkWarehouses({ warehouses }: Room, place: Place, agreements: readonly PlacedAgreement[]): Finding[] {
  const legs = agreements.flatMap(({ agreement: { agreement, legs } }) =>
    legs.flatMap((leg) =>
      leg.via.kind === 'snowflake' || leg.via.kind === 'gcs' ? [`${agreement}/${nameLeg(leg)}`] : [],
    ),
  );
  return warehouses.flatMap((leg, index) => {
    if (legs.includes(leg)) return [];
    const known = legs.length === 0 ? 'No leg goes there.' : `Legs that do: ${legs.join(', ')}.`;
    const remedy = `${didYouMean(leg, legs)}${known}`;
    return [place(errorAt(['warehouses', index], `\`${leg}\` is no leg to a warehouse`, remedy))];
  });
}
