import type { AgreementInForce } from '../../agreement/agreement-in-force';
import { compareTexts } from '../../compare-texts';
import { isRoleNamedFor } from '../../room/room-names';
import type { Access } from '../access';
import { accountOfArn } from './record-fields';
import { believeName, indexSessions as indexKnown, isUnnamed, readSourceAccount } from './session-name';

/** An access with all that other records tell of it. */
export interface JoinedAccess {
  /** The owner's copy where there is one, else the actor's. */
  readonly access: Access;
  /** The other side's copies of the same CloudTrail event. */
  readonly otherSides: readonly Access[];
  /** Other logs' lines of the same request. */
  readonly witnesses: readonly Access[];
  /** The `GetDataAccess` whose credentials were used; more than one where the session cannot tell them apart. */
  readonly vendedBy: readonly Access[];
  /** The line that opened the SFTP session it happened in. */
  readonly session?: Access;
  readonly crossing: Crossing;
  /** Copies as they were read, of which the names of sessions are believed otherwise: so they are entered. */
  readonly asRead?: readonly Access[];
}

/** Across which border it went, as far as the records go; whether the other is a party is the agreement's to say. */
export type Crossing =
  | { readonly kind: 'own'; readonly account: string }
  /** `by`: what told the account, best first as listed here. */
  | { readonly kind: 'other-account'; readonly account: string; readonly by: CrossingJoin }
  | { readonly kind: 'sftp'; readonly user: string; readonly server: string; readonly by: 'actor' | 'sftp-session' }
  | { readonly kind: 'aws-service'; readonly service: string }
  /** Lake Formation handed the same session to several accounts. */
  | { readonly kind: 'ambiguous'; readonly accounts: readonly string[] }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'unknown' };

export type CrossingJoin = 'actor' | 'lake-formation-session' | 'source-identity' | 'other-side';

/**
 * Joins accesses of all witnesses. Every access given is in exactly one of the joined, as itself or beside another.
 * @param bucketOwners the account of each of the room's buckets: S3's own log does not tell it, and in no other are the roles
 * in which the name of a session says for whom it is
 * @param agreements whose users' sessions are known, where they are
 */
export function joinAccesses(
  found: readonly Access[],
  bucketOwners: ReadonlyMap<string, string>,
  agreements: readonly Pick<AgreementInForce, 'sftpUsers' | 'sftpSessions'>[],
): readonly JoinedAccess[] {
  const roomAccounts = new Set(bucketOwners.values());
  const sftp = indexKnown(agreements);
  const accesses = found.map((access) => believeName(access, roomAccounts, sftp));
  const groups = new Map<string, Access[]>();
  const add = (key: string, access: Access) => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [access]);
    else group.push(access);
  };
  const requests = new Map<string, string>();
  for (const access of accesses) {
    if (access.witness !== 'cloudtrail') continue;
    const event = nameEvent(access);
    add(event, access);
    const name = nameRequest(access);
    if (name !== undefined) requests.set(name, event);
  }
  const transfers = pairTransfers(accesses);
  for (const access of accesses) {
    if (access.witness === 'cloudtrail') continue;
    const request = access.witness === 's3-access-log' ? nameRequest(access) : undefined;
    const place = request === undefined ? transfers.get(access) : (requests.get(request) ?? request);
    add(place ?? access.id, access);
  }
  const vended = indexVended(accesses);
  const sessions = indexSessions(accesses);
  const asRead = new Map(
    accesses.flatMap((access, at) => (saysTheSame(access, found[at]!) ? [] : [[access, found[at]!] as const])),
  );
  return [...groups.values()].map((group) => {
    const read = group.flatMap((access) => asRead.get(access) ?? []);
    const joined = joinGroup(group, vended, sessions, { bucketOwners, roomAccounts });
    return read.length === 0 ? joined : { ...joined, asRead: read };
  });
}

/** Whether it is believed just as it was read. */
function saysTheSame(believed: Access, read: Access): boolean {
  const names = ['session', 'link', 'lakeFormationSession'] as const;
  return believed.actor === read.actor && names.every((name) => believed.joins[name] === read.joins[name]);
}

/** The copies of an access, as they were read. */
export function listRead(joined: JoinedAccess): readonly Access[] {
  return copiesOf(joined).map((copy) => joined.asRead?.find(({ id }) => id === copy.id) ?? copy);
}

/**
 * What can only be joined with accesses of the same thread: a log too long for the memory is joined thread by thread.
 * @param threads of accesses with a session and a `sharedEvent`, by the latter (`linkThread`): the other side's copy does
 * not tell the session
 */
export function nameThread({ joins, witness, service, id }: Access, threads: ReadonlyMap<string, string>): string {
  const { session, lakeFormationSession, sharedEvent, request } = joins;
  if (session !== undefined) return `session/${session}`;
  if (lakeFormationSession !== undefined) return `lake/${lakeFormationSession}`;
  const linked = sharedEvent === undefined ? undefined : threads.get(sharedEvent);
  if (linked !== undefined) return linked;
  if (service === 's3' && request !== undefined) return `request/${request}`;
  return sharedEvent !== undefined && witness === 'cloudtrail' ? `event/${sharedEvent}` : id;
}

/** Whether another access may tell the thread of this one: `nameThread` has to know them all. */
export function isLinked({ joins: { session, lakeFormationSession, sharedEvent } }: Access): boolean {
  return sharedEvent !== undefined && (session ?? lakeFormationSession) === undefined;
}

/** The thread that this access gives to the other side's copy; undefined where it gives none. */
export function linkThread(access: Access): readonly [sharedEvent: string, thread: string] | undefined {
  const { session, lakeFormationSession, sharedEvent } = access.joins;
  if (sharedEvent === undefined || (session ?? lakeFormationSession) === undefined) return undefined;
  return [sharedEvent, nameThread(access, new Map())];
}

/** Each record that tells of an access. */
export function copiesOf({ access, otherSides, witnesses }: JoinedAccess): readonly Access[] {
  return [access, ...otherSides, ...witnesses];
}

/**
 * What ties an access to what other logs, or the other side's copy, tell of it, and to all of its session: the same whenever
 * they come, which may be a month later.
 */
export function listTies(joined: JoinedAccess): readonly string[] {
  return copiesOf(joined).flatMap((copy) => {
    const { sharedEvent } = copy.joins;
    const shared = sharedEvent === undefined ? [] : [`event/${sharedEvent}`];
    return [nameThread(copy, NO_THREADS), ...shared].filter((tie) => tie !== copy.id);
  });
}

const NO_THREADS: ReadonlyMap<string, string> = new Map();

/** A shared id pairs the two accounts' copies; what each account has alone keeps its own. */
function nameEvent({ joins, operation, id }: Access): string {
  return joins.sharedEvent === undefined ? id : `${joins.sharedEvent} ${operation}`;
}

/** S3 gives a request the same id in both logs; a line of `DeleteObjects` is told apart by its key. */
function nameRequest({ service, act, joins, resource }: Access): string | undefined {
  if (service !== 's3' || joins.request === undefined || resource.kind !== 'object') return undefined;
  return `${resource.bucket} ${joins.request} ${act === 'list' ? '' : (resource.key ?? '')}`;
}

/**
 * Where what Transfer tells of a file belongs: the same file may be moved many times in a session, so that of each witness the
 * first is joined with the first, the second with the second, in order of time. What there are more of stands by itself, and the
 * S3 calls beneath may be more: a file is fetched in parts.
 */
function pairTransfers(accesses: readonly Access[]): ReadonlyMap<Access, string> {
  const byName = new Map<string, Map<Access['witness'], Access[]>>();
  for (const access of accesses) {
    const name = nameTransfer(access);
    if (name === undefined) continue;
    const witnesses = byName.get(name) ?? new Map<Access['witness'], Access[]>();
    byName.set(name, witnesses);
    const told = witnesses.get(access.witness);
    if (told === undefined) witnesses.set(access.witness, [access]);
    else told.push(access);
  }
  const places = new Map<Access, string>();
  for (const [name, witnesses] of byName) {
    const inOrder = (each: readonly Access[]) => each.toSorted((left, right) => compareTexts(left.at, right.at));
    const events = [...new Set(inOrder(witnesses.get('cloudtrail') ?? []).map(nameEvent))];
    for (const [witness, told] of witnesses)
      if (witness !== 'cloudtrail')
        for (const [at, access] of inOrder(told).entries()) places.set(access, events[at] ?? `${name} ${at}`);
  }
  return places;
}

/** A file moved in an SFTP session: Transfer's line, its event, and the S3 call beneath are one access. */
function nameTransfer({ joins, act, resource }: Access): string | undefined {
  if (joins.session === undefined || (act !== 'read' && act !== 'write')) return undefined;
  switch (resource.kind) {
    case 'object':
      return `${joins.session} ${act} /${resource.bucket}/${resource.key ?? ''}`;
    case 'sftp':
      return resource.path === undefined ? undefined : `${joins.session} ${act} ${resource.path}`;
    default:
      return undefined;
  }
}

interface Room {
  readonly bucketOwners: ReadonlyMap<string, string>;
  readonly roomAccounts: ReadonlySet<string>;
}

function joinGroup(
  group: readonly Access[],
  vended: ReadonlyMap<string, readonly Access[]>,
  sessions: ReadonlyMap<string, Access>,
  { bucketOwners, roomAccounts }: Room,
): JoinedAccess {
  const sides = group.filter(({ witness }) => witness === 'cloudtrail');
  const owners = sides.find(({ owner, recordedBy }) => owner !== undefined && owner === recordedBy);
  const access = owners ?? sides[0] ?? group[0]!;
  const otherSides = sides.filter((side) => side !== access);
  const witnesses = group.filter((each) => each !== access && each.witness !== 'cloudtrail');
  const uses = access.act !== 'vend' && access.joins.lakeFormationSession !== undefined;
  const vendedBy = uses ? (vended.get(access.joins.lakeFormationSession ?? '') ?? []) : [];
  const session = access.joins.session === undefined ? undefined : sessions.get(access.joins.session);
  const opened = session === undefined || session === access ? {} : { session };
  const joined = { access, otherSides, witnesses, vendedBy, ...opened };
  const bucket = access.resource.kind === 'object' ? access.resource.bucket : '';
  const home = access.owner ?? bucketOwners.get(bucket) ?? access.recordedBy;
  return { ...joined, crossing: findCrossing(joined, home, roomAccounts) };
}

/** @param home the account whose data it is, as far as anybody tells */
function findCrossing(
  { access, otherSides, vendedBy, session }: Omit<JoinedAccess, 'crossing'>,
  home: string | undefined,
  roomAccounts: ReadonlySet<string>,
): Crossing {
  const { actor } = access;
  switch (actor.kind) {
    case 'aws-service':
      return actor;
    case 'anonymous':
      return actor;
    case 'sftp-user':
      return { kind: 'sftp', user: actor.user, server: actor.server ?? '', by: 'actor' };
    case 'account':
      if (home === undefined) return { kind: 'unknown' };
      if (actor.account !== home) return { kind: 'other-account', account: actor.account, by: 'actor' };
      return findVendedTo(home, access, vendedBy) ?? findOwn(home, access, roomAccounts);
    case 'sso-user': {
      // A provider signs in to roles of its own account.
      const account = accountOfArn(actor.provider);
      return account !== undefined && account === home ? { kind: 'own', account } : { kind: 'unknown' };
    }
    case 'canonical-user':
    case 'web-identity':
    case 'unknown':
      return findElsewhere(home, otherSides, session);
  }
}

/** What a session does that is for somebody else, nobody knows for whom, is not the room's own. */
function findOwn(home: string, access: Access, roomAccounts: ReadonlySet<string>): Crossing {
  const isOthers = roomAccounts.has(home) && isUnnamed(access);
  return isOthers ? { kind: 'unknown' } : { kind: 'own', account: home };
}

/** A read with Lake Formation's credentials looks like the owner's own; who got them is in `GetDataAccess`. */
function findVendedTo(home: string, access: Access, vendedBy: readonly Access[]): Crossing | undefined {
  const accounts = new Set(vendedBy.flatMap(({ actor }) => (actor.kind === 'account' ? [actor.account] : [])));
  const [account] = accounts;
  if (accounts.size === 1 && account !== undefined && account !== home) {
    return { kind: 'other-account', account, by: 'lake-formation-session' };
  }
  if (accounts.size > 1) return { kind: 'ambiguous', accounts: [...accounts].toSorted() };
  if (account !== undefined) return undefined;
  const arn = access.actor.kind === 'account' ? access.actor.arn : undefined;
  const source = isRoleNamedFor('lake', arn) ? readSourceAccount(access.joins.sourceIdentity) : undefined;
  if (source !== undefined && source !== home) return { kind: 'other-account', account: source, by: 'source-identity' };
  // Credentials were handed out, but the record to whom is lost.
  const handedOut = access.act !== 'vend' && access.joins.lakeFormationSession !== undefined;
  return handedOut && source === undefined ? { kind: 'unknown' } : undefined;
}

function findElsewhere(home: string | undefined, otherSides: readonly Access[], session: Access | undefined): Crossing {
  if (session?.actor.kind === 'sftp-user') {
    return { kind: 'sftp', user: session.actor.user, server: session.actor.server ?? '', by: 'sftp-session' };
  }
  const account = otherSides.flatMap(({ actor }) => (actor.kind === 'account' ? [actor.account] : []))[0];
  if (account === undefined) return { kind: 'unknown' };
  return account === home ? { kind: 'own', account } : { kind: 'other-account', account, by: 'other-side' };
}

function indexVended(accesses: readonly Access[]): ReadonlyMap<string, readonly Access[]> {
  const vended = new Map<string, Access[]>();
  for (const access of accesses) {
    const { lakeFormationSession: session } = access.joins;
    if (access.act !== 'vend' || access.outcome !== 'allowed' || session === undefined) continue;
    const earlier = vended.get(session);
    if (earlier === undefined) vended.set(session, [access]);
    else earlier.push(access);
  }
  return vended;
}

/** By session: the line that names its user. Whoever was refused only said who it is. */
function indexSessions(accesses: readonly Access[]): ReadonlyMap<string, Access> {
  const opened = accesses.filter(
    ({ act, actor, outcome }) => act === 'session' && actor.kind === 'sftp-user' && outcome !== 'denied',
  );
  return new Map(
    opened.flatMap((access) => (access.joins.session === undefined ? [] : [[access.joins.session, access]])),
  );
}
