import canonicalize from 'canonicalize';
import { listPartyAccounts } from '../../domain/audit/attribution/list-party-accounts';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import { describeAgreement, listParties, listReach } from '../../domain/audit/report/build-audit-report';
import { recordOperation } from '../../domain/audit/report/record-operation';
import { recordProcessing } from '../../domain/audit/report/record-processing';
import { tellConduct } from '../../domain/audit/report/select-conduct';
import { INPUT_LABELS } from '../grounds/input-names';
import type { Grounds } from '../grounds/read-grounds';
import { PROCESSING, REPORT } from '../pack/read-pack-report';
import type { PackFinding } from './verify-pack';

type Parts = readonly (readonly [what: string, told: unknown, known: unknown])[];

/**
 * What a report tells that does not hang on its logs, against what is on record: whom it is about (what is a stranger, and what a
 * clause, hangs on it), whose room it is, what everybody has to keep to, and how they did.
 */
export function compareSubject(report: AuditReport, grounds: Grounds): readonly PackFinding[] {
  const { header } = report;
  const inForce = grounds.agreements.map((each) => each.inForce);
  const known = tellConduct(inForce, grounds.conduct, header);
  const ofReport = [...listSubject(report, grounds), ...listConduct(report, known)];
  const ofProcessing: Parts = [
    ['its record of processing', report.processing, recordProcessing(inForce)],
    ['its record of processing on behalf of others', report.operation, recordOperation(inForce, grounds.room)],
    ['its duties to destroy', report.destruction, known.destruction],
  ];
  const whole = { file: REPORT, problem: `it says that it is one party’s, and has the whole ${INPUT_LABELS.record}` };
  return [
    ...(header.recipient === undefined ? [] : [whole]),
    ...compare(REPORT, ofReport),
    ...compare(PROCESSING, ofProcessing),
  ];
}

function listSubject({ header, operator, ...told }: AuditReport, grounds: Grounds): Parts {
  const { attribution, room } = grounds;
  const versions = [...attribution.proposed, ...attribution.agreements];
  return [
    ['its agreements', told.agreements, grounds.agreements.map(describeAgreement)],
    ['its parties', told.parties, listParties(versions)],
    ['its accounts of parties', header.partyAccounts.toSorted(), [...listPartyAccounts(versions)].toSorted()],
    ['its words on the room', sortAccounts(header.room), sortAccounts(room)],
    ['its words on who runs the room', [operator.party], [room.operatorParty]],
    ['its words on what whoever runs the room reaches', operator.reach, listReach(attribution.agreements, room)],
    ['its functions', header.functions ?? [], grounds.functions ?? []],
  ];
}

function listConduct(told: AuditReport, known: ReturnType<typeof tellConduct>): Parts {
  return [
    ['its breaches and remedies', told.breaches, known.breaches],
    ['its rounds', told.rounds, known.rounds],
    ['its releases', told.releases, known.releases],
    ['its problems', told.problems, known.problems],
    ['its changes by hand', told.drifts, known.drifts],
    ['its words of other rooms on breaches', told.told, known.told],
  ];
}

function sortAccounts({ accounts, ...room }: AuditReport['header']['room']): object {
  return { ...room, accounts: accounts.toSorted() };
}

function compare(file: string, parts: Parts): readonly PackFinding[] {
  return parts.flatMap(([what, told, known]) =>
    canonicalize(told) === canonicalize(known)
      ? []
      : [{ file, problem: `${what} are not those that ${INPUT_LABELS.record} has` }],
  );
}
