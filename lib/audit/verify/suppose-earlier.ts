import type { AgreementInForce, LegPlace } from '../../domain/agreement/agreement-in-force';
import type { Access, Resource } from '../../domain/audit/access';
import { readQueried } from '../../domain/audit/attribution/attribute-accesses';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';

/** A record that is at hand no more: who opened a session, to whom credentials were given, or which table a query was about. */
export interface Supposed {
  readonly record?: Access;
  readonly query?: readonly [query: string, table: Resource];
}

/**
 * What one record of before may have told, if a row is right in what it says of an access: only of a session or query that the
 * access's own copies name, and of which no entry tells it.
 * @param known entries of these sessions and queries
 */
export function listSupposed(
  row: ReportedAccess,
  copies: readonly Access[],
  known: readonly Access[],
  agreements: readonly AgreementInForce[],
): readonly Supposed[] {
  const unknown = listUnknown(copies, known);
  return [
    ...listOpened(row, unknown.sessions, agreements),
    ...listVended(row, unknown.vended),
    ...listQueried(row, unknown.queries, agreements),
  ];
}

/** Sessions of which no entry tells who opened them or to whom they were given, and queries of which none tells the table. */
function listUnknown(copies: readonly Access[], known: readonly Access[]) {
  const without = (name: 'session' | 'lakeFormationSession' | 'query', tells: (access: Access) => boolean) => {
    const told = new Set(known.flatMap((access) => (tells(access) ? (access.joins[name] ?? []) : [])));
    return [...new Set(copies.flatMap(({ joins }) => joins[name] ?? []))].filter((each) => !told.has(each));
  };
  const isOpening = ({ actor, outcome }: Access) => actor.kind !== 'unknown' && outcome !== 'denied';
  return {
    sessions: without('session', isOpening),
    vended: without('lakeFormationSession', isOpening),
    queries: without('query', (access) => readQueried(access) !== undefined),
  };
}

function listOpened(
  { at, client, explained }: ReportedAccess,
  sessions: readonly string[],
  agreements: readonly AgreementInForce[],
): readonly Supposed[] {
  // From where it was opened is told with it, and S3 tells an address of its own.
  const addresses = client?.ip === undefined ? [{}] : [{}, { client: { ip: client.ip } }];
  return sessions.flatMap((session) =>
    listUsers(explained, agreements).flatMap((user) =>
      addresses.map((address) => ({
        record: suppose(at, {
          witness: 'transfer-log',
          service: 'transfer',
          operation: 'CONNECTED',
          act: 'session',
          actor: { kind: 'sftp-user', ...user },
          joins: { session },
          ...address,
        }),
      })),
    ),
  );
}

interface SftpUser {
  readonly user: string;
  readonly server?: string;
}

/** As whom somebody may have signed in, if a row is right in whom it names. */
function listUsers(
  explained: ReportedAccess['explained'],
  agreements: readonly AgreementInForce[],
): readonly SftpUser[] {
  const parties = listParties(explained);
  const users = agreements.flatMap(({ sftpUsers, sftpSessions }) =>
    Object.entries(sftpUsers).flatMap(([user, party]): readonly SftpUser[] => {
      if (parties?.has(party) === false) return [];
      return sftpSessions === undefined ? [{ user }] : sftpSessions.filter((each) => each.user === user);
    }),
  );
  const each = new Map(users.map(({ user, server }) => [`${user} ${server}`, { user, ...(server && { server }) }]));
  return [...each.values(), ...(parties === undefined ? [NOBODYS] : [])];
}

/** No agreement knows it. */
const NOBODYS: SftpUser = { user: '' };

/** Undefined: it names none. */
function listParties(explained: ReportedAccess['explained']): ReadonlySet<string> | undefined {
  switch (explained.kind) {
    case 'attributed':
    case 'own-door':
      return new Set([explained.party]);
    case 'ambiguous':
      return new Set(explained.candidates.map(({ party }) => party));
    case 'unattributed':
    case 'internal':
      return undefined;
  }
}

function listVended({ at, actor: { account } }: ReportedAccess, sessions: readonly string[]): readonly Supposed[] {
  if (account === undefined) return [];
  return sessions.map((session) => ({ record: supposeVend(at, account, session) }));
}

/** That Lake Formation gave an account the credentials of a session. */
export function supposeVend(at: string, account: string, lakeFormationSession: string): Access {
  return suppose(at, {
    witness: 'cloudtrail',
    service: 'lakeformation',
    operation: 'GetDataAccess',
    act: 'vend',
    actor: { kind: 'account', account },
    joins: { lakeFormationSession },
  });
}

function listQueried(
  { explained }: ReportedAccess,
  queries: readonly string[],
  agreements: readonly AgreementInForce[],
): readonly Supposed[] {
  if (explained.kind !== 'attributed') return [];
  const places = agreements.flatMap((under) => under.places.filter(({ leg }) => leg === explained.leg));
  const tables = new Set(places.flatMap(({ at }) => tableOf(at)));
  return queries.flatMap((query) => [...tables].map((arn) => ({ query: [query, { kind: 'table', arn }] as const })));
}

function tableOf(at: LegPlace['at']): readonly string[] {
  if (at.kind === 'table') return [at.arn];
  return at.kind === 'link' ? [`:${at.path}`] : [];
}

type Told = Pick<Access, 'witness' | 'service' | 'operation' | 'act' | 'actor' | 'joins' | 'client'>;

function suppose(at: string, told: Told): Access {
  return { id: 'supposed', at, outcome: 'allowed', resource: { kind: 'none' }, ...told };
}
