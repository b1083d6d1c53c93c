import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AttributedAccess } from '../../domain/audit/attribution/attribute-accesses';
import type { AuditException } from '../../domain/audit/attribution/reconcile-accesses';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import type { AuditFindings, AuditSubject } from '../../domain/audit/report/audit-subject';
import { buildAuditReport } from '../../domain/audit/report/build-audit-report';
import { concernParty, type PartyConcern } from '../../domain/audit/report/concern-party';
import { TOLD_TO_ALL } from '../../domain/audit/report/exception-rules';
import { reportException, tellByCopy } from '../../domain/audit/report/report-exception';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import type { ReportedException } from '../../domain/audit/report/reported-exception';
import type { AccessTables, AuditOutputs, AuditRun } from '../audit-run';
import { writeDecided } from '../grounds/party-decisions';
import type { RecordedLedger } from '../ledger/ledger-writer';
import type { WantedEntry } from '../ledger/locate-entries';
import { writeProofs } from '../ledger/write-proofs';
import { openLines } from '../spool/open-lines';
import type { ShownByCopy } from '../verify/tell-copies';
import { openRowWriter } from './row-writer';
import { CHECKPOINT } from './sign-pack';

/** A report in the making, in a folder of its own: the room's, or what of it is one party's business. */
export interface OpenPack {
  readonly folder: string;
  readonly concern?: PartyConcern;
  readonly addAccess: (row: ReportedAccess, attributed: AttributedAccess) => void;
  /** After the last access; told when its tables are written. */
  readonly flush: () => void | Promise<void>;
  /** What this report tells of an exception; undefined: nothing. @param shown the rows of the accesses that it names */
  readonly tellException: (exception: AuditException, shown: readonly ReportedAccess[]) => ToldException | undefined;
  /** In order of time. */
  readonly addException: (told: ToldException) => void;
  readonly addCopy: (shown: ShownByCopy) => void;
  readonly finish: (findings: FoundOfAll, ledger: RecordedLedger) => Promise<AuditReport>;
}

/** How many of a report's own accesses are too young is counted by each. */
export type FoundOfAll = Omit<AuditFindings, 'pending'>;

/** An exception as a report has it: the rows that show it are not kept. */
export interface ToldException {
  readonly reported: ReportedException;
  /** Ids of the accesses that the pack proves. */
  readonly proven: readonly string[];
}

export interface PartyPack {
  readonly agreement: string;
  readonly party: string;
  readonly folder: string;
}

/** Rows that a page holds. */
export const MAIN_ROWS = 100_000;
/** And all parties' pages together. */
const PARTY_ROWS = 200_000;
/** The least that a party’s page holds, however many parties there are. */
export const OWN_CAP = 1000;

/**
 * @param work a folder for what does not fit into memory
 * @param accesses how many there will be, at the most
 */
export async function openPack(
  folder: string,
  subject: AuditSubject,
  outputs: AuditOutputs,
  work: string,
  accesses: number,
): Promise<OpenPack> {
  mkdirSync(folder, { recursive: true });
  const isLong = accesses >= MIN_FOR_THREAD;
  const tables = isLong ? await outputs.openTables?.(folder, outputs.accesses) : undefined;
  return open(folder, subject, outputs, undefined, MAIN_ROWS, join(work, 'wanted'), tables);
}

/** Below this a thread costs more than it saves. */
export const MIN_FOR_THREAD = 2000;

/** One for each party of each agreement, in a folder below the given one: `<agreement>/<party>`. */
export function openPartyPacks(
  folder: string,
  subject: AuditSubject,
  outputs: AuditOutputs,
  decisions: AuditRun['decisions'],
  work: string,
): readonly OpenPack[] {
  const ids = [...new Set(subject.agreements.map(({ inForce }) => inForce.plan.agreement.id))];
  const members = ids.flatMap((agreement) => {
    const agreements = subject.agreements.filter(({ inForce }) => inForce.plan.agreement.id === agreement);
    const parties = new Set(agreements.flatMap(({ inForce }) => inForce.plan.parties.map(({ id }) => id)));
    return [...parties].map((party) => ({ agreement, party, agreements }));
  });
  const cap = Math.max(OWN_CAP, Math.floor(PARTY_ROWS / Math.max(1, members.length)));
  return members.map(({ agreement, party, agreements }, at) => {
    const inForce = agreements.map((each) => each.inForce);
    const concern = concernParty(agreement, party, inForce);
    const ofAgreement = decisions.filter((each) => each.agreement.id === agreement);
    const own = new Set(ofAgreement.map(({ id }) => id));
    const rows = Math.min(cap, MAIN_ROWS);
    const place = join(folder, agreement, party);
    const told = agreements.map((each) => ({ ...each, inForce: concern.narrow(each.inForce) }));
    return open(
      place,
      { ...subject, agreements: told, proposed: [], recipient: { agreement, party } },
      outputs,
      { concern, own, decisions: ofAgreement.filter(concern.isOwnDecision) },
      rows,
      join(work, `wanted-${at}`),
    );
  });
}

/** Of a party's own pack. */
interface PackLimits {
  readonly concern: PartyConcern;
  /** Ids of all decisions of its agreement. */
  readonly own: ReadonlySet<string>;
  /** Those that it is told. */
  readonly decisions: AuditRun['decisions'];
}

function open(
  folder: string,
  subject: AuditSubject,
  outputs: AuditOutputs,
  limits: PackLimits | undefined,
  cap: number,
  asked: string,
  tables?: AccessTables,
): OpenPack {
  mkdirSync(folder, { recursive: true });
  const concern = limits?.concern;
  const builder = buildAuditReport(subject);
  const page = outputs.openPage({ rows: cap });
  const rows = tables ?? openRowWriter(folder, outputs.accesses);
  const table = openRowWriter(folder, outputs.exceptions);
  const watermark = Date.parse(subject.watermark);
  const wanted = openLines<WantedEntry>(asked);
  let [count, pending] = [0, 0];
  let closed: void | Promise<void>;
  const tellException: OpenPack['tellException'] = (exception, shown) => {
    const own = concern === undefined ? shown : shown.filter(concern.isOwn).map(concern.narrowRow);
    const isAbsent = exception.decision !== undefined && limits?.own.has(exception.decision) === true;
    const isOwn =
      concern === undefined ||
      own.length > 0 ||
      (isAbsent && (exception.party === concern.party || concern.isOwnLeg(exception.leg ?? '')));
    if (isOwn) return { reported: reportException(exception, own), proven: exception.accesses };
    if (!TOLD_TO_ALL.has(exception.kind)) return undefined;
    return { reported: reportException({ ...exception, accesses: [] }, []), proven: [] };
  };
  const addException: OpenPack['addException'] = ({ reported, proven }) => {
    builder.addReported(reported);
    table.write(reported);
    for (const access of proven) wanted.put([access, reported.at]);
  };
  return {
    folder,
    ...(concern === undefined ? {} : { concern }),
    addAccess: (row, attributed) => {
      if (concern !== undefined && !concern.isOwn(row)) return;
      const told = concern?.narrowRow(row) ?? row;
      builder.addRow(told, attributed);
      page.add(told);
      rows.write(told);
      count += 1;
      if (Date.parse(row.at) >= watermark) pending += 1;
    },
    flush: () => {
      closed = rows.close();
      return closed;
    },
    tellException,
    addException,
    addCopy: ({ exception, entry }) => {
      const told = tellException(exception, [entry]);
      if (told !== undefined) addException({ ...told, reported: tellByCopy(told.reported) });
    },
    finish: async (findings, ledger) => {
      const own = concern === undefined ? findings : limitFindings(findings, concern, count);
      const { report, exceptions } = builder.finish({ ...own, pending });
      for (const exception of exceptions) {
        table.write(exception);
        for (const { event } of exception.evidence) wanted.put([event, exception.at]);
      }
      table.close();
      await writeProofs(folder, ledger, wanted, dirname(asked));
      wanted.remove();
      await closed;
      if (limits !== undefined) writeDecided(folder, limits.decisions);
      writeFileSync(join(folder, CHECKPOINT), ledger.note);
      for (const [name, text] of Object.entries(page.render(report))) writeFileSync(join(folder, name), text);
      return report;
    },
  };
}

/** How much others did, and the room for itself, is not a party's business; whether the logs can be believed is. */
function limitFindings(findings: FoundOfAll, concern: PartyConcern, count: number): FoundOfAll {
  const { records, conduct } = findings;
  return {
    ...findings,
    reached: [],
    conduct: concern.selectConduct(conduct),
    records: { ...records, read: count, accesses: count, duplicates: 0, internal: [] },
  };
}
