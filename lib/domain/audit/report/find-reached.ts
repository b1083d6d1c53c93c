import { type AgreementInForce, isInForce } from '../../agreement/agreement-in-force';
import type { Access, Resource } from '../access';
import type { Candidate, LegJoin } from '../attribution/attribution';
import { findLegs } from '../attribution/find-legs';

/** The leg whose data lie where somebody was. */
export type ReachedLeg = Pick<Candidate, 'agreement' | 'leg'>;

/**
 * Finds whose data an access reached of which nobody knows whose it was: by its place alone, and by the versions in force then, or,
 * where none of these has it, by all. Where several legs have the place none is told.
 */
export function findReached(access: Access, agreements: readonly AgreementInForce[]): ReachedLeg | undefined {
  const then = listReached(
    access,
    agreements.filter((each) => isInForce(each, access.at)),
  );
  const found = then.length > 0 ? then : listReached(access, agreements);
  const legs = new Set(found.map(({ agreement, leg }) => `${agreement.id} ${leg}`));
  return legs.size === 1 ? found.at(-1) : undefined;
}

function listReached(access: Access, agreements: readonly AgreementInForce[]): readonly ReachedLeg[] {
  return agreements.flatMap((each) => {
    const legs = findLegs(each, access, NO_QUERIES);
    const { id, version } = each.plan.agreement;
    if (legs === undefined || !BY_PLACE.has(legs.join)) return [];
    return legs.places.map(({ leg }) => ({ agreement: { id, version }, leg }));
  });
}

const NO_QUERIES: ReadonlyMap<string, Resource> = new Map();

/** Others follow from who it was. */
const BY_PLACE: ReadonlySet<LegJoin> = new Set(['object', 'decrypted-object', 'table', 'data-set', 'key']);
