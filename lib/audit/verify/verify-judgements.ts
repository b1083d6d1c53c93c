import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { isLogged } from '../../domain/audit/ledger-evidence';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import { REPORT_CAPS } from '../../domain/audit/report/build-audit-report';
import { collectExceptions } from '../../domain/audit/report/collect-exceptions';
import { collectTotals } from '../../domain/audit/report/collect-totals';
import { EXCEPTION_SEVERITY } from '../../domain/audit/report/exception-rules';
import { listForeignFunctions } from '../../domain/audit/report/find-finding-exceptions';
import { judgeHeader } from '../../domain/audit/report/judge-header';
import { judgeRecords } from '../../domain/audit/report/judge-records';
import { judgeReport } from '../../domain/audit/report/judge-report';
import { listReliance } from '../../domain/audit/report/list-reliance';
import { mapStandards } from '../../domain/audit/report/map-standards';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import type { ReportedException } from '../../domain/audit/report/reported-exception';
import type { AuditOutputs } from '../audit-run';
import { readLogGrounds } from '../grounds/read-log-grounds';
import { ACCESS_TABLE } from '../pack/access-table';
import { asItIs } from '../pack/as-it-is';
import { EXCEPTION_TABLE } from '../pack/exception-table';
import { MAIN_ROWS, OWN_CAP } from '../pack/open-packs';
import { REPORT, readPackReport } from '../pack/read-pack-report';
import { readRows } from '../pack/read-rows';
import { deriveExceptions, isLone } from './derive-exceptions';
import type { PackFinding, PackTools, PackVerdict } from './verify-pack';

/** Kinds of exceptions that follow from what the report says of its logs. */
const OF_LOGS: ReadonlySet<string> = new Set(['broken-integrity', 'coverage-gap']);

const text = z.string();
const instant = text.refine((value) => !Number.isNaN(Date.parse(value)));
const evidence = z.array(z.looseObject({ event: text, file: text, record: z.number() }));
const agreement = z.looseObject({ id: text, version: z.number() });
/** A row, as far as its parts are looked at. */
export const judgedRowSchema = z.looseObject({
  id: text,
  at: instant,
  explained: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('attributed'), party: text, agreement, leg: text, role: text, holds: text }),
    z.looseObject({ kind: z.literal('ambiguous'), candidates: z.array(z.looseObject({ party: text, leg: text })) }),
    z.looseObject({ kind: z.literal('own-door'), party: text, agreement }),
    z.looseObject({ kind: z.literal('unattributed'), reason: text }),
    z.looseObject({ kind: z.literal('internal'), by: text }),
  ]),
  service: text,
  operation: text,
  act: text,
  outcome: text,
  actor: z.looseObject({ kind: text, name: text }),
  resource: z.looseObject({ kind: text, name: text }),
  witnesses: z.array(text),
  evidence,
});
const exceptionSchema = z.looseObject({ kind: text, severity: text, at: text, detail: text, evidence });

/**
 * Draws from the accesses in a pack what follows from them, by the functions that wrote it: the exceptions that each shows by
 * itself, sums, verdict, what is shown of standards; and writes tables and page again. What the accesses themselves say is held
 * against ledger and record elsewhere; what several of them or the logs show together is not.
 */
export async function verifyJudgements(folder: string, { outputs, toolVersion }: PackTools): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const report = readPackReport(folder);
  if (report === undefined)
    return {
      checked: [],
      findings: [{ file: REPORT, problem: 'no report can be read from it and what lies with it' }],
    };
  if (report.header.toolVersion !== toolVersion) {
    const versions = `it was made by version ${report.header.toolVersion} of this tool, and this is ${toolVersion}`;
    return {
      checked: [],
      unchecked: [`exceptions, sums, verdict and page against the accesses: ${versions}`],
      findings,
    };
  }
  try {
    return await deriveAll(folder, report, outputs, findings);
  } catch (error) {
    // What is told in other shapes than these has no meaning that could be derived.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    findings.push({ file: REPORT, problem: 'what is told in it has not the shape that it must have' });
    return { checked: [], findings };
  }
}

async function deriveAll(
  folder: string,
  report: AuditReport,
  outputs: AuditOutputs,
  findings: PackFinding[],
): Promise<PackVerdict> {
  const { header } = report;
  const isPartys = header.recipient !== undefined;
  const page = outputs.openPage({ rows: isPartys ? OWN_CAP : MAIN_ROWS });
  const due = openDue(report);
  const { rows, logged, entered, lastAccess, ...derived } = await readAccesses(folder, report, outputs, page, due);
  const listed = await readExceptions(folder, outputs, due, isPartys, findings);
  findings.push(...due.listMissing());
  const grounds = {
    ...readLogGrounds(folder),
    exceptions: listed.ofLogs,
    ...(lastAccess === '' ? {} : { lastAccess }),
  };
  findings.push(...judgeHeader(report, grounds).map((problem) => ({ file: REPORT, problem })));
  const told = { rows, logged, entered };
  findings.push(...judgeRecords(header.records, told, isPartys).map((problem) => ({ file: REPORT, problem })));
  compareReport(report, { exceptions: listed.exceptions, ...derived }, findings);
  for (const [name, sum] of [...derived.tables, ...listed.tables])
    if (sum !== (await hashTable(join(folder, name))))
      findings.push({ file: name, problem: 'it does not say what its rows say elsewhere in the pack' });
  const checked = [
    `exceptions that an access shows by itself, sums, verdict and tables follow from ${rows} accesses in the pack`,
  ];
  const unchecked = [
    'exceptions that several accesses, or the logs, show together: `barter audit --record` finds them again from the logs',
  ];
  // How many rows a party's page holds depends on how many parties there are.
  if (isPartys && rows > OWN_CAP)
    return { checked, unchecked: [...unchecked, 'the page: it holds a part of them'], findings };
  for (const [name, expected] of Object.entries(page.render(report))) {
    const path = join(folder, name);
    if (!existsSync(path) || inflatePieces(readFileSync(path, 'utf8')) !== inflatePieces(expected))
      findings.push({ file: name, problem: 'it is not what the report says, written as this tool writes it' });
  }
  return {
    checked: [...checked, 'the page and what else is told of the whole say what the report says'],
    unchecked,
    findings,
  };
}

/** What follows from accesses and is to be listed, each as often as it does. */
function openDue({ header }: AuditReport) {
  const due = new Map<
    string,
    { count: number; readonly kind: string; readonly place: string; readonly isTold: boolean }
  >();
  /** @param isTold whether the report of its time may have listed it: with that it is looked for (`verifyFurther`) */
  const add = (exception: ReportedException, place: string, isTold = false): void => {
    const name = canonicalize(exception) ?? '';
    const known = due.get(name);
    if (known === undefined) due.set(name, { count: 1, kind: exception.kind, place, isTold });
    else known.count += 1;
  };
  for (const exception of listForeignFunctions(header.functions ?? [], header.period.from)) add(exception, REPORT);
  return {
    add,
    /** One that is listed; false where nothing shows it, or not so often. */
    take: (exception: ReportedException): boolean => {
      const known = due.get(canonicalize(exception) ?? '');
      if (known === undefined || known.count === 0) return false;
      known.count -= 1;
      return true;
    },
    listMissing: (): readonly PackFinding[] =>
      [...due.values()]
        .filter(({ count, isTold }) => count > 0 && !isTold)
        .map(({ kind, place }) => ({ file: place, problem: `it is an exception (${kind}), and not listed as that` })),
  };
}

type Due = ReturnType<typeof openDue>;

/** Goes through the accesses of a pack once: for the sums, the page and the tables, and what each shows by itself. */
async function readAccesses(
  folder: string,
  { header, parties }: AuditReport,
  outputs: AuditOutputs,
  page: ReturnType<AuditOutputs['openPage']>,
  due: Due,
) {
  const isPartys = header.recipient !== undefined;
  const accounts = { room: new Set(header.room.accounts), parties: new Set(header.partyAccounts) };
  const watermark = Date.parse(header.watermark);
  const totals = collectTotals(accounts.room, parties);
  const tables = openTables(outputs.accesses);
  let [rows, pending, logged, entered, lastAccess] = [0, 0, 0, 0, ''];
  for await (const [row, at] of readRows(folder, ACCESS_TABLE, asItIs<ReportedAccess>(judgedRowSchema))) {
    // What is no access is told with the rows.
    if (row === undefined) continue;
    rows += 1;
    const places = row.evidence.filter((each) => isLogged([each]));
    logged += places.length;
    if (row.late === undefined)
      entered += new Set(row.evidence.map(({ event }) => event)).size - new Set(places.map(({ event }) => event)).size;
    // What the ledger alone tells says nothing of the logs.
    if (row.at > lastAccess && isLogged(row.evidence)) lastAccess = row.at;
    totals.add(row);
    page.add(row);
    tables.add(row);
    if (Date.parse(row.at) >= watermark) pending += 1;
    else
      for (const exception of deriveExceptions(row, accounts, isPartys))
        due.add(exception, `${ACCESS_TABLE}:${at}`, row.late === 'further');
  }
  return { rows, pending, logged, entered, lastAccess, totals: totals.finish(), tables: tables.finish() };
}

/** Goes through the exceptions that are listed; those that an access shows by itself have to be due. */
async function readExceptions(
  folder: string,
  outputs: AuditOutputs,
  due: Due,
  isPartys: boolean,
  findings: PackFinding[],
) {
  const collected = collectExceptions(REPORT_CAPS.exceptions);
  const tables = openTables(outputs.exceptions);
  const ofLogs: ReportedException[] = [];
  for await (const [exception, at] of readRows(folder, EXCEPTION_TABLE, asItIs<ReportedException>(exceptionSchema))) {
    if (exception === undefined) continue;
    const file = `${EXCEPTION_TABLE}:${at}`;
    collected.add(exception);
    tables.add(exception);
    if (OF_LOGS.has(exception.kind)) ofLogs.push(exception);
    if (EXCEPTION_SEVERITY[exception.kind] !== exception.severity)
      findings.push({ file, problem: 'it is not as grave as its kind is' });
    // What the ledger's copy shows is compared with that.
    if (exception.byCopy === true || !isLone(exception.kind, isPartys)) continue;
    if (!due.take(exception)) findings.push({ file, problem: 'no access shows it' });
  }
  return { exceptions: collected.finish(), ofLogs, tables: tables.finish() };
}

interface Derived {
  readonly exceptions: AuditReport['exceptions'];
  readonly totals: ReturnType<ReturnType<typeof collectTotals>['finish']>;
  readonly pending: number;
}

function compareReport(report: AuditReport, { exceptions, totals, pending }: Derived, findings: PackFinding[]): void {
  const { principals, principalsBeyond, signIns, signInsBeyond, ...summary } = totals;
  const parts: readonly (readonly [what: string, told: unknown, derived: unknown])[] = [
    ['its exceptions', report.exceptions, exceptions],
    ['its sums of accesses', report.accesses, { ...summary, pending }],
    [
      'what it tells of principals',
      [
        report.operator.principals,
        report.operator.principalsBeyond,
        report.operator.signIns,
        report.operator.signInsBeyond,
      ],
      [principals, principalsBeyond, signIns, signInsBeyond],
    ],
    ['its verdict', report.verdict, judgeReport(report)],
    ['what it takes on trust', report.reliance, listReliance(report.header)],
    ['what it shows of standards', report.standards, mapStandards(report)],
  ];
  for (const [what, one, other] of parts)
    if (canonicalize(one) !== canonicalize(other))
      findings.push({ file: REPORT, problem: `${what} are not what follows from the tables` });
}

/** Hashes of tables, as they are written of their rows. */
function openTables<T>(
  files: readonly { readonly name: string; readonly head: string; formatRow(value: T): string }[],
) {
  const open = files.map(({ name, head, formatRow }) => ({ name, formatRow, hash: createHash('sha256').update(head) }));
  return {
    add: (row: T) => {
      for (const { formatRow, hash } of open) hash.update(formatRow(row));
    },
    finish: () => open.map(({ name, hash }) => [name, hash.digest('hex')] as const),
  };
}

async function hashTable(path: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Compressed otherwise by another version of zlib, the same is said. */
function inflatePieces(page: string): string {
  return page.replaceAll(/(?<=>)H4sI[\w+/]+={0,2}(?=<)/g, (piece) => {
    try {
      return gunzipSync(Buffer.from(piece, 'base64')).toString('utf8');
    } catch {
      return piece;
    }
  });
}
