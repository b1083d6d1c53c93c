import canonicalize from 'canonicalize';
import type { Access, Resource } from '../../domain/audit/access';
import { openAttribution, readQueried } from '../../domain/audit/attribution/attribute-accesses';
import { LEDGER_EVIDENCE } from '../../domain/audit/ledger-evidence';
import { copiesOf, joinAccesses } from '../../domain/audit/records/join-accesses';
import { listRecorders } from '../../domain/audit/report/list-unseen';
import { openRowReporter } from '../../domain/audit/report/report-access';
import type { EvidenceReference, ReportedAccess } from '../../domain/audit/report/reported-access';
import type { Grounds } from '../grounds/read-grounds';
import type { EnteredLedger } from '../ledger/entered-ledger';
import { listSupposed, type Supposed } from './suppose-earlier';

/** What the ledger has of an access. */
export interface Entered {
  readonly copies: readonly Access[];
  /** Entries that it is explained by beside its own. */
  readonly context: readonly Access[];
  /** What its row has to say; undefined where its entries are not of one access. */
  readonly expected: ReportedAccess | undefined;
  /** Each access that its entries are of. */
  readonly shown: readonly ReportedAccess[];
  /** Whose trails tell of these. */
  readonly recorders: readonly string[];
  /** What the row tells differently; undefined where it tells just what it has to. */
  readonly difference: string | undefined;
}

export interface Explainer {
  /** Undefined where not all of its evidence is entered. */
  readonly read: (row: ReportedAccess) => Entered | undefined;
  /** Whether the row tells less than the ledger knows: the logs that were read may have had less. */
  readonly isLess: (row: ReportedAccess, entered: Entered) => boolean;
  /** Whether one record of before the ledger began, of the session that its own entries name, would explain it just so. */
  readonly mayHaveBegunBefore: (row: ReportedAccess, entered: Entered) => boolean;
}

/** By what accesses are explained. */
export type ExplainingGrounds = Pick<Grounds, 'agreements' | 'attribution' | 'bucketOwners'>;

/** Explains accesses by what the ledger says of them, by the functions of the audit. */
export function openExplainer(
  { agreements, attribution, bucketOwners }: ExplainingGrounds,
  ledger: Pick<EnteredLedger, 'places' | 'read' | 'hash' | 'listContext'>,
): Explainer {
  const report = openRowReporter(agreements);
  const cite = ({ id }: Access): readonly EvidenceReference[] => {
    const entry = ledger.places.get(id)?.entry;
    const hash = entry === undefined ? undefined : ledger.hash(entry);
    return entry === undefined || hash === undefined
      ? []
      : [{ file: LEDGER_EVIDENCE, sha256: hash, record: entry, event: id }];
  };
  const open = (queried: ReadonlyMap<string, Resource>) => {
    const attribute = openAttribution({ ...attribution, queried });
    /** What the copies are of: most often one access. */
    return (id: string, copies: readonly Access[], others: readonly Access[] = []) => {
      const own = new Set(copies.map((copy) => copy.id));
      const shown = joinAccesses([...others, ...copies], bucketOwners, attribution.agreements)
        .filter((joined) => copiesOf(joined).some((copy) => own.has(copy.id)))
        .map(attribute);
      const one = shown.find(({ joined }) => joined.access.id === id && copiesOf(joined).length === copies.length);
      const reported = shown.map((attributed) => report(attributed, cite));
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
  const follows = (row: ReportedAccess, { copies, context }: Entered, { record, query }: Supposed) => {
    supposed.clear();
    learnTables(supposed, context);
    if (query !== undefined) supposed.set(...query);
    const { expected } = explainSupposed(row.id, copies, record === undefined ? context : [...context, record]);
    return expected !== undefined && findDifference(row, expected) === undefined;
  };
  return {
    read: (row) => {
      const ids = listIds(row);
      const copies = ids.flatMap((id) => {
        const place = ledger.places.get(id);
        return (place && ledger.read(place.entry)) ?? [];
      });
      const context = readContext(copies, ledger);
      learnTables(queried, context);
      if (copies.length < ids.length) return undefined;
      const explained = explain(row.id, copies, context);
      const difference = explained.expected === undefined ? 'its evidence' : findDifference(row, explained.expected);
      return { copies, context, ...explained, difference };
    },
    isLess: (row, { copies }) => {
      const alone = explainAlone(row.id, copies).expected;
      return alone?.explained.kind === 'unattributed' && findDifference(row, alone) === undefined;
    },
    mayHaveBegunBefore: (row, entered) => {
      const { copies, context, expected } = entered;
      return (
        expected !== undefined &&
        (expected.explained.kind === 'unattributed' || isOfSame(row, expected)) &&
        listSupposed(row, copies, context, attribution.agreements).some((each) => follows(row, entered, each))
      );
    },
  };
}

function learnTables(queried: Map<string, Resource>, context: readonly Access[]): void {
  for (const each of context) {
    const told = readQueried(each);
    if (told !== undefined) queried.set(...told);
  }
}

/** Of each record that a row is of. */
export function listIds({ id, evidence }: Pick<ReportedAccess, 'id' | 'evidence'>): readonly string[] {
  return [...new Set([id, ...evidence.map(({ event }) => event)])];
}

/** What an access is explained by beside its own records. */
export function readContext(
  copies: readonly Access[],
  ledger: Pick<EnteredLedger, 'read' | 'listContext'>,
): readonly Access[] {
  const own = new Set(copies.map(({ id }) => id));
  const entries = new Set(copies.flatMap((copy) => ledger.listContext(copy)));
  return [...entries].flatMap((entry) => ledger.read(entry) ?? []).filter(({ id }) => !own.has(id));
}

/**
 * Whether it may tell otherwise: the logs have another copy of one of its records, or of one that it is explained by. What the
 * ledger alone tells has no other copy.
 */
export function isOfConflict(row: ReportedAccess, { context }: Entered, conflicting: ReadonlySet<string>): boolean {
  const logged = row.evidence.flatMap(({ file, event }) => (file === LEDGER_EVIDENCE ? [] : [event]));
  return [...logged, ...context.map(({ id }) => id)].some((event) => conflicting.has(event));
}

/** The first thing that they tell differently, but where it is written and when it came. */
function findDifference(told: ReportedAccess, known: ReportedAccess): string | undefined {
  const [name] = listDifferences(told, known);
  return name === 'kind' ? 'who it was' : name;
}

/** Where the records tell who it was, one of before may tell from where and how it came, and how sure that is. */
function isOfSame(told: ReportedAccess, known: ReportedAccess): boolean {
  return listDifferences(told, known).every((name) => OF_SESSION.has(name));
}

const OF_SESSION: ReadonlySet<string> = new Set(['client', 'networks', 'joins', 'confidence']);

function listDifferences(told: ReportedAccess, known: ReportedAccess): readonly string[] {
  const [one, other] = [flatten(told), flatten(known)];
  const names = [...new Set(['kind', ...Object.keys(one), ...Object.keys(other)])];
  return names.filter((each) => canonicalize(one[each]) !== canonicalize(other[each]));
}

function flatten({ evidence: _, late: __, explained, ...rest }: ReportedAccess): Readonly<Record<string, unknown>> {
  return { ...rest, ...explained };
}
