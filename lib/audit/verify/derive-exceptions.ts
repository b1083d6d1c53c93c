import type { Access } from '../../domain/audit/access';
import {
  type JudgedAccess,
  judgeAccess,
  type KnownAccounts,
  LONE_KINDS,
  type LoneException,
} from '../../domain/audit/attribution/judge-access';
import { isLogged } from '../../domain/audit/ledger-evidence';
import { accountOfArn } from '../../domain/audit/records/record-fields';
import { TOLD_TO_ALL } from '../../domain/audit/report/exception-rules';
import { readResource } from '../../domain/audit/report/name-resource';
import { reportException } from '../../domain/audit/report/report-exception';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import type { ReportedException } from '../../domain/audit/report/reported-exception';

/**
 * The exceptions that an access shows by itself, as a report tells them.
 * @param isPartys of a party's own pack
 */
export function deriveExceptions(
  row: ReportedAccess,
  accounts: KnownAccounts,
  isPartys: boolean,
): readonly ReportedException[] {
  return judgeRow(row, accounts, isPartys).map((exception) =>
    reportException({ ...exception, at: row.at, accesses: [] }, [row]),
  );
}

/** The same, as they are judged. */
export function judgeRow(row: ReportedAccess, accounts: KnownAccounts, isPartys: boolean): readonly LoneException[] {
  const isInLog = isLogged(row.evidence.filter(({ event }) => event === row.id));
  return judgeAccess(readJudged(row), row.explained, accounts, isInLog).filter(({ kind }) => isLone(kind, isPartys));
}

/** Of changes every party is told that they happened, without the accesses that show it. */
export function isLone(kind: ReportedException['kind'], isPartys: boolean): boolean {
  // A function is in the report itself, and shows it as an access does.
  if (kind === 'foreign-function') return true;
  return (LONE_KINDS as readonly string[]).includes(kind) && !(isPartys && TOLD_TO_ALL.has(kind));
}

/** The access, as far as it is judged, from what a row tells of it. */
function readJudged(row: ReportedAccess): JudgedAccess {
  const { act, operation, outcome, service, bytes, client, recordedBy, grantees, witnesses } = row;
  return {
    act,
    operation,
    outcome,
    service,
    actor: readActor(row.actor),
    witness: witnesses[0] ?? 'cloudtrail',
    resource: readResource(row.resource),
    ...(bytes === undefined ? {} : { bytes }),
    ...(client === undefined ? {} : { client }),
    ...(recordedBy === undefined ? {} : { recordedBy }),
    ...(grantees === undefined ? {} : { grantees }),
  };
}

function readActor({ kind, name, account = '', through }: ReportedAccess['actor']): Access['actor'] {
  if (kind === 'aws-service') return { kind, service: name };
  if (kind !== 'account') return { kind: 'unknown' };
  const own = accountOfArn(name) ?? account;
  return { kind, account: own, arn: name, ...(through === undefined ? {} : { invokedBy: through }) };
}
