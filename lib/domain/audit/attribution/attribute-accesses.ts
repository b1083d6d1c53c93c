import {
  type AgreementInForce,
  isInForce,
  type LegPlace,
  type ProposedVersion,
} from '../../agreement/agreement-in-force';
import { readDoorRole } from '../../enforcement/doors/door-session';
import type { Access, Resource } from '../access';
import { isOpening } from '../reach-of-act';
import type { Crossing, JoinedAccess } from '../records/join-accesses';
import type { Attribution, Candidate, Confidence, LegJoin, PartyJoin } from './attribution';
import { findDoor, readAssumed } from './find-door';
import { findExplaining } from './find-explaining';
import { type FoundLegs, findLegs } from './find-legs';
import { findNetworks } from './find-networks';
import { findTaken } from './find-taken';
import { judgeRole } from './judge-role';
import {
  type DecisionIndex,
  indexDecisions,
  indexLinks,
  type LinkIndex,
  mayLinkHold,
  type RecordedDecision,
} from './recorded-decision';

export interface AttributedAccess {
  readonly joined: JoinedAccess;
  readonly attribution: Attribution;
}

/**
 * Attributes each access to a party, the version of the agreement that held then, its leg, and the decision.
 * @param roomAccounts the accounts of the room: what they do is the room's own doing, what a party does at home (an
 * export of a data set it was granted, as its account forwards it) is the party's
 * @param proposed versions that not all have signed
 */
export function attributeAccesses(
  accesses: readonly JoinedAccess[],
  agreements: readonly AgreementInForce[],
  decisions: readonly RecordedDecision[],
  roomAccounts: ReadonlySet<string>,
  proposed: readonly ProposedVersion[] = [],
): readonly AttributedAccess[] {
  const queried = new Map<string, Resource>();
  for (const { access } of accesses) {
    const [query, table] = readQueried(access) ?? [];
    if (query !== undefined && table !== undefined) queried.set(query, table);
  }
  const attribute = openAttribution({ agreements, proposed, decisions, roomAccounts, queried });
  return accesses.map(attribute);
}

export interface AttributionGrounds {
  readonly agreements: readonly AgreementInForce[];
  readonly proposed?: readonly ProposedVersion[];
  readonly decisions: readonly RecordedDecision[];
  readonly roomAccounts: ReadonlySet<string>;
  /** The table that each query was about: `readQueried` of every access. */
  readonly queried: ReadonlyMap<string, Resource>;
}

/** Which table a query was about, as Lake Formation was told; undefined where an access tells no such thing. */
export function readQueried({ act, joins, resource }: Access): readonly [query: string, table: Resource] | undefined {
  return act === 'vend' && joins.query !== undefined && resource.kind === 'table' ? [joins.query, resource] : undefined;
}

/** The same as `attributeAccesses`, one by one. */
export function openAttribution(grounds: AttributionGrounds): (joined: JoinedAccess) => AttributedAccess {
  const { agreements, proposed = [], roomAccounts, queried } = grounds;
  const index = indexDecisions(grounds.decisions);
  let links: LinkIndex | undefined;
  const listLinks = () => {
    links ??= indexLinks(grounds.decisions);
    return links;
  };
  return (joined) => {
    const { access, crossing } = joined;
    const { link } = access.joins;
    if (link !== undefined && crossing.kind === 'own' && roomAccounts.has(crossing.account))
      return { joined, attribution: attributeLink(joined, listLinks().get(link) ?? [], agreements, queried) };
    if (crossing.kind === 'aws-service') return { joined, attribution: { kind: 'internal', by: 'aws-service' } };
    const isRooms = crossing.kind === 'own' && roomAccounts.has(crossing.account);
    const role = isRooms && access.actor.kind === 'account' ? readDoorRole(access.actor.arn) : undefined;
    const assumed = readAssumed(access, roomAccounts);
    const door = findDoor(access, crossing, role, assumed, agreements, proposed);
    if (door !== undefined) return { joined, attribution: door };
    if (isRooms && role === undefined) {
      const taken = findTaken(access, assumed, [...agreements, ...proposed], listLinks);
      return { joined, attribution: taken ?? attributeOwn(access) };
    }
    const strangers: readonly Stranger[] = role === undefined ? listStrangers(crossing) : [{ role, join: 'role' }];
    const attribution = attribute(joined, strangers, agreements, index, queried);
    if (role !== undefined) return { joined, attribution };
    // What the room does abroad, or a party at home, is nobody's access to the room, unless it is to a leg.
    const atHome = crossing.kind === 'own' || (crossing.kind === 'other-account' && roomAccounts.has(crossing.account));
    return { joined, attribution: atHome && attribution.kind === 'unattributed' ? OWN : attribution };
  };
}

const OWN: Attribution = { kind: 'internal', by: 'own-account' };

/**
 * What is done in the room's accounts is the room's. Whoever comes in by a provider of single sign-on that the room's account
 * has is one of its operators: only its administration can have set that up.
 */
function attributeOwn({ actor, resource }: Access): Attribution {
  if (actor.kind !== 'sso-user') return OWN;
  const isRole = resource.kind === 'other' && /:role\/./.test(resource.id);
  return isRole ? { kind: 'internal', by: 'operator' } : { kind: 'unattributed', reason: 'unknown-actor' };
}

/**
 * What was done by a link is the doing of whom it was given to: the session that signed it is the room's own, and named for the
 * decision that gave it.
 */
function attributeLink(
  joined: JoinedAccess,
  given: readonly RecordedDecision[],
  agreements: readonly AgreementInForce[],
  queried: ReadonlyMap<string, Resource>,
): Attribution {
  const { access } = joined;
  const matches = given.flatMap((decision) => {
    if (!mayLinkHold(decision, access.at)) return [];
    const { party, leg, agreement } = decision;
    const isOf = ({ id, version }: Candidate['agreement']) => id === agreement.id && version === agreement.version;
    const version = agreements.find(({ plan }) => isOf(plan.agreement));
    const found = version && findLegs(version, access, queried);
    const places = found?.places.filter((place) => place.leg === leg) ?? [];
    // Of one leg a bucket has several places: the one that it is for is told.
    const [match] = version && found ? preferConcerned(listCandidates(version, party, { ...found, places })) : [];
    return match === undefined ? [] : [{ ...match, decision }];
  });
  const [match] = matches;
  if (match === undefined) return { kind: 'unattributed', reason: 'unknown-actor' };
  // A dataset may be given by several legs: what is handed in is for each.
  if (matches.length > 1) return { kind: 'ambiguous', candidates: matches.map(({ candidate }) => candidate) };
  const joins = { party: 'link', leg: match.join } as const;
  const networks = findNetworks(match.under, match.candidate, joins.party, joined);
  return {
    kind: 'attributed',
    ...match.candidate,
    holds: match.holds,
    ...(networks === undefined ? {} : { networks }),
    decision: match.decision,
    joins,
    confidence: rateConfidence(joins.party, joins.leg),
  };
}

/** Somebody outside, as the records name it. */
interface Stranger {
  readonly account?: string;
  readonly user?: string;
  /** Of a user: the server that signed it in. */
  readonly server?: string;
  /** Of the room's roles that parties come in by, the one that it was done with. */
  readonly role?: string;
  readonly join: PartyJoin;
}

function attribute(
  joined: JoinedAccess,
  strangers: readonly Stranger[],
  agreements: readonly AgreementInForce[],
  decisions: DecisionIndex,
  queried: ReadonlyMap<string, Resource>,
): Attribution {
  const { access, crossing } = joined;
  const [stranger] = strangers;
  if (stranger === undefined) {
    return { kind: 'unattributed', reason: crossing.kind === 'anonymous' ? 'anonymous' : 'unknown-actor' };
  }
  const account = stranger.account === undefined ? {} : { account: stranger.account };
  const known = agreements.filter((agreement) => strangers.some((each) => findParty(agreement, each) !== undefined));
  if (known.length === 0) return { kind: 'unattributed', reason: 'no-party', ...account };
  const inForce = known.filter((agreement) => isInForce(agreement, access.at));
  if (inForce.length === 0) return { kind: 'unattributed', reason: 'no-agreement-then', ...account };
  const signedIn = findSignedIn(access, stranger, inForce);
  if (signedIn !== undefined) return signedIn;

  const matches = inForce.flatMap((agreement) => {
    const legs = findLegs(agreement, access, queried);
    const parties = strangers.flatMap((each) => findParty(agreement, each) ?? []);
    return parties.flatMap((party) => (legs === undefined ? [] : listCandidates(agreement, party, legs)));
  });
  const best = preferGravest(matches, access.act) ?? preferFirst(preferConcerned(matches), access.act);
  const [match] = best;
  if (match === undefined) return { kind: 'unattributed', reason: 'no-leg', ...account };
  if (best.length > 1) return { kind: 'ambiguous', candidates: best.map(({ candidate }) => candidate) };
  const decision = findExplaining(match.candidate, match.under.from, agreements, decisions, access.at);
  const networks = findNetworks(match.under, match.candidate, stranger.join, joined);
  return {
    kind: 'attributed',
    ...match.candidate,
    holds: match.holds,
    ...(showsOthers(access, strangers, agreements, queried) ? { showsOthers: true } : {}),
    ...(networks === undefined ? {} : { networks }),
    ...(decision === undefined ? {} : { decision }),
    joins: { party: stranger.join, leg: match.join },
    confidence: rateConfidence(stranger.join, match.join),
  };
}

/**
 * A session by SFTP that begins or ends is its user's party at its own door: it reaches nothing by itself. Of one that was
 * refused nobody knows whose it was.
 */
function findSignedIn(
  { act, outcome }: Access,
  stranger: Stranger,
  inForce: readonly AgreementInForce[],
): Attribution | undefined {
  if (act !== 'session' || outcome === 'denied') return undefined;
  const [found] = inForce.flatMap((under) => {
    const party = findParty(under, stranger);
    const { id, version } = under.plan.agreement;
    return party === undefined ? [] : [{ kind: 'own-door', party, agreement: { id, version } } as const];
  });
  return found;
}

/** Whether it is a listing from above places of agreements, too, that do not know who it was. */
function showsOthers(
  access: Access,
  strangers: readonly Stranger[],
  agreements: readonly AgreementInForce[],
  queried: ReadonlyMap<string, Resource>,
): boolean {
  if (access.act !== 'list') return false;
  const isKnown = (agreement: AgreementInForce) => strangers.some((each) => findParty(agreement, each) !== undefined);
  return agreements.some(
    (agreement) =>
      isInForce(agreement, access.at) && !isKnown(agreement) && findLegs(agreement, access, queried)?.isAbove === true,
  );
}

/** Who it may have been; empty where it is not known at all. */
function listStrangers(crossing: Crossing): readonly Stranger[] {
  switch (crossing.kind) {
    case 'own':
      return [{ account: crossing.account, join: 'actor' }];
    case 'other-account':
      return [{ account: crossing.account, join: crossing.by }];
    case 'sftp':
      return [
        { user: crossing.user, server: crossing.server, join: crossing.by === 'actor' ? 'sftp-user' : 'sftp-session' },
      ];
    case 'ambiguous':
      return crossing.accounts.map((account) => ({ account, join: 'lake-formation-session' }));
    case 'aws-service':
    case 'anonymous':
    case 'unknown':
      return [];
  }
}

function findParty(agreement: AgreementInForce, { account, user, server, role }: Stranger): string | undefined {
  const { plan, sftpUsers, doors } = agreement;
  if (role !== undefined) return doors.find((door) => door.role === role)?.party;
  if (user !== undefined) return isSignedIn(agreement, user, server) ? sftpUsers[user] : undefined;
  return plan.parties.find((party) => party.account === account)?.id;
}

/** By the room's own server, as far as that is known: in an account of its own anybody has one, and users of any name. */
function isSignedIn({ sftpUsers, sftpSessions }: AgreementInForce, user: string, server: string | undefined): boolean {
  const isOfServer = sftpSessions?.some((each) => each.user === user && each.server === server) ?? true;
  return Object.hasOwn(sftpUsers, user) && isOfServer;
}

interface Match {
  readonly under: AgreementInForce;
  readonly candidate: Candidate;
  readonly join: LegJoin;
  readonly holds: LegPlace['holds'];
  readonly isAbove: boolean;
  /** Whether the leg's terms let the party come to this place at all. */
  readonly concerned: boolean;
}

function listCandidates(
  under: AgreementInForce,
  party: string,
  { places, join, isAbove }: FoundLegs,
): readonly Match[] {
  const { plan, former = [] } = under;
  const { id, version } = plan.agreement;
  return places.flatMap(({ leg: name, holds }) => {
    const leg = [...plan.legs, ...former].find((each) => each.id === name);
    if (leg === undefined) return [];
    const role = leg.to === party ? 'receiver' : leg.from === party ? 'giver' : 'other-party';
    const candidate = { party, agreement: { id, version }, leg: leg.id, role } as const;
    return [
      {
        under,
        candidate,
        join,
        holds,
        isAbove: isAbove === true,
        concerned: role === (holds === 'release' ? 'receiver' : 'giver'),
      },
    ];
  });
}

/** A listing from above shows all that lies below: of what the party may not see, where it shows such, it is told first. */
function preferGravest(matches: readonly Match[], act: Access['act']): readonly Match[] | undefined {
  const shown = matches.filter(({ isAbove }) => isAbove);
  const gravest = shown.find(({ candidate: { role }, holds }) => judgeRole({ role, holds }, act) !== undefined);
  const first = gravest ?? shown.find(({ concerned }) => concerned) ?? shown[0];
  return first && [first];
}

/** A place may serve several legs (a key, a bucket): the ones that concern the party are meant, where there are such. */
function preferConcerned(matches: readonly Match[]): readonly Match[] {
  const concerned = matches.filter((match) => match.concerned);
  return concerned.length > 0 ? concerned : matches;
}

/** What opens a whole bucket or database to somebody opens what lies there of every leg: of one agreement the first is told. */
function preferFirst(matches: readonly Match[], act: Access['act']): readonly Match[] {
  const agreements = new Set(matches.map(({ candidate: { agreement, party } }) => `${agreement.id} ${party}`));
  return agreements.size === 1 && isOpening(act) ? matches.slice(0, 1) : matches;
}

function rateConfidence(party: PartyJoin, leg: LegJoin): Confidence {
  if (leg === 'key' || leg === 'product' || leg === 'received') return 'weak';
  const direct = party === 'actor' || party === 'sftp-user' || party === 'link' || party === 'role';
  return direct && leg !== 'query' && leg !== 'decrypted-object' ? 'certain' : 'strong';
}
