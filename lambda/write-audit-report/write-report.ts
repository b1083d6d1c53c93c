import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { AuditRun } from '../../lib/audit/audit-run';
import { type AuditOutcome, runAudit } from '../../lib/audit/run-audit';
import { MANIFEST_NOTE } from '../../lib/audit/sign-pack';
import { outboxPrefix } from '../../lib/domain/room/outbox-prefix';
import { AUDIT_OUTPUTS } from '../../lib/report/audit/audit-outputs';
import type { Log } from '../log';
import { type ReportPeriod, readReportPeriod } from './report-period';

export class ReportNotWritten extends Error {
  override readonly name = 'ReportNotWritten';
}

export interface ReportSurroundings {
  /** All that the audit needs but the places on this disk. */
  readonly prepare: (period: ReportPeriod, folder: string) => Promise<Omit<AuditRun, 'out' | 'parties' | 'onProgress'>>;
  readonly has: (key: string) => Promise<boolean>;
  readonly put: (key: string, file: { readonly path: string; readonly bytes: number }) => Promise<void>;
  /** An empty folder of this call alone. */
  readonly folder: string;
  readonly log: Log;
}

/**
 * Writes the report that is due, and every party's own, each whole: its signed manifest last. What is written already stays, so
 * that the schedule may call again after any failure.
 * @throws ReportNotWritten, so that the failure is alarmed on
 */
export async function writeReport(event: unknown, surroundings: ReportSurroundings): Promise<void> {
  const { prepare, has, put, folder, log } = surroundings;
  const period = readReportPeriod(event);
  if (period === undefined) {
    throw new ReportNotWritten(
      'The event does not say which report is due: { dueAt } for the month before, or { dueAt, from, to }. Nothing is written.',
    );
  }
  const name = `${period.from}--${period.to}`;
  const prefix = `${REPORTS}${name}/`;
  if (await has(`${prefix}${MANIFEST_NOTE}`)) {
    log.info('The report is written already', { report: name });
    return;
  }
  const [out, parties] = [join(folder, 'out'), join(folder, 'parties')];
  const run = await prepare(period, folder);
  const outcome = await runAudit({ ...run, out, parties, onProgress: () => {} }, AUDIT_OUTPUTS);
  for (const { agreement, party, folder: own } of outcome.parties)
    await upload(own, `${outboxPrefix(agreement, party)}${prefix}`, put);
  await upload(out, prefix, put);
  log.info('Report written', { report: name, ...summarise(outcome) });
}

const REPORTS = 'reports/';

/** The manifest's signature last: a report without it is none. */
async function upload(folder: string, prefix: string, put: ReportSurroundings['put']): Promise<void> {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const last = (path: string) => (path === join(folder, MANIFEST_NOTE) ? 1 : 0);
  for (const path of files.toSorted((left, right) => last(left) - last(right))) {
    const key = `${prefix}${relative(folder, path).split(sep).join('/')}`;
    await put(key, { path, bytes: statSync(path).size });
  }
}

function summarise({ report, appended, parties }: AuditOutcome) {
  const { verdict, accesses, header } = report;
  return {
    verdict: verdict.kind,
    accesses: accesses.total,
    appended,
    integrity: header.integrity.kind,
    files: header.inputs.files,
    parties: parties.length,
  };
}
