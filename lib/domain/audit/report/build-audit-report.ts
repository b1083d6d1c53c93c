import type { AgreementInForce } from '../../agreement/agreement-in-force';
import type { Access } from '../access';
import type { AttributedAccess } from '../attribution/attribute-accesses';
import { listPartyAccounts } from '../attribution/list-party-accounts';
import type { AuditException } from '../attribution/reconcile-accesses';
import type { TrailVerdict } from '../integrity/verify-trail';
import type { AuditedIntegrity, AuditedRoom } from './audit-header';
import type { AuditedAgreement, AuditedParty, AuditReport, OperatorView } from './audit-report';
import type { AuditFindings, AuditSubject } from './audit-subject';
import { collectExceptions } from './collect-exceptions';
import { collectTotals } from './collect-totals';
import { findFindingExceptions, listForeignFunctions } from './find-finding-exceptions';
import { joinCoverage } from './join-coverage';
import { judgeReport } from './judge-report';
import { listReliance } from './list-reliance';
import { listRecorders, listUnseen } from './list-unseen';
import { mapStandards } from './map-standards';
import { recordOperation } from './record-operation';
import { recordProcessing } from './record-processing';
import { openRowReporter } from './report-access';
import { reportException } from './report-exception';
import type { EvidenceReference, ReportedAccess } from './reported-access';
import type { ReportedException } from './reported-exception';
import { tellConduct } from './select-conduct';

interface AuditReportBuilder {
  /** Returns the row, for the tables and events that list every access. */
  readonly addAccess: (
    access: AttributedAccess,
    evidenceOf: (access: Access) => readonly EvidenceReference[],
  ) => ReportedAccess;
  /** The same, of a row that another report was given already. */
  readonly addRow: (row: ReportedAccess, access: AttributedAccess) => void;
  /** @param shown the rows of the accesses that the exception names; returns what the table of exceptions lists. */
  readonly addException: (exception: AuditException, shown: readonly ReportedAccess[]) => ReportedException;
  /** The same, of an exception that `reportException` told already. */
  readonly addReported: (exception: ReportedException) => void;
  /** Returns the report, and the exceptions that only now came up, for the table of exceptions. */
  readonly finish: (findings: AuditFindings) => {
    readonly report: AuditReport;
    readonly exceptions: readonly ReportedException[];
  };
}

interface ReportCaps {
  readonly exceptions: number;
  readonly findings: number;
  readonly inputs: number;
  readonly principals: number;
}

export const REPORT_CAPS: ReportCaps = {
  exceptions: 1000,
  findings: 200,
  inputs: 1000,
  principals: 1000,
};

/** Builds the report from accesses and exceptions as they come, in memory that is bounded by the caps. */
export function buildAuditReport(subject: AuditSubject, caps: ReportCaps = REPORT_CAPS): AuditReportBuilder {
  const agreements = subject.agreements.map(({ inForce }) => inForce);
  const versions = [...(subject.proposed ?? []), ...agreements];
  const parties = listParties(versions);
  const totals = collectTotals(new Set(subject.room.accounts), parties);
  const exceptions = collectExceptions(caps.exceptions);
  const report = openRowReporter(subject.agreements);
  /** Accounts other than the room's whose own logs were among those read. */
  const forwarding = new Set<string>();
  const addRow = (row: ReportedAccess, attributed: AttributedAccess) => {
    totals.add(row);
    for (const account of listRecorders(attributed)) forwarding.add(account);
  };
  return {
    addAccess: (attributed, evidenceOf) => {
      const row = report(attributed, evidenceOf);
      addRow(row, attributed);
      return row;
    },
    addRow,
    addException: (exception, shown) => {
      const reported = reportException(exception, shown);
      exceptions.add(reported);
      return reported;
    },
    addReported: exceptions.add,
    finish: (findings) => {
      const { period, functions = [] } = subject;
      const late = [...findFindingExceptions(findings, period.from), ...listForeignFunctions(functions, period.from)];
      for (const exception of late) exceptions.add(exception);
      const { principals, principalsBeyond, signIns, signInsBeyond, ...summary } = totals.finish();
      const { room } = subject;
      const { reached = [] } = findings;
      const told = {
        reportVersion: 1,
        header: {
          period: subject.period,
          watermark: subject.watermark,
          ...(subject.after === undefined ? {} : { after: subject.after }),
          produced: subject.produced,
          toolVersion: subject.toolVersion,
          room,
          partyAccounts: [...listPartyAccounts(versions)].toSorted(),
          ...(subject.recipient === undefined ? {} : { recipient: subject.recipient }),
          trails: subject.trails,
          ...(subject.functions === undefined ? {} : { functions: subject.functions }),
          integrity: summariseIntegrity(findings.integrity, caps.findings),
          ...(findings.ledger === undefined ? {} : { ledger: findings.ledger }),
          records: findings.records,
          inputs: { ...findings.inputs, listed: findings.inputs.listed.slice(0, caps.inputs) },
        },
        parties,
        agreements: subject.agreements.map(describeAgreement),
        exceptions: exceptions.finish(),
        accesses: { ...summary, pending: findings.pending },
        coverage: joinCoverage(findings.coverage),
        ...tellConduct(agreements, findings.conduct, subject),
        operator: {
          ...(room.operatorParty === undefined ? {} : { party: room.operatorParty }),
          reach: listReach(agreements, room),
          principals,
          principalsBeyond,
          signIns,
          signInsBeyond,
          reached: reached.slice(0, caps.principals),
          reachedBeyond: Math.max(0, reached.length - caps.principals),
        },
        unseen: listUnseen(agreements, forwarding, room.accounts),
        processing: recordProcessing(agreements),
        operation: recordOperation(agreements, room),
      } as const;
      const judged = { ...told, verdict: judgeReport(told), reliance: listReliance(told.header) };
      return { report: { ...judged, standards: mapStandards(judged) }, exceptions: late };
    },
  };
}

/** As the header tells it. */
export function summariseIntegrity(verdict: TrailVerdict | undefined, cap: number): AuditedIntegrity {
  if (verdict === undefined) return { kind: 'not-checked' };
  const { kind, digests, logs, findings } = verdict;
  const listed = findings.slice(0, cap);
  return { kind, digests, logs, findings: listed, findingsBeyond: findings.length - listed.length };
}

/** As the latest version that names them says it. */
export function listParties(agreements: readonly Pick<AgreementInForce, 'plan'>[]): readonly AuditedParty[] {
  const parties = new Map<string, AuditedParty>();
  for (const { plan } of agreements) {
    for (const { id, name, account, jurisdiction } of plan.parties)
      parties.set(id, { id, name, account, jurisdiction });
  }
  return [...parties.values()];
}

export function describeAgreement({ inForce, plan: hash }: AuditSubject['agreements'][number]): AuditedAgreement {
  const { plan, from, to } = inForce;
  return {
    ...plan.agreement,
    from,
    ...(to === undefined ? {} : { to }),
    plan: hash,
    legs: plan.legs.map(({ id, from: giver, to: receiver, dataset, via }) => ({
      id,
      from: giver,
      to: receiver,
      dataset,
      via: via.kind,
    })),
    clauses: plan.clauses,
  };
}

/** Whatever lies in the room's account; what a peer room holds of its own party is nobody else's. */
export function listReach(agreements: readonly AgreementInForce[], room: AuditedRoom): OperatorView['reach'] {
  const reach = new Map<string, OperatorView['reach'][number]>();
  for (const { plan, places } of agreements) {
    for (const { leg: name, holds } of places) {
      const leg = plan.legs.find(({ id }) => id === name);
      if (leg === undefined || leg.from === room.operatorParty) continue;
      reach.set(`${leg.from} ${leg.dataset} ${holds}`, { dataset: leg.dataset, owner: leg.from, holds });
    }
  }
  return [...reach.values()];
}
