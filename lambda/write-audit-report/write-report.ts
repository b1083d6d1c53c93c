import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { AuditRun } from '../../lib/audit/audit-run';
import { MANIFEST_NOTE } from '../../lib/audit/pack/sign-pack';
import { type AuditOutcome, runAudit } from '../../lib/audit/run-audit';
import { outboxPrefix } from '../../lib/domain/room/outbox-prefix';
import { AUDIT_OUTPUTS } from '../../lib/report/audit/audit-outputs';

export interface ReportPlace {
  readonly put: (key: string, file: { readonly path: string; readonly bytes: number }) => Promise<void>;
  /** An empty folder of this call alone. */
  readonly folder: string;
}

/** Writes a report, and every party's own, each whole: its signed manifest last. @returns what may be logged of it */
export async function writeReport(
  run: Omit<AuditRun, 'parties' | 'onProgress'>,
  prefix: string,
  { put, folder }: ReportPlace,
): Promise<object> {
  const parties = join(folder, 'parties');
  const outcome = await runAudit({ ...run, parties, onProgress: () => {} }, AUDIT_OUTPUTS);
  for (const { agreement, party, folder: own } of outcome.parties)
    await upload(own, `${outboxPrefix(agreement, party)}${prefix}`, put);
  await upload(run.out, prefix, put);
  return summarise(outcome);
}

/** The manifest's signature last: a report without it is none. */
async function upload(folder: string, prefix: string, put: ReportPlace['put']): Promise<void> {
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
