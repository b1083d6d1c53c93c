import type { AgreementInForce, LegPlace } from '../domain/agreement/agreement-in-force';
import type { Access, Resource } from '../domain/audit/access';
import type { ReportedAccess } from '../domain/audit/report/reported-access';

/** A record that is at hand no more: who opened a session, to whom credentials were given, or which table a query was about. */
export interface Supposed {
  readonly record?: Access;
  readonly query?: readonly [query: string, table: Resource];
}

/**
 * What one record of before may have told, if a row is right in what it says of an access: only of a session or query that the
 * access's own copies name.
 */
export function listSupposed(
  row: ReportedAccess,
  copies: readonly Access[],
  agreements: readonly AgreementInForce[],
): readonly Supposed[] {
  const { explained } = row;
  if (explained.kind === 'own-door')
    return agreements.flatMap((under) => listOpened(row, explained.party, copies, under));
  if (explained.kind !== 'attributed') return [];
  const { id, version } = explained.agreement;
  const under = agreements.find(({ plan }) => plan.agreement.id === id && plan.agreement.version === version);
  if (under === undefined) return [];
  const { party, leg } = explained.joins;
  if (party === 'sftp-session') return listOpened(row, explained.party, copies, under);
  if (party === 'lake-formation-session') return listVended(row, copies);
  return leg === 'query' ? listQueried(explained.leg, copies, under) : [];
}

function listOpened(
  { at, client }: ReportedAccess,
  party: string,
  copies: readonly Access[],
  { sftpUsers, sftpSessions }: AgreementInForce,
): readonly Supposed[] {
  const users = Object.keys(sftpUsers).filter((user) => sftpUsers[user] === party);
  const signedIn = users.flatMap((user): readonly { readonly user: string; readonly server?: string }[] =>
    sftpSessions === undefined ? [{ user }] : sftpSessions.filter((each) => each.user === user),
  );
  const sessions = new Set(copies.flatMap(({ joins }) => joins.session ?? []));
  // From where it was opened is told with it, and S3 tells an address of its own.
  const addresses = client?.ip === undefined ? [{}] : [{}, { client: { ip: client.ip } }];
  return [...sessions].flatMap((session) =>
    signedIn.flatMap(({ user, server }) =>
      addresses.map((address) => ({
        record: suppose(at, {
          witness: 'transfer-log',
          service: 'transfer',
          operation: 'CONNECTED',
          act: 'session',
          actor: { kind: 'sftp-user', user, ...(server === undefined ? {} : { server }) },
          joins: { session },
          ...address,
        }),
      })),
    ),
  );
}

function listVended({ at, actor: { account } }: ReportedAccess, copies: readonly Access[]): readonly Supposed[] {
  if (account === undefined) return [];
  const sessions = new Set(copies.flatMap(({ joins }) => joins.lakeFormationSession ?? []));
  return [...sessions].map((session) => ({ record: supposeVend(at, account, session) }));
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

function listQueried(leg: string, copies: readonly Access[], { places }: AgreementInForce): readonly Supposed[] {
  const queries = new Set(copies.flatMap(({ joins }) => joins.query ?? []));
  const tables = places.flatMap((place) => (place.leg === leg ? tableOf(place.at) : []));
  return [...queries].flatMap((query) => tables.map((arn) => ({ query: [query, { kind: 'table', arn }] as const })));
}

function tableOf(at: LegPlace['at']): readonly string[] {
  if (at.kind === 'table') return [at.arn];
  return at.kind === 'link' ? [`:${at.path}`] : [];
}

type Told = Pick<Access, 'witness' | 'service' | 'operation' | 'act' | 'actor' | 'joins' | 'client'>;

function suppose(at: string, told: Told): Access {
  return { id: 'supposed', at, outcome: 'allowed', resource: { kind: 'none' }, ...told };
}
