import { type BreachReport, readBreachReport } from '../../lib/domain/enforcement/breach-report';
import type { Log } from '../log';

export class UnreadableBreach extends Error {
  override readonly name = 'UnreadableBreach';
}

/** Writes the record of a report unless it stands already. */
export type PutBreach = (report: BreachReport) => Promise<void>;

/**
 * Puts a reported breach on record. No remedy is taken: those who get the alert take it.
 * @throws UnreadableBreach so that the report is kept as a dead letter and alarmed on.
 */
export async function handleBreach(event: unknown, put: PutBreach, log: Log): Promise<void> {
  const report = readBreachReport(event);
  if (report === undefined) throw new UnreadableBreach('A breach was reported without id, agreement or kind.');
  await put(report);
  const { agreement, breach, party = 'not named' } = report;
  log.error('Breach on record; this version of the room takes no remedy', { agreement, breach, party });
}
