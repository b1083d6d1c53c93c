import { join } from 'node:path';
import type { AuditRun } from '../../lib/audit/audit-run';
import { keepScans } from '../../lib/audit/logs/keep-scans';
import { openStoredLogs } from '../../lib/audit/logs/open-stored-logs';
import { MANIFEST_NOTE } from '../../lib/audit/pack/sign-pack';
import { LEDGER_BUCKET } from '../../lib/domain/room/ledger-bucket';
import type { Log } from '../shared/log';
import { prepareRun, type RoomToAudit } from './prepare-run';
import { readReportOrder } from './report-period';
import { type ReportPlace, writeReport } from './write-report';

export class ReportNotWritten extends Error {
  override readonly name = 'ReportNotWritten';
}

export interface StepSurroundings extends ReportPlace {
  readonly has: (key: string) => Promise<boolean>;
  readonly openRoom: () => Promise<RoomToAudit>;
  /** Whether there is time for some more logs. */
  readonly hasTime: () => boolean;
  readonly log: Log;
}

/** `more`: the same step again gets further. */
export interface StepAnswer {
  readonly kind: 'more' | 'done';
}

/**
 * Gets a report that is due a step further. What is read or written already stays, so that any step may be taken again after
 * any failure.
 * @throws ReportNotWritten, so that the failure is alarmed on
 */
export async function takeStep(event: unknown, surroundings: StepSurroundings): Promise<StepAnswer> {
  const { has, openRoom, hasTime, folder, log } = surroundings;
  const order = readReportOrder(event);
  if (order === undefined) {
    throw new ReportNotWritten(
      'The event does not say which report is due: { dueAt } for the month before, or { dueAt, from, to }. Nothing is written.',
    );
  }
  const { step, period } = order;
  const report = `${period.from}--${period.to}`;
  const prefix = `${LEDGER_BUCKET.reports}${report}/`;
  if (await has(`${prefix}${MANIFEST_NOTE}`)) {
    log.info('The report is written already', { report });
    return { kind: 'done' };
  }
  const room = await openRoom();
  const source = await room.openSource(period);
  if (step === 'read') {
    const { logs, store, signer, toolVersion, digests } = source;
    const { account, landingBucket, lakeBucket } = room.places;
    const buckets = [landingBucket, lakeBucket];
    const ground = { roomAccounts: [account], buckets, hashContent: digests !== undefined, toolVersion };
    const kind = (await keepScans({ logs, store, ground, signer, folder, hasTime })) ? 'done' : 'more';
    log.info('Logs read ahead', { report, left: kind });
    return { kind };
  }
  const run: Omit<AuditRun, 'parties' | 'onProgress'> = {
    ...(await prepareRun(room, period, join(folder, 'out'))),
    logs: openStoredLogs(source),
  };
  log.info('Report written', { report, ...(await writeReport(run, prefix, surroundings)) });
  return { kind: 'done' };
}
