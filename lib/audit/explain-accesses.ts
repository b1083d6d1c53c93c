import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Evidence } from '../domain/audit/access';
import type { AuditException } from '../domain/audit/attribution/reconcile-accesses';
import { openReconciler } from '../domain/audit/attribution/reconcile-accesses';
import { formatBase64 } from '../domain/audit/bytes';
import type { AuditReport } from '../domain/audit/report/audit-report';
import type { AuditFindings } from '../domain/audit/report/audit-subject';
import { openRowReporter } from '../domain/audit/report/report-access';
import type { EvidenceReference, ReportedAccess } from '../domain/audit/report/reported-access';
import type { AuditOutputs, AuditRun } from './audit-run';
import { findFile } from './find-file';
import type { Conflict } from './join-spooled';
import { openLedgerWriter } from './ledger-writer';
import { openPack, openPartyPacks, type PartyPack } from './open-packs';
import { MAX_HELD } from './open-spool';
import type { ScannedFile } from './scan-files';
import type { SortedRuns } from './sorted-runs';

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

/** Every access once more, in order: into the ledger, the tables, the reconciliation and the reports. */
export async function explainAccesses(given: Explanation): Promise<{
  readonly report: AuditReport;
  readonly appended: number;
  /** The folders of the parties' packs, which are still to be signed. */
  readonly parties: readonly PartyPack[];
}> {
  const { run, outputs, runs, files, period, watermark, trails } = given;
  const { agreements, proposed = [], room, toolVersion, produced } = run;
  const cite = ({ file, record }: Evidence, event: string): EvidenceReference => ({
    file,
    sha256: findFile(files, file)?.sha256 ?? '',
    record,
    event,
  });
  const subject = { period, watermark, produced, toolVersion, room, agreements, proposed, trails };
  const main = openPack(run.out, subject, outputs);
  const parties = run.parties === undefined ? [] : openPartyPacks(run.parties, subject, outputs, run.decisions);
  const report = openRowReporter(agreements);
  const reconciler = openReconciler(run.decisions, watermark);
  const ledger = await openLedgerWriter(run.ledger, run.signer);
  const isInPeriod = isWithin(period);
  const held = new Map<string, ReportedAccess>();
  let rows = 0;
  try {
    for (const { attributed, evidence } of runs.merge()) {
      reconciler.add(attributed);
      const { access, otherSides, witnesses } = attributed.joined;
      if (!isInPeriod(access.at)) continue;
      const row = report(attributed, ({ id }) => (evidence[id] ?? []).map((place) => cite(place, id)));
      for (const pack of [main, ...parties]) pack.addAccess(row, attributed);
      rows += 1;
      if (held.size < MAX_HELD) held.set(row.id, row);
      // The ledger is of what others did; what the room did for itself is in its trail.
      if (attributed.attribution.kind !== 'internal') await ledger.add([access, ...otherSides, ...witnesses]);
    }
    const { exceptions, pending } = reconciler.finish();
    const recorded = await ledger.finish();
    const inPeriod = exceptions.filter(({ at }) => isInPeriod(at));
    for (const pack of [main, ...parties]) pack.flush();
    const shown = held.size === rows ? held : await readShown(run.out, inPeriod);
    for (const exception of inPeriod)
      for (const pack of [main, ...parties])
        pack.addException(
          exception,
          exception.accesses.flatMap((id) => shown.get(id) ?? []),
        );
    const { checkpoint, isVerified } = recorded;
    const findings: AuditFindings = {
      ...given.findings,
      ledger: {
        origin: checkpoint.origin,
        size: checkpoint.size,
        root: formatBase64(checkpoint.root),
        verified: isVerified,
      },
      pending,
      conflicts: [
        ...given.conflicts.map(({ at, id, evidence }) => ({ at, evidence: evidence.map((place) => cite(place, id)) })),
        ...recorded.conflicts.map(({ at }) => ({ at, evidence: [] })),
      ],
    };
    const written = await main.finish(findings, recorded);
    for (const pack of parties) await pack.finish(findings, recorded);
    return {
      report: written,
      appended: recorded.appended,
      parties: parties.flatMap(({ concern, folder }) =>
        concern === undefined ? [] : [{ agreement: concern.agreement, party: concern.party, folder }],
      ),
    };
  } finally {
    ledger.close();
  }
}

/** The table that holds every access exactly. */
export const ACCESS_TABLE = 'accesses.jsonl';

/** The rows of what exceptions are about, read back where not all are in memory: which they are is known only at the end. */
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
