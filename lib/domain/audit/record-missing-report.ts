/** An object of the ledger bucket. */
export interface ReportObject {
  readonly key: string;
  readonly body: string;
}

/** For the auditor: a report was due at this time and there is none, so that its absence is on record and not overlooked. */
export function recordMissingReport(dueAt: string, reason: string): ReportObject {
  return {
    key: `reports/${dueAt}/missing.json`,
    body: `${JSON.stringify({ kind: 'missing-report', dueAt, reason }, null, 2)}\n`,
  };
}
