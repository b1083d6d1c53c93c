import { statSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import type { NoteSigner } from '../../../../lib/audit/ledger/note-signer';
import { MAIN_ROWS } from '../../../../lib/audit/pack/open-packs';
import { readPackReport } from '../../../../lib/audit/pack/read-pack-report';
import { signPack } from '../../../../lib/audit/pack/sign-pack';
import { deriveExceptions, isLone } from '../../../../lib/audit/verify/derive-exceptions';
import type { AuditReport } from '../../../../lib/domain/audit/report/audit-report';
import { REPORT_CAPS } from '../../../../lib/domain/audit/report/build-audit-report';
import { collectExceptions } from '../../../../lib/domain/audit/report/collect-exceptions';
import { collectTotals } from '../../../../lib/domain/audit/report/collect-totals';
import { listForeignFunctions } from '../../../../lib/domain/audit/report/find-finding-exceptions';
import { judgeReport } from '../../../../lib/domain/audit/report/judge-report';
import { listReliance } from '../../../../lib/domain/audit/report/list-reliance';
import { mapStandards } from '../../../../lib/domain/audit/report/map-standards';
import type { ReportedAccess } from '../../../../lib/domain/audit/report/reported-access';
import type { ReportedException } from '../../../../lib/domain/audit/report/reported-exception';
import { OUTPUTS, put } from '../audit-trial';
import { readLines } from '../room-pack';

/** What a signer tells otherwise; all that follows from it is drawn again. */
export interface Forgery {
  readonly rows?: (rows: readonly ReportedAccess[]) => readonly ReportedAccess[];
  /** Of exceptions that no access shows by itself: those that are still told. */
  readonly keeps?: (exception: ReportedException) => boolean;
  readonly report?: (report: AuditReport) => AuditReport;
}

export const readAccesses = (folder: string) => readTable<ReportedAccess>(folder, 'accesses.jsonl');
export const readExceptions = (folder: string) => readTable<ReportedException>(folder, 'exceptions.jsonl');

export function readReport(folder: string): AuditReport {
  const report = readPackReport(folder);
  if (report === undefined) throw new Error(`${folder} has no report.`);
  return report;
}

/** Writes the whole room's pack so that it says one thing everywhere, and signs it. */
export async function redraw(folder: string, signer: NoteSigner, forgery: Forgery): Promise<void> {
  const { rows: change = asItWas, keeps = () => true, report: tell = asItWas } = forgery;
  const told = readReport(folder);
  const rows = change(readAccesses(folder));
  const exceptions = redrawExceptions(told, rows, readExceptions(folder), keeps);
  const accounts = new Set(told.header.room.accounts);
  const [totals, page] = [collectTotals(accounts, told.parties), OUTPUTS.openPage({ rows: MAIN_ROWS })];
  for (const row of rows) {
    totals.add(row);
    page.add(row);
  }
  const collected = collectExceptions(REPORT_CAPS.exceptions);
  for (const each of exceptions) collected.add(each);
  const { principals, principalsBeyond, signIns, signInsBeyond, ...summary } = totals.finish();
  const watermark = Date.parse(told.header.watermark);
  const pending = rows.filter(({ at }) => Date.parse(at) >= watermark).length;
  const report = tell({
    ...told,
    exceptions: collected.finish(),
    accesses: { ...summary, pending },
    operator: { ...told.operator, principals, principalsBeyond, signIns, signInsBeyond },
  });
  writeTables(folder, OUTPUTS.accesses, rows);
  writeTables(folder, OUTPUTS.exceptions, exceptions);
  for (const [name, text] of Object.entries(page.render(judgeAgain(report)))) put(folder, name, text);
  const { produced, toolVersion } = report.header;
  await signPack(folder, signer, { produced, toolVersion });
}

const asItWas = <T>(value: T): T => value;

function judgeAgain(report: AuditReport): AuditReport {
  const judged = { ...report, verdict: judgeReport(report), reliance: listReliance(report.header) };
  return { ...judged, standards: mapStandards(judged) };
}

/** Those that accesses show, with those that they showed before where they were, and the others as they were told. */
function redrawExceptions(
  { header }: AuditReport,
  rows: readonly ReportedAccess[],
  before: readonly ReportedException[],
  keeps: (exception: ReportedException) => boolean,
): readonly ReportedException[] {
  const accounts = { room: new Set(header.room.accounts), parties: new Set(header.partyAccounts) };
  const watermark = Date.parse(header.watermark);
  const judged = rows.filter(({ at }) => Date.parse(at) < watermark);
  const places = new Map(before.map((each, place) => [canonicalize(each), place]));
  // Of what a further record shows, what an earlier report lists is not listed again.
  const isListed = ({ late }: ReportedAccess, each: ReportedException) =>
    late !== 'further' || places.has(canonicalize(each));
  const all = [
    ...judged.flatMap((row) => deriveExceptions(row, accounts, false).filter((each) => isListed(row, each))),
    ...listForeignFunctions(header.functions ?? [], header.period.from),
    ...before.filter((each) => (each.byCopy === true || !isLone(each.kind, false)) && keeps(each)),
  ];
  const placeOf = (each: ReportedException) => places.get(canonicalize(each)) ?? before.length;
  return all.toSorted((one, other) => placeOf(one) - placeOf(other));
}

interface Table<T> {
  readonly name: string;
  readonly head: string;
  formatRow(value: T): string;
}

function writeTables<T>(folder: string, tables: readonly Table<T>[], rows: readonly T[]): void {
  for (const { name, head, formatRow } of tables) put(folder, name, head + rows.map((row) => formatRow(row)).join(''));
}

function readTable<T>(folder: string, name: string): readonly T[] {
  const path = join(folder, name);
  return statSync(path).size === 0 ? [] : readLines<T>(path);
}
