import canonicalize from 'canonicalize';
import type { KnownAccounts, LoneException } from '../../domain/audit/attribution/judge-access';
import type { AuditException } from '../../domain/audit/attribution/reconcile-accesses';
import { reportException, tellByCopy } from '../../domain/audit/report/report-exception';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import type { ReportedException } from '../../domain/audit/report/reported-exception';
import { judgeRow } from './derive-exceptions';
import type { Entered } from './open-explainer';

/** What the ledger's copies show of an access. */
export interface ShownByCopy {
  readonly exception: AuditException;
  /** As the ledger has it. */
  readonly entry: ReportedAccess;
}

/**
 * Exceptions that the ledger's copies of an access show by themselves, and its row does not tell of the same: which of both is
 * AWS's word nobody knows here.
 * @param watermark UTC: what is younger is not judged yet
 */
export function judgeCopies(
  row: ReportedAccess,
  { shown }: Pick<Entered, 'shown'>,
  accounts: KnownAccounts,
  watermark: string,
): readonly ShownByCopy[] {
  if (!(Date.parse(row.at) < Date.parse(watermark))) return [];
  const name = ({ kind, party, leg }: LoneException) => canonicalize({ kind, party, leg });
  const told = new Set(judgeRow(row, accounts, false).map(name));
  return shown.flatMap((entry) =>
    judgeRow({ ...entry, evidence: row.evidence }, accounts, false).flatMap((exception) =>
      told.has(name(exception))
        ? []
        : [{ entry, exception: { ...exception, at: entry.at, accesses: entry.evidence.map(({ event }) => event) } }],
    ),
  );
}

/** As the report of the whole room tells it. */
export function reportCopy({ exception, entry }: ShownByCopy): ReportedException {
  return tellByCopy(reportException(exception, [entry]));
}
