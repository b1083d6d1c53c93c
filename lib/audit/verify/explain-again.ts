import canonicalize from 'canonicalize';
import * as z from 'zod';
import { LEDGER_EVIDENCE } from '../../domain/audit/ledger-evidence';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import { CONFLICT } from '../../domain/audit/report/find-finding-exceptions';
import { listUnseen } from '../../domain/audit/report/list-unseen';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import type { ReportedException } from '../../domain/audit/report/reported-exception';
import { SESSION_MS } from '../../domain/audit/session-length';
import type { Grounds } from '../grounds/read-grounds';
import type { EnteredLedger } from '../ledger/entered-ledger';
import { ACCESS_TABLE } from '../pack/access-table';
import { asItIs } from '../pack/as-it-is';
import { EXCEPTION_TABLE } from '../pack/exception-table';
import { isOwn, packRowSchema } from '../pack/pack-rows';
import { REPORT } from '../pack/read-pack-report';
import { readRows } from '../pack/read-rows';
import { isOfConflict, openExplainer } from './open-explainer';
import { judgeCopies, reportCopy } from './tell-copies';
import type { PackFinding, PackVerdict } from './verify-pack';

/** What is explained again, as verdicts tell it. */
export const WHAT = 'who each access was by, under which agreement, clause and decision';

const text = z.string();
const conflictSchema = z.looseObject({
  kind: text,
  detail: text,
  evidence: z.array(z.looseObject({ file: text, event: text })),
});

/**
 * Explains each access by what the ledger says of it, and by agreements and decisions on record: its row has to say just that.
 * @param isLogged whether what the room did itself is held against the logs
 */
export async function explainAgain(
  folder: string,
  grounds: Grounds,
  ledger: EnteredLedger,
  { header: { period, room, partyAccounts, watermark }, unseen }: AuditReport,
  isLogged: boolean,
): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const explainer = openExplainer(grounds, ledger);
  const accounts = { room: new Set(room.accounts), parties: new Set(partyAccounts) };
  const conflicting = await listConflicts(folder, findings);
  const settled = Date.parse(period.from) + SESSION_MS;
  const recorders = { known: new Set<string>(), byCopy: new Set<string>() };
  const less: LesserRow[] = [];
  const due: DueException[] = [];
  let again = 0;
  const left = { own: 0, before: 0, conflicts: 0 };
  for await (const [row, at] of readRows(folder, ACCESS_TABLE, asItIs<ReportedAccess>(packRowSchema))) {
    if (row === undefined || !ledger.places.has(row.id)) {
      if (row !== undefined && isOwn(row) && !isLogged) left.own += 1;
      // Of any other, that it is not entered is told with the rows.
      continue;
    }
    const file = `${ACCESS_TABLE}:${at}`;
    const entered = explainer.read(row);
    const isConflict = entered !== undefined && isOfConflict(row, entered, conflicting);
    if (entered === undefined || (entered.expected === undefined && !isConflict)) {
      findings.push({ file, problem: 'its evidence is not of records that are entered as one access' });
      continue;
    }
    again += 1;
    const { difference } = entered;
    for (const account of entered.recorders)
      recorders[isConflict && difference !== undefined ? 'byCopy' : 'known'].add(account);
    if (difference === undefined) continue;
    if (explainer.isLess(row, entered))
      less.push({ file, context: isConflict ? [] : entered.context.map(({ id }) => id) });
    else if (isConflict) {
      left.conflicts += 1;
      if (row.recordedBy !== undefined && row.explained.kind !== 'internal') recorders.known.add(row.recordedBy);
      for (const each of judgeCopies(row, entered, accounts, watermark))
        due.push({ file, exception: reportCopy(each) });
    } else if (Date.parse(row.at) < settled && explainer.mayHaveBegunBefore(row, entered)) left.before += 1;
    else
      findings.push({ file, problem: `what it tells of ${difference} does not follow from its entry and the record` });
  }
  findings.push(...(await listKnownBetter(folder, less)), ...(await compareDue(folder, due)));
  if (!isUnseen(unseen, recorders, grounds))
    findings.push({ file: REPORT, problem: 'what it says that no log can show is not what follows from its accesses' });
  const checked = [`${WHAT} was found again for ${again}, from the ledger and what is on record`];
  return { checked, unchecked: listLeft({ ...left, less: less.length }), findings };
}

/** Whose accounts are known to tell of accesses; of what copies tell differently, nobody knows. */
function isUnseen(
  told: AuditReport['unseen'],
  { known, byCopy }: Readonly<Record<'known' | 'byCopy', ReadonlySet<string>>>,
  { attribution: { agreements }, room }: Grounds,
): boolean {
  return [known, new Set([...known, ...byCopy])].some(
    (forwarding) => canonicalize(told) === canonicalize(listUnseen(agreements, forwarding, room.accounts)),
  );
}

/** What the ledger's copy of an access shows, and the row that it is of. */
interface DueException {
  readonly file: string;
  readonly exception: ReportedException;
}

const byCopySchema = z.looseObject({ byCopy: z.literal(true) });

/** The exceptions that are told by the ledger's copies have to be those that these show. */
async function compareDue(folder: string, due: readonly DueException[]): Promise<readonly PackFinding[]> {
  const findings: PackFinding[] = [];
  const open = new Map<string, DueException[]>();
  for (const each of due) {
    const name = canonicalize(each.exception) ?? '';
    open.set(name, [...(open.get(name) ?? []), each]);
  }
  for await (const [exception, at] of readRows(folder, EXCEPTION_TABLE, asItIs(byCopySchema)))
    if (exception !== undefined && open.get(canonicalize(exception) ?? '')?.pop() === undefined)
      findings.push({ file: `${EXCEPTION_TABLE}:${at}`, problem: 'the ledger’s copy does not show it' });
  for (const { file, exception } of [...open.values()].flat())
    findings.push({ file, problem: `its entry shows ${exception.kind}, and no exception tells that` });
  return findings;
}

type LeftRows = Readonly<Record<'own' | 'before' | 'conflicts' | 'less', number>>;

function listLeft({ own, before, conflicts, less }: LeftRows): readonly string[] {
  return [
    ...(own === 0 ? [] : [`${own} rows of what the room did itself: the logs alone tell it`]),
    ...(before === 0 ? [] : [`${before} accesses in sessions that began before the ledger tells of them`]),
    ...(conflicts === 0 ? [] : [`${conflicts} accesses of which the ledger holds another copy, as the report says`]),
    ...(less === 0 ? [] : [`${less} accesses of which the ledger knows more than the report says`]),
  ].map((what) => `who it was and what was decided of ${what}`);
}

/** A row that says less than the ledger knows, and the entries that tell more. */
interface LesserRow {
  readonly file: string;
  readonly context: readonly string[];
}

/** Those of which the pack itself tells all that explains them: what it tells was read, and so was known. */
async function listKnownBetter(folder: string, less: readonly LesserRow[]): Promise<readonly PackFinding[]> {
  const wanted = new Set(less.flatMap(({ context }) => context));
  if (wanted.size === 0) return [];
  const told = new Set<string>();
  for await (const [row] of readRows(folder, ACCESS_TABLE, packRowSchema))
    for (const { event } of row?.evidence ?? []) if (wanted.has(event)) told.add(event);
  return less.flatMap(({ file, context }) =>
    context.length > 0 && context.every((event) => told.has(event))
      ? [{ file, problem: 'it says less than follows from what the pack itself tells of its session' }]
      : [],
  );
}

/** Accesses of which the ledger has another copy than the logs, as the exceptions tell it. */
export async function listConflicts(folder: string, findings: PackFinding[]): Promise<ReadonlySet<string>> {
  const events = new Set<string>();
  for await (const [exception, at] of readRows(folder, EXCEPTION_TABLE, conflictSchema)) {
    if (exception?.kind !== 'conflicting-record') continue;
    if (exception.detail !== CONFLICT)
      findings.push({ file: `${EXCEPTION_TABLE}:${at}`, problem: 'it does not say what is said of such a record' });
    for (const { file, event } of exception.evidence) if (file === LEDGER_EVIDENCE) events.add(event);
  }
  return events;
}
