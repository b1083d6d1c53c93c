import type { AgreementInForce } from '../../agreement/agreement-in-force';
import { type RecordedTransfer, recordTransfer } from '../../agreement/checks/record-transfer';
import type { Plan, PlannedParty } from '../../agreement/plan/plan';
import type { AuditedRoom } from './audit-header';
import { type RecordedController, type RecordedMeasure, recordController } from './record-processing';

/**
 * What whoever runs the room does for one controller, as art. 30(2) GDPR asks a processor to record it: of one version of an
 * agreement, the datasets of that controller.
 */
export interface OperationRecord {
  readonly agreement: { readonly id: string; readonly version: number };
  /** Art. 30(2)(a): the processor, and the controller on whose behalf it acts. */
  readonly processor: RecordedProcessor;
  readonly controller: RecordedController;
  /** Art. 30(2)(b). */
  readonly categories: readonly OperationCategory[];
  readonly datasets: readonly { readonly id: string; readonly title: string }[];
  /** Art. 30(2)(c); absent: where the processor sits is not known here. */
  readonly transfer?: RecordedTransfer;
  /** Art. 30(2)(d): titles and settings of the controls that apply. */
  readonly measures: readonly RecordedMeasure[];
}

export interface RecordedProcessor {
  /** 12 digits each: where the data lie. */
  readonly accounts: readonly string[];
  /** The AWS region, as parties signed it. */
  readonly region?: string;
  /** As parties signed it, or the name of the party that it is; absent: the agreement names none. */
  readonly name?: string;
  /** Where it is a party: whom to ask about privacy. */
  readonly party?: string;
  readonly jurisdiction?: string;
  readonly contact?: string;
}

/** What a room does with the data of whoever gives. */
export type OperationCategory = 'intake' | 'treatment' | 'disclosure' | 'erasure' | 'logging';

const CATEGORIES: readonly OperationCategory[] = ['intake', 'treatment', 'disclosure', 'erasure', 'logging'];

/**
 * The record of the room's operator as a processor: an entry for each version and each giver, but for data of its own. In a peer
 * room nobody acts for another.
 */
export function recordOperation(
  agreements: readonly Pick<AgreementInForce, 'plan'>[],
  room: AuditedRoom,
): readonly OperationRecord[] {
  if (room.topology === 'peer') return [];
  return agreements.flatMap(({ plan }) => {
    const operator = findOperator(plan, room);
    const givers = [...new Set(plan.legs.map(({ from }) => from))].filter((giver) => giver !== operator?.id);
    return givers.map((giver) => recordGiver(plan, giver, operator, room));
  });
}

/** The party that runs the room, where a party does: as the room is set up, or as the parties have signed it. */
function findOperator({ parties, room: signed }: Plan, { operatorParty }: AuditedRoom): PlannedParty | undefined {
  const named = operatorParty ?? signed?.operator;
  return parties.find(({ id }) => id === named);
}

function recordGiver(
  plan: Plan,
  giver: string,
  operator: PlannedParty | undefined,
  { accounts, operatorParty }: AuditedRoom,
): OperationRecord {
  const { id, version } = plan.agreement;
  const controller = recordController(plan, giver);
  const name = operator?.name ?? operatorParty ?? plan.room?.operator;
  const given = new Set(plan.legs.flatMap(({ from, dataset }) => (from === giver ? [dataset] : [])));
  return {
    agreement: { id, version },
    processor: {
      accounts,
      ...(plan.room?.region === undefined ? {} : { region: plan.room.region }),
      ...(name === undefined ? {} : { name }),
      ...(operator === undefined
        ? {}
        : { party: operator.id, jurisdiction: operator.jurisdiction, contact: operator.contacts.privacy }),
    },
    controller,
    categories: CATEGORIES,
    datasets: plan.datasets.flatMap(({ id: dataset, title }) => (given.has(dataset) ? [{ id: dataset, title }] : [])),
    ...(operator === undefined
      ? {}
      : { transfer: recordTransfer(controller.jurisdiction, operator.jurisdiction, undefined) }),
    measures: plan.controls.map(({ id: control, title, setting }) => ({ control, title, setting })),
  };
}
