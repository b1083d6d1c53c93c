import type { Plan } from '../../agreement/plan/plan';
import type { VersionSignature } from '../../agreement/signature';
import { nameTold } from '../../exchange/erasure/plan-erasure';
import type { Conduct } from '../../registry/conduct';
import type {
  AttestationRecord,
  ErasureRecord,
  ReceiptRecord,
  ReleaseAttestation,
} from '../../registry/conduct-records';
import {
  checkPartyStatement,
  type PartyStatement,
  type StatementFault,
  type StatementSignature,
} from './party-statement';

/** What a statement on record is held against. */
export interface StatementGrounds {
  /** All that all have signed: under any other nobody speaks, and whoever wrote it may have named keys of his own. */
  readonly versions: readonly Pick<Plan, 'agreement' | 'parties'>[];
  readonly signatures: readonly VersionSignature[];
  readonly proof: Parameters<typeof checkPartyStatement>[5];
}

/** A statement on record that its party did not sign. */
interface UnprovenStatement {
  readonly party: string;
  readonly leg: string;
  /** Absent: it is an attestation of destruction. */
  readonly erasure?: string;
  /** Of a release that is said to be destroyed. */
  readonly round?: string;
  readonly fault: StatementFault;
}

/** What is wrong with an attestation on record; undefined for one that its party signed. */
export function checkAttestation(
  { party, leg, by, statement, ...signed }: AttestationRecord,
  grounds: StatementGrounds,
): StatementFault | undefined {
  return check(grounds, party, { purpose: 'attest-destruction', leg, by, statement }, signed);
}

/** The same of a release; a record that was put in for another release than the statement names is not genuine. */
export function checkReleaseAttestation(
  { party, leg, by, statement, round, releases, ...signed }: ReleaseAttestation,
  grounds: StatementGrounds,
): StatementFault | undefined {
  if (!releases.includes(round)) return 'not-genuine';
  return check(grounds, party, { purpose: 'attest-destruction', leg, by, statement, releases }, signed);
}

/** What is wrong with a confirmation on record; undefined for one that its party signed. */
export function checkConfirmation(
  erasure: string,
  { party, leg }: Pick<ErasureRecord['receivers'][number], 'party' | 'leg'>,
  { releases, ...signed }: ErasureRecord['receivers'][number]['confirmations'][number],
  grounds: StatementGrounds,
): StatementFault | undefined {
  return check(grounds, party, { purpose: 'confirm-erasure', leg, erasure, releases }, signed);
}

/** What is wrong with a receipt on record; undefined for one that its party signed. */
export function checkReceipt(
  { party, leg, round, sha256, ...signed }: ReceiptRecord,
  grounds: StatementGrounds,
): StatementFault | undefined {
  return check(grounds, party, { purpose: 'confirm-receipt', leg, round, sha256 }, signed);
}

/** Everything on record that is said in a party's name, and not by it. */
export function listUnproven(
  { attestations, releaseAttestations }: Pick<Conduct, 'attestations' | 'releaseAttestations'>,
  erasures: readonly ErasureRecord[],
  grounds: StatementGrounds,
): readonly UnprovenStatement[] {
  return [
    ...attestations.flatMap((each) => {
      const fault = checkAttestation(each, grounds);
      return fault === undefined ? [] : [{ party: each.party, leg: each.leg, fault }];
    }),
    ...releaseAttestations.flatMap((each) => {
      const fault = checkReleaseAttestation(each, grounds);
      return fault === undefined ? [] : [{ party: each.party, leg: each.leg, round: each.round, fault }];
    }),
    ...erasures.flatMap(({ id, receivers }) =>
      receivers.flatMap((receiver) =>
        receiver.confirmations.flatMap((confirmation) => {
          const erasure = nameTold({ id }, receiver);
          const fault = checkConfirmation(erasure, receiver, confirmation, grounds);
          return fault === undefined ? [] : [{ party: receiver.party, leg: receiver.leg, erasure, fault }];
        }),
      ),
    ),
  ];
}

function check(
  { versions, signatures, proof }: StatementGrounds,
  party: string,
  said: PartyStatement,
  signed: StatementSignature,
): StatementFault | undefined {
  const plan = versions.find(({ agreement }) => agreement.version === signed.version);
  return plan === undefined ? 'other-version' : checkPartyStatement(plan, signatures, party, said, signed, proof);
}
