import { type ReportObject, recordMissingReport } from '../../lib/domain/audit/record-missing-report';

/** What the schedule sends: when the report is due, e.g. `2026-01-01T06:00:00Z`. */
export interface ReportDue {
  readonly dueAt: string;
}

/** Puts an object where none of that key stands; one that stands is left as it is. */
export type PutOnce = (object: ReportObject) => Promise<void>;

export class ReportNotWritten extends Error {
  override readonly name = 'ReportNotWritten';
}

/**
 * Records that the report which is due could not be written.
 * @throws ReportNotWritten always, so that the failure is alarmed on: this room has no report writer.
 */
export async function writeReport(event: unknown, put: PutOnce): Promise<never> {
  if (!isReportDue(event))
    throw new ReportNotWritten('The event does not say when the report is due: nothing is written.');
  await put(recordMissingReport(event.dueAt, REASON));
  throw new ReportNotWritten(`The report due at ${event.dueAt} was not written: ${REASON}`);
}

const REASON = 'this version of the room writes no reports; the trail and the ledger hold what they would be made of';

function isReportDue(event: unknown): event is ReportDue {
  if (typeof event !== 'object' || event === null || !('dueAt' in event)) return false;
  // It becomes part of a key.
  return typeof event.dueAt === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(event.dueAt);
}
