import type { AgreementInForce, SftpSession } from '../../agreement/agreement-in-force';
import { readLinkSession } from '../../enforcement/doors/link-session';
import { isRoleForOthers, isRoleNamedFor, readSessionRole } from '../../room/room-names';
import type { Access } from '../access';
import { isAccount } from './record-fields';

/** For whom a session is, by its name. */
export type SessionName =
  /** Transfer's: `user.session@server` ("Viewing Amazon S3 access logs for S3 file events", Transfer Family). */
  | { readonly kind: 'sftp'; readonly user: string; readonly session: string; readonly server: string }
  /** It signs the links of a decision. */
  | { readonly kind: 'link'; readonly decision: string }
  /** Lake Formation's: handed out in `GetDataAccess`. */
  | { readonly kind: 'lake'; readonly session: string };

/** What the name of a session says. Whoever takes a role up chooses it: by itself it proves nothing. */
export function readSessionName(arn: string | undefined): SessionName | undefined {
  const name = /^arn:[\w-]+:sts::\d{12}:assumed-role\/[^/]+\/(.+)$/.exec(arn ?? '')?.[1];
  const decision = readLinkSession(name);
  if (decision !== undefined) return { kind: 'link', decision };
  if (name?.startsWith('AWSLF-')) return { kind: 'lake', session: name };
  const [, user, session, server] = /^(.+)\.([0-9a-f]{8,32})@(s-[0-9a-f]{17})$/.exec(name ?? '') ?? [];
  return user === undefined || session === undefined || server === undefined
    ? undefined
    : { kind: 'sftp', user, session, server };
}

/** What ties an access to others by the name of its session, and no more than that says. */
export function joinsOfName(name: SessionName | undefined): Access['joins'] {
  switch (name?.kind) {
    case 'sftp':
      return { session: name.session };
    case 'link':
      return { link: name.decision };
    case 'lake':
      return { lakeFormationSession: name.session };
    case undefined:
      return {};
  }
}

/** Lake Formation sets `V2.ACCOUNT.ROLEID` ("Tracing data access in CloudTrail with Lake Formation"). */
export function readSourceAccount(identity: string | undefined): string | undefined {
  const [version, account = ''] = identity?.split('.') ?? [];
  return version === 'V2' && isAccount(account) ? account : undefined;
}

/** By user: of whom it is known by which sessions they come. */
export type KnownSessions = ReadonlyMap<string, readonly SftpSession[]>;

/** Of several agreements, or versions of one. */
export function indexSessions(
  agreements: readonly Pick<AgreementInForce, 'sftpUsers' | 'sftpSessions'>[],
): KnownSessions {
  const known = new Map<string, SftpSession[]>();
  for (const { sftpUsers, sftpSessions } of agreements) {
    if (sftpSessions === undefined) continue;
    for (const user of Object.keys(sftpUsers)) {
      const own = sftpSessions.filter((each) => each.user === user);
      known.set(user, [...(known.get(user) ?? []), ...own]);
    }
  }
  return known;
}

/** Whether a session is one by which its user comes, as far as that is known: anybody can have a server of his own. */
function isKnownSession(known: KnownSessions, user: string, server: string, role: string): boolean {
  const own = known.get(user);
  return own === undefined || own.some((each) => each.server === server && each.role === role);
}

/**
 * An access with what the name of its session says of it, as far as that is to be believed: in a role of the room that is
 * there for sessions of such names, and that nobody else takes up. With any other role it says nothing.
 * @param roomAccounts where those roles are: in his own account anybody has roles of any name
 * @param sftp whose server, and whose role, a user's session has to be of
 */
export function believeName(access: Access, roomAccounts: ReadonlySet<string>, sftp: KnownSessions): Access {
  const { actor, act, service } = access;
  const { session, link, lakeFormationSession, ...joins } = access.joins;
  if (actor.kind !== 'account' || (session ?? link ?? lakeFormationSession) === undefined) return access;
  const name = readSessionName(actor.arn);
  const isBelieved =
    roomAccounts.has(actor.account) &&
    name !== undefined &&
    isRoleNamedFor(name.kind, actor.arn) &&
    (name.kind !== 'sftp' || isKnownSession(sftp, name.user, name.server, readSessionRole(actor.arn)));
  // What Lake Formation says that it hands out is no name of whoever asked for it.
  const isHandedOut = act === 'vend' && service === 'lakeformation' && lakeFormationSession !== undefined;
  const told = { ...(isBelieved ? joinsOfName(name) : {}), ...(isHandedOut ? { lakeFormationSession } : {}) };
  const believed = { ...access, joins: { ...joins, ...told } };
  if (!isBelieved || name.kind !== 'sftp') return believed;
  return { ...believed, actor: { kind: 'sftp-user', user: name.user, server: name.server } };
}

/**
 * The name by which somebody of the room's account passes for another: of a session that is not to be believed.
 * @param access as it is believed
 */
export function readPose({
  actor,
  joins,
}: Access): SessionName | { readonly kind: 'account'; readonly account: string } | undefined {
  if (actor.kind !== 'account' || (joins.link ?? joins.session) !== undefined) return undefined;
  const name = readSessionName(actor.arn);
  const isBelieved = name?.kind === 'lake' && joins.lakeFormationSession === name.session;
  if (name !== undefined && !isBelieved) return name;
  const account = isRoleNamedFor('lake', actor.arn) ? undefined : readSourceAccount(joins.sourceIdentity);
  return account === undefined ? undefined : { kind: 'account', account };
}

/** Whether the role of a session comes to objects for others alone, and its name does not tell for whom: it may be cut short. */
export function isUnnamed({ actor, joins, resource }: Access): boolean {
  if (actor.kind !== 'account' || readSessionName(actor.arn) !== undefined) return false;
  return (resource.kind === 'object' || joins.object !== undefined) && isRoleForOthers(actor.arn);
}
