import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Access, Evidence } from '../domain/audit/access';
import type { AuditException } from '../domain/audit/attribution/reconcile-accesses';
import { openReconciler } from '../domain/audit/attribution/reconcile-accesses';
import { formatBase64 } from '../domain/audit/bytes';
import type { AuditReport } from '../domain/audit/report/audit-report';
import type { AuditFindings } from '../domain/audit/report/audit-subject';
import { type AuditReportBuilder, buildAuditReport } from '../domain/audit/report/build-audit-report';
import type { EvidenceReference, ReportedAccess } from '../domain/audit/report/reported-access';
import type { AuditOutputs, AuditRun } from './audit-run';
import type { Conflict } from './join-spooled';
import { openLedgerWriter } from './ledger-writer';
import { openRowWriter } from './row-writer';
import type { ScannedFile } from './scan-files';
import type { SortedRuns } from './sorted-runs';
import { writeProofs } from './write-proofs';

export interface Explanation {
  readonly run: AuditRun;
  readonly outputs: AuditOutputs;
  readonly runs: SortedRuns;
  readonly files: readonly ScannedFile[];
  readonly trails: AuditRun['trails'];
  readonly period: { readonly from: string; readonly to: string };
  readonly watermark: string;
  readonly conflicts: readonly Conflict[];
  readonly findings: Omit<AuditFindings, 'ledger' | 'pending' | 'conflicts'>;
}

/** Every access once more, in order: into the ledger, the tables, the reconciliation and the report. */
export async function explainAccesses(
  given: Explanation,
): Promise<{ readonly report: AuditReport; readonly appended: number }> {
  const { run, outputs, runs, files, period, watermark } = given;
  const { agreements, room, toolVersion, produced } = run;
  const hashes = new Map(files.map(({ file, sha256 }) => [file, sha256]));
  const cite = ({ file, record }: Evidence, event: string): EvidenceReference => ({
    file,
    sha256: hashes.get(file) ?? '',
    record,
    event,
  });
  const builder = buildAuditReport({
    period,
    watermark,
    produced,
    toolVersion,
    room,
    agreements,
    trails: given.trails,
  });
  const reconciler = openReconciler(run.decisions, watermark);
  const rows = openRowWriter(run.out, outputs.accesses);
  const ledger = await openLedgerWriter(run.ledger, run.signer);
  const isInPeriod = isWithin(period);
  try {
    for (const { attributed, evidence } of runs.merge()) {
      reconciler.add(attributed);
      const { access, otherSides, witnesses } = attributed.joined;
      if (!isInPeriod(access.at)) continue;
      const evidenceOf = ({ id }: Access) => (evidence[id] ?? []).map((place) => cite(place, id));
      rows.write(builder.addAccess(attributed, evidenceOf));
      // The ledger is of what others did; what the room did for itself is in its trail.
      if (attributed.attribution.kind !== 'internal') await ledger.add([access, ...otherSides, ...witnesses]);
    }
    rows.close();
    const { exceptions, pending } = reconciler.finish();
    const recorded = await ledger.finish();
    const inPeriod = exceptions.filter(({ at }) => isInPeriod(at));
    const conflicts = [
      ...given.conflicts.map(({ at, id, evidence }) => ({ at, evidence: evidence.map((place) => cite(place, id)) })),
      ...recorded.conflicts.map(({ at }) => ({ at, evidence: [] })),
    ];
    const table = openRowWriter(run.out, outputs.exceptions);
    const shown = await readShown(run.out, inPeriod);
    for (const exception of inPeriod) table.write(addException(builder, exception, shown));
    const { checkpoint, isVerified } = recorded;
    const { report, exceptions: late } = builder.finish({
      ...given.findings,
      ledger: {
        origin: checkpoint.origin,
        size: checkpoint.size,
        root: formatBase64(checkpoint.root),
        verified: isVerified,
      },
      pending,
      conflicts,
    });
    for (const exception of late) table.write(exception);
    table.close();
    await writeProofs(run.out, recorded, listTimes(inPeriod));
    writeFileSync(join(run.out, 'checkpoint.txt'), recorded.note);
    for (const [name, text] of Object.entries(outputs.render(report))) writeFileSync(join(run.out, name), text);
    return { report, appended: recorded.appended };
  } finally {
    ledger.close();
  }
}

/** The table that holds every access exactly. */
export const ACCESS_TABLE = 'accesses.jsonl';

function addException(
  builder: AuditReportBuilder,
  exception: AuditException,
  shown: ReadonlyMap<string, ReportedAccess>,
) {
  return builder.addException(
    exception,
    exception.accesses.flatMap((id) => shown.get(id) ?? []),
  );
}

/** The rows of what exceptions are about, read back: which they are is known only at the end. */
async function readShown(
  out: string,
  exceptions: readonly AuditException[],
): Promise<ReadonlyMap<string, ReportedAccess>> {
  const wanted = listTimes(exceptions);
  const shown = new Map<string, ReportedAccess>();
  if (wanted.size === 0) return shown;
  const lines = createInterface({
    input: createReadStream(join(out, ACCESS_TABLE)),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    const row: ReportedAccess = JSON.parse(line);
    if (wanted.has(row.id)) shown.set(row.id, row);
  }
  return shown;
}

/** Ids of what exceptions are about, each with about when it was. */
function listTimes(exceptions: readonly AuditException[]): ReadonlyMap<string, string> {
  return new Map(exceptions.flatMap(({ accesses, at }) => accesses.map((id) => [id, at] as const)));
}

function isWithin({ from, to }: { readonly from: string; readonly to: string }): (at: string) => boolean {
  const [first, end] = [Date.parse(from), Date.parse(to)];
  return (at) => {
    const time = Date.parse(at);
    return time >= first && time < end;
  };
}
