/** What lies where in the ledger's bucket, beside the parties' outboxes. */
export const LEDGER_BUCKET = {
  /** The access ledger. */
  ledger: 'ledger/',
  /** Reports of the whole room, each in a folder of its time. */
  reports: 'reports/',
  /** What was found in logs before their report is written. */
  scanned: 'scanned/',
} as const;
