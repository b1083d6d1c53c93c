import type { Delivery, PlannedParty } from '../../agreement/plan/plan';
import type { SidePlan } from '../../agreement/plan/plan-for-side';

/** Whom something that an agreement's stack draws lets in, or writes to. */
export interface Principal {
  /** `who`: somebody who comes in, or is written to; `what`: to whom, or by which way, a thing that is there is open. */
  readonly kind: 'who' | 'what';
  /** Path in the agreement. */
  readonly at: string;
  readonly who: string;
}

/**
 * All that the resources of an agreement's stack trust, in an order of its own: by roles, by the partners' bus, by letters. A
 * version that changes any of it opens a door, or closes one, as soon as it is deployed, whoever has signed it.
 */
export function listPrincipals(plan: SidePlan): readonly Principal[] {
  const { parties, datasets, legs } = plan;
  const members = new Set(listMembers(plan).map(({ id }) => id));
  const principals: readonly Principal[] = [
    ...parties.flatMap(({ id, account, contacts, sftp }) => {
      const at = `parties.${id}`;
      const isMember = members.has(id);
      return [
        open('who', `${at}.account`, account),
        ...(isMember ? [open('who', `${at}.role`, account)] : []),
        ...(isMember && sftp !== undefined ? [open('what', `${at}.sftp`, id)] : []),
        ...Object.entries(contacts).map(([task, address]) => open('who', `${at}.contacts.${task}`, address)),
      ];
    }),
    ...datasets.map(({ id, owner }) => open('what', `datasets.${id}.owner`, owner)),
    ...legs.flatMap(({ id, to, via }) => {
      const warehouse = nameWarehouse(via);
      return [
        open('what', `legs.${id}.to`, to),
        open('what', `legs.${id}.via`, via.kind),
        ...(warehouse === undefined ? [] : [open('who', `legs.${id}.via.${via.kind}`, warehouse)]),
      ];
    }),
  ];
  return principals.toSorted((left, right) => (left.at < right.at ? -1 : 1));
}

/** Parties that give to this side or get from it, which have roles here; another has its dealings with another room. */
export function listMembers({ parties, datasets, legs }: SidePlan): readonly PlannedParty[] {
  return parties.filter(({ id }) => datasets.some(({ owner }) => owner === id) || legs.some(({ to }) => to === id));
}

function open(kind: Principal['kind'], at: string, who: string): Principal {
  return { kind, at, who };
}

/** Who signs in from outside AWS. */
function nameWarehouse(via: Delivery): string | undefined {
  if (via.kind === 'snowflake') return `${via.storageAwsIamUserArn} ${via.externalId}`;
  return via.kind === 'gcs' ? via.serviceAccountSubjectId : undefined;
}
