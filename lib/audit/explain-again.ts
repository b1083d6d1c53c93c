import canonicalize from 'canonicalize';
import * as z from 'zod';
import type { Access, Resource } from '../domain/audit/access';
import { openAttribution, readQueried } from '../domain/audit/attribution/attribute-accesses';
import type { KnownAccounts } from '../domain/audit/attribution/judge-access';
import { LEDGER_EVIDENCE } from '../domain/audit/ledger-evidence';
import { copiesOf, joinAccesses } from '../domain/audit/records/join-accesses';
import type { AuditReport, ReportedException } from '../domain/audit/report/audit-report';
import { CONFLICT } from '../domain/audit/report/find-finding-exceptions';
import { listRecorders, listUnseen } from '../domain/audit/report/list-unseen';
import { openRowReporter } from '../domain/audit/report/report-access';
import type { ReportedAccess } from '../domain/audit/report/reported-access';
import { ACCESS_TABLE } from './access-table';
import { asItIs } from './as-it-is';
import { deriveExceptions } from './derive-exceptions';
import type { EnteredLedger } from './entered-ledger';
import { packRowSchema } from './pack-rows';
import type { Grounds } from './read-grounds';
import { REPORT } from './read-pack-report';
import { readRows } from './read-rows';
import { listSupposed, type Supposed } from './suppose-earlier';
import type { PackFinding, PackVerdict } from './verify-pack';
import { EXCEPTION_TABLE } from './verify-rows';

/** What is explained again, as verdicts tell it. */
export const WHAT = 'who each access was by, under which agreement, clause and decision';

const text = z.string();
const conflictSchema = z.looseObject({
  kind: text,
  detail: text,
  evidence: z.array(z.looseObject({ file: text, event: text })),
});

/** Explains each access by what the ledger says of it, and by agreements and decisions on record: its row has to say just that. */
export async function explainAgain(
  folder: string,
  grounds: Grounds,
  ledger: EnteredLedger,
  { header: { period, room, partyAccounts }, unseen }: AuditReport,
): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const explainer = openExplainer(grounds, ledger);
  const accounts = { room: new Set(room.accounts), parties: new Set(partyAccounts) };
  const conflicting = await listConflicts(folder, findings);
  const settled = Date.parse(period.from) + SESSION_MS;
  const forwarding = new Set<string>();
  const less: LesserRow[] = [];
  let again = 0;
  const left = { own: 0, before: 0, conflicts: 0 };
  for await (const [row, at] of readRows(folder, ACCESS_TABLE, asItIs<ReportedAccess>(packRowSchema))) {
    if (row === undefined || !ledger.places.has(row.id)) {
      if (row?.explained.kind === 'internal') left.own += 1;
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
    for (const account of entered.recorders) forwarding.add(account);
    const { expected } = entered;
    const difference = expected === undefined ? 'its evidence' : findDifference(row, expected);
    if (difference === undefined) continue;
    if (explainer.isLess(row, entered))
      less.push({ file, context: isConflict ? [] : entered.context.map(({ id }) => id) });
    else if (isConflict) {
      left.conflicts += 1;
      if (row.recordedBy !== undefined) forwarding.add(row.recordedBy);
      const [hidden] = listHidden(row, entered.shown, accounts);
      if (hidden !== undefined) findings.push({ file, problem: `its entry shows ${hidden}, and it tells otherwise` });
    } else if (Date.parse(row.at) < settled && explainer.mayHaveBegunBefore(row, entered)) left.before += 1;
    else
      findings.push({ file, problem: `what it tells of ${difference} does not follow from its entry and the record` });
  }
  findings.push(...(await listKnownBetter(folder, less)));
  const known = listUnseen(grounds.attribution.agreements, forwarding, grounds.room.accounts);
  if (canonicalize(unseen) !== canonicalize(known))
    findings.push({ file: REPORT, problem: 'what it says that no log can show is not what follows from its accesses' });
  const checked = [`${WHAT} was found again for ${again}, from the ledger and what is on record`];
  return { checked, unchecked: listLeft({ ...left, less: less.length }), findings };
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

/** The longest that credentials of a session hold, and from how long before its period an audit reads. */
const SESSION_MS = 12 * 60 * 60 * 1000;

/** What the ledger has of an access. */
interface Entered {
  readonly copies: readonly Access[];
  /** Entries that it is explained by beside its own. */
  readonly context: readonly Access[];
  /** What its row has to say; undefined where its entries are not of one access. */
  readonly expected: ReportedAccess | undefined;
  /** Each access that its entries are of. */
  readonly shown: readonly ReportedAccess[];
  readonly recorders: readonly string[];
}

interface Explainer {
  /** Undefined where not all of its evidence is entered. */
  readonly read: (row: ReportedAccess) => Entered | undefined;
  /** Whether the row tells less than the ledger knows: the logs that were read may have had less. */
  readonly isLess: (row: ReportedAccess, entered: Entered) => boolean;
  /** Whether one record of before the ledger began, of the session that its own entries name, would explain it just so. */
  readonly mayHaveBegunBefore: (row: ReportedAccess, entered: Entered) => boolean;
}

function openExplainer(grounds: Grounds, ledger: EnteredLedger): Explainer {
  const { attribution, bucketOwners } = grounds;
  const report = openRowReporter(grounds.agreements);
  const open = (queried: ReadonlyMap<string, Resource>) => {
    const attribute = openAttribution({ ...attribution, queried });
    /** What the copies are of: most often one access. */
    return (id: string, copies: readonly Access[], others: readonly Access[] = []) => {
      const own = new Set(copies.map((copy) => copy.id));
      const shown = joinAccesses([...others, ...copies], bucketOwners, attribution.agreements)
        .filter((joined) => copiesOf(joined).some((copy) => own.has(copy.id)))
        .map(attribute);
      const one = shown.find(({ joined }) => joined.access.id === id && copiesOf(joined).length === copies.length);
      const reported = shown.map((attributed) => report(attributed, () => []));
      return {
        shown: reported,
        expected: one === undefined ? undefined : reported[shown.indexOf(one)],
        recorders: shown.flatMap(listRecorders),
      };
    };
  };
  const queried = new Map<string, Resource>();
  const explain = open(queried);
  const explainAlone = open(new Map());
  const supposed = new Map<string, Resource>();
  const explainSupposed = open(supposed);
  const follows = (row: ReportedAccess, copies: readonly Access[], { record, query }: Supposed) => {
    supposed.clear();
    if (query !== undefined) supposed.set(...query);
    const { expected } = explainSupposed(row.id, copies, record === undefined ? [] : [record]);
    return expected !== undefined && findDifference(row, expected) === undefined;
  };
  return {
    read: (row) => {
      const ids = [...new Set([row.id, ...row.evidence.map(({ event }) => event)])];
      const copies = ids.flatMap((id) => {
        const place = ledger.places.get(id);
        return (place && ledger.read(place.entry)) ?? [];
      });
      const context = readContext(copies, ledger);
      for (const each of context) {
        const [query, table] = readQueried(each) ?? [];
        if (query !== undefined && table !== undefined) queried.set(query, table);
      }
      return copies.length < ids.length ? undefined : { copies, context, ...explain(row.id, copies, context) };
    },
    isLess: (row, { copies }) => {
      const alone = explainAlone(row.id, copies).expected;
      return alone?.explained.kind === 'unattributed' && findDifference(row, alone) === undefined;
    },
    mayHaveBegunBefore: (row, { copies, context, expected }) =>
      context.length === 0 &&
      expected?.explained.kind === 'unattributed' &&
      listSupposed(row, copies, attribution.agreements).some((each) => follows(row, copies, each)),
  };
}

/** What an access is explained by beside its own records. */
function readContext(copies: readonly Access[], ledger: EnteredLedger): readonly Access[] {
  const own = new Set(copies.map(({ id }) => id));
  const entries = new Set(copies.flatMap((copy) => ledger.listContext(copy)));
  return [...entries].flatMap((entry) => ledger.read(entry) ?? []).filter(({ id }) => !own.has(id));
}

/**
 * Whether it may tell otherwise: the logs have another copy of one of its records, or of one that it is explained by. What the
 * ledger alone tells has no other copy.
 */
function isOfConflict(row: ReportedAccess, { context }: Entered, conflicting: ReadonlySet<string>): boolean {
  const logged = row.evidence.flatMap(({ file, event }) => (file === LEDGER_EVIDENCE ? [] : [event]));
  return [...logged, ...context.map(({ id }) => id)].some((event) => conflicting.has(event));
}

/** Exceptions that the ledger's copies show by themselves, and the row does not tell of the same: which is AWS's word nobody knows here. */
function listHidden(
  row: ReportedAccess,
  entries: readonly ReportedAccess[],
  accounts: KnownAccounts,
): readonly string[] {
  const nameException = ({ kind, party, leg }: ReportedException) => canonicalize({ kind, party, leg });
  const told = new Set(deriveExceptions(row, accounts, false).map(nameException));
  return entries.flatMap((entry) => {
    const known = deriveExceptions({ ...entry, evidence: row.evidence }, accounts, false);
    return known.flatMap((each) => (told.has(nameException(each)) ? [] : [each.kind]));
  });
}

/** The first thing that they tell differently, but where it is written and when it came. */
function findDifference(told: ReportedAccess, known: ReportedAccess): string | undefined {
  const [left, right] = [told, known].map(({ evidence: _, late: __, explained, ...rest }) => ({
    ...rest,
    ...explained,
  }));
  const [one, other]: readonly Readonly<Record<string, unknown>>[] = [left!, right!];
  const names = [...new Set(['kind', ...Object.keys(one!), ...Object.keys(other!)])];
  const name = names.find((each) => canonicalize(one![each]) !== canonicalize(other![each]));
  return name === 'kind' ? 'who it was' : name;
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
async function listConflicts(folder: string, findings: PackFinding[]): Promise<ReadonlySet<string>> {
  const events = new Set<string>();
  for await (const [exception, at] of readRows(folder, EXCEPTION_TABLE, conflictSchema)) {
    if (exception?.kind !== 'conflicting-record') continue;
    if (exception.detail !== CONFLICT)
      findings.push({ file: `${EXCEPTION_TABLE}:${at}`, problem: 'it does not say what is said of such a record' });
    for (const { file, event } of exception.evidence) if (file === LEDGER_EVIDENCE) events.add(event);
  }
  return events;
}
