import type { SidePlan } from '../../agreement/plan/plan-for-side';
import { namePartyRole, nameWarehouseRole } from '../../room/room-names';
import { comparePrincipals } from './compare-principals';
import { listPrincipals } from './list-principals';

/** A role of an agreement's stack that stands for what is agreed no more. */
interface OutdatedRole {
  /** Its name. */
  readonly role: string;
  /** Place in the agreement where the version in force says otherwise. */
  readonly clause: string;
}

/**
 * Roles that let somebody else in than the version in force says, until the stack is drawn anew: of a warehouse whose leg was
 * left out, goes to somebody else or another way; of a party whose account is another. A party that was left out keeps its
 * role so long: doors know what it may say still.
 * @param drawn what the stack was drawn from
 */
export function listOutdatedRoles(inForce: SidePlan, drawn: SidePlan): readonly OutdatedRole[] {
  const changed = new Set(comparePrincipals(listPrincipals(drawn), listPrincipals(inForce)));
  const { id: agreement } = drawn.agreement;
  const find = (places: readonly string[], role: string) =>
    places
      .filter((place) => changed.has(place))
      .slice(0, 1)
      .map((clause) => ({ role, clause }));
  const kept = new Set(inForce.parties.map(({ id }) => id));
  return [
    ...drawn.legs
      .filter(({ via }) => via.kind === 'snowflake' || via.kind === 'gcs')
      .flatMap(({ id, via }) =>
        find([`legs.${id}.to`, `legs.${id}.via`, `legs.${id}.via.${via.kind}`], nameWarehouseRole(agreement, id)),
      ),
    ...drawn.parties
      .filter(({ id }) => kept.has(id))
      .flatMap(({ id }) => find([`parties.${id}.account`], namePartyRole(agreement, id))),
  ];
}
