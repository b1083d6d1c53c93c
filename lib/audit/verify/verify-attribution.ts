import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Candidate } from '../../domain/audit/attribution/attribution';
import { findExplaining } from '../../domain/audit/attribution/find-explaining';
import { indexDecisions, mayLinkHold, type RecordedDecision } from '../../domain/audit/attribution/recorded-decision';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { INPUT_LABELS } from '../grounds/input-names';
import { DECIDED, readDecisionLines } from '../grounds/party-decisions';
import { isUnusable, readGrounds } from '../grounds/read-grounds';
import type { EnteredLedger } from '../ledger/entered-ledger';
import { ACCESS_TABLE } from '../pack/access-table';
import { asItIs } from '../pack/as-it-is';
import { packRowSchema } from '../pack/pack-rows';
import { readPackReport } from '../pack/read-pack-report';
import { readRows } from '../pack/read-rows';
import { compareOwn } from './compare-own';
import { compareSubject } from './compare-subject';
import { explainAgain, WHAT } from './explain-again';
import type { PackFinding, PackTools, PackVerdict } from './verify-pack';

const text = z.string();
const versionsSchema = z.array(z.looseObject({ id: text, version: z.number(), from: text })).catch([]);

/**
 * Explains every access of a pack again, by the functions of the audit, from what the ledger says of it and from the agreements
 * and decisions in `record`: a row has to say just that. Without the ledger, what is decided is looked up in the record.
 * @param ledger undefined: not at hand
 */
export async function verifyAttribution(
  folder: string,
  ledger: EnteredLedger | undefined,
  { toolVersion, isLogged = false }: PackTools,
): Promise<PackVerdict> {
  try {
    const report = readPackReport(folder);
    // What it is instead is told with what follows from it.
    if (report === undefined || report.header.toolVersion !== toolVersion) return leave('another version made it');
    const grounds = await readGrounds(folder, report.header.produced);
    if (grounds === undefined) {
      const verdicts = [await lookUpOwn(folder, report)];
      if (ledger !== undefined && report.header.recipient !== undefined)
        verdicts.push(await compareOwn(folder, ledger, report));
      return {
        checked: verdicts.flatMap(({ checked }) => checked),
        unchecked: verdicts.flatMap(({ unchecked = [] }) => unchecked),
        findings: verdicts.flatMap(({ findings }) => findings),
      };
    }
    const findings = compareSubject(report, grounds);
    const verdict =
      ledger === undefined
        ? await lookUp(folder, grounds.attribution.agreements, grounds.attribution.decisions)
        : await explainAgain(folder, grounds, ledger, report, isLogged);
    const checked = [`${CONDUCT} were compared with ${INPUT_LABELS.record}`, ...verdict.checked];
    return { ...verdict, checked, findings: [...findings, ...verdict.findings] };
  } catch (error) {
    if (!isUnusable(error)) throw error;
    const problem = 'no access can be explained by it: it is not what a report keeps of a record';
    const file = existsSync(join(folder, INPUT_LABELS.record)) ? INPUT_LABELS.record : DECIDED;
    return { checked: [], findings: [{ file, problem }] };
  }
}

/** What is told beside accesses, as verdicts tell it. */
const CONDUCT = 'whose room it is, agreements, breaches, rounds, releases and duties to destroy';

function leave(why: string): PackVerdict {
  return { checked: [], unchecked: [`${WHAT}: ${why}`], findings: [] };
}

/** A party's own pack has the decisions on what is its business, and no more of the record. */
async function lookUpOwn(folder: string, { header, agreements }: AuditReport): Promise<PackVerdict> {
  if (header.recipient === undefined) return leave('agreements and decisions are not in this pack');
  if (!existsSync(join(folder, DECIDED)))
    return { checked: [], findings: [{ file: DECIDED, problem: 'it is missing: no decision can be looked up' }] };
  const versions = versionsSchema.parse(agreements).map(({ from, ...agreement }) => ({ from, plan: { agreement } }));
  const verdict = await lookUp(
    folder,
    versions,
    await readDecisionLines(folder, DECIDED),
    'the ledger and the whole record',
  );
  return { ...verdict, unchecked: [...(verdict.unchecked ?? []), `${CONDUCT}: that needs the whole record`] };
}

/** The decision that gave a link, where one can have been used then. */
function findLink(decision: RecordedDecision | undefined, at: string): RecordedDecision | undefined {
  return decision !== undefined && mayLinkHold(decision, at) ? decision : undefined;
}

/** By the decisions alone: that the one which a row names is the one that held. */
async function lookUp(
  folder: string,
  agreements: readonly { readonly from: string; readonly plan: { readonly agreement: Candidate['agreement'] } }[],
  decisions: readonly RecordedDecision[],
  more = 'the ledger',
): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const index = indexDecisions(decisions);
  const given = new Map(decisions.map((decision) => [decision.id, decision]));
  let found = 0;
  for await (const [row, at] of readRows(folder, ACCESS_TABLE, asItIs<ReportedAccess>(packRowSchema))) {
    if (row?.explained.kind !== 'attributed') continue;
    const { party, agreement, leg, decision: told, joins } = row.explained;
    const under = agreements.find(
      ({ plan }) => plan.agreement.id === agreement.id && plan.agreement.version === agreement.version,
    );
    // A link is the doing of whom it was given to, whatever was decided later.
    const known =
      joins.party === 'link'
        ? findLink(given.get(told?.id ?? ''), row.at)
        : under && findExplaining({ party, agreement, leg }, under.from, agreements, index, row.at);
    const isOf = known === undefined || (known.party === party && known.leg === leg);
    const same = known?.id === told?.id && known?.effect === told?.effect && known?.clause === told?.clause;
    found += 1;
    if (under === undefined || !isOf || !same)
      findings.push({
        file: `${ACCESS_TABLE}:${at}`,
        problem: 'what it tells of its decision does not follow from the record',
      });
  }
  return {
    checked: [`the decisions of ${found} accesses are those that held by the record`],
    unchecked: [`who each access was by, and on which leg: that needs ${more}`],
    findings,
  };
}
