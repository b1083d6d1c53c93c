import type { AgreementInForce } from '../../agreement/agreement-in-force';
import { type RecordedTransfer, recordTransfer } from '../../agreement/checks/record-transfer';
import type { Plan, PlannedDataset, PlannedLeg } from '../../agreement/plan/plan';
import type { StatementFault, StatementSignature } from '../../enforcement/words/party-statement';

/** One processing activity, as art. 30(1) GDPR asks a controller to record it: one leg of one version of an agreement. */
export interface ProcessingRecord {
  readonly agreement: { readonly id: string; readonly version: number };
  readonly leg: string;
  /** Art. 30(1)(a): the controllers, and whom to ask about privacy. */
  readonly controller: RecordedController;
  /** Art. 30(1)(d): to whom the data are disclosed. */
  readonly recipient: RecordedController;
  /** Art. 30(1)(b): DPV terms without prefix. */
  readonly purposes: readonly string[];
  readonly forbidden: readonly string[];
  /** Art. 30(1)(c): the kind of persons, as the agreement says (absent: it does not), and the column that tells them apart. */
  readonly persons?: string;
  readonly subjects?: string;
  readonly dataset: { readonly id: string; readonly title: string };
  /** The clause that says on which legal basis it is given; absent: the agreement does not say. */
  readonly basis?: string;
  readonly categories: readonly RecordedCategory[];
  /** Art. 30(1)(e). */
  readonly transfer: RecordedTransfer;
  /** Art. 30(1)(f): ISO 8601 durations. */
  readonly retention: { readonly retain: string; readonly destroyWithin: string };
  /** Art. 30(1)(g): titles and settings of the controls that apply. */
  readonly measures: readonly RecordedMeasure[];
}

export interface RecordedMeasure {
  readonly control: string;
  readonly title: string;
  readonly setting: string;
}

export interface RecordedController {
  readonly party: string;
  readonly name: string;
  readonly jurisdiction: string;
  readonly contact: string;
}

/** A column, and in what form it is disclosed; absent `disclosedAs`: it is not. */
interface RecordedCategory {
  readonly column: string;
  readonly role: string;
  readonly disclosedAs?: string;
}

/**
 * The receiver's duty to destroy what it received when the agreement has ended, or to erase a person from it, and what it has
 * shown for it.
 */
export interface DestructionDuty {
  readonly agreement: { readonly id: string; readonly version: number };
  readonly leg: string;
  readonly party: string;
  /** Id of the erasure; absent: all is to be destroyed. */
  readonly erasure?: string;
  /** Day of the round whose release is to be destroyed, since its `retain` is over. */
  readonly round?: string;
  /** ISO date: the last day of the term and `destroyWithin` after it; of a release `destroyWithin` after its `retain`; of an erasure its deadline. */
  readonly due: string;
  readonly state:
    | 'given'
    /** Something is on record in its name, which it has not signed. */
    | 'unproven'
    | 'overdue'
    | 'not-due';
  readonly attestation?: DestructionAttestation;
}

/** The receiver's statement, as it was handed in, and with what it is signed: see `party-statement.ts`. */
export interface DestructionAttestation extends StatementSignature {
  readonly agreement: string;
  readonly leg: string;
  readonly party: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** Who answers for it. */
  readonly by: string;
  /** SHA-256 of the statement, hex; of an erasure absent. */
  readonly sha256?: string;
  /** Days of the rounds that it names: of an erasure those that the person was erased from. */
  readonly releases?: readonly string[];
  /** Why it is not believed; absent: its party signed it. */
  readonly fault?: StatementFault;
}

/** The record of processing, leg by leg, from the agreements themselves: nothing in it is typed a second time. */
export function recordProcessing(agreements: readonly AgreementInForce[]): readonly ProcessingRecord[] {
  return agreements.flatMap(({ plan }) => plan.legs.map((leg) => recordLeg(plan, leg)));
}

function recordLeg(plan: Plan, leg: PlannedLeg): ProcessingRecord {
  const { id, version } = plan.agreement;
  const dataset = plan.datasets.find((each) => each.id === leg.dataset);
  const controller = recordController(plan, leg.from);
  const recipient = recordController(plan, leg.to);
  return {
    agreement: { id, version },
    leg: leg.id,
    controller,
    recipient,
    purposes: leg.purposes,
    forbidden: leg.forbids,
    ...(dataset?.persons === undefined ? {} : { persons: dataset.persons }),
    ...(dataset?.subject === undefined ? {} : { subjects: dataset.subject }),
    dataset: { id: leg.dataset, title: dataset?.title ?? '' },
    ...(dataset?.basisBy === undefined ? {} : { basis: dataset.basisBy }),
    categories: dataset === undefined ? [] : listCategories(dataset),
    transfer: recordTransfer(controller.jurisdiction, recipient.jurisdiction, leg.safeguardBy),
    retention: { retain: leg.retain, destroyWithin: plan.term.destroyWithin },
    measures: plan.controls.map(({ id: control, title, setting }) => ({ control, title, setting })),
  };
}

/** A party as such records name it. */
export function recordController({ parties }: Plan, id: string): RecordedController {
  const party = parties.find((each) => each.id === id);
  return {
    party: id,
    name: party?.name ?? id,
    jurisdiction: party?.jurisdiction ?? '',
    contact: party?.contacts.privacy ?? '',
  };
}

function listCategories({ columns }: PlannedDataset): readonly RecordedCategory[] {
  return columns.map(({ name, title, role, treatment, releasedAs }) => ({
    column: title === '' || title === name ? name : `${name} (${title})`,
    role,
    ...(releasedAs === undefined ? {} : { disclosedAs: treatment.kind }),
  }));
}
