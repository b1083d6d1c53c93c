import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { Commitment, ReleaseRecord } from '../../registry/round-records';
import { goesTheSameWay } from '../entitlements/is-treated-alike';

/**
 * The signed version under which a peer's room has said something: the one in force here, or one that was in force before. Which
 * one is in force where, and when, rooms find out one after the other. Undefined for any other, and for one still to come.
 */
export function versionOfWord(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  { version, content }: Pick<Commitment, 'version' | 'content'>,
): Plan | undefined {
  const found = versionNamed({ plan, conduct }, version);
  return found?.agreement.content === content ? found : undefined;
}

/**
 * By which version a round of peers is judged: the one under which all have promised it, so that every room judges alike.
 * Elsewhere it is the one in force.
 * @param releases those of the round
 */
export function versionOfRound(
  on: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  releases: readonly Pick<ReleaseRecord, 'version'>[],
): Plan {
  const [first, ...others] = new Set(releases.map(({ version }) => version));
  const isPromised = on.plan.side.kind === 'peer' && first !== undefined && others.length === 0;
  return (isPromised ? versionNamed(on, first) : undefined) ?? on.plan;
}

/**
 * Whether a leg was left out, or went another way, by a version that came after the one under which it was promised, though a later
 * one has it again: its round goes out without it, in every room alike, and nobody owes it there any more.
 */
export function hasFallenOut(
  { plan, conduct }: OfVersions,
  { leg, version }: Pick<ReleaseRecord, 'leg' | 'version'>,
): boolean {
  const { version: inForce } = plan.agreement;
  if (version === inForce) return false;
  const made = versionNamed({ plan, conduct }, version);
  const later = listHeld(conduct).filter(
    (each) => each.agreement.version > version && each.agreement.version < inForce,
  );
  return made === undefined || [...later, plan].some((each) => !goesTheSameWay(leg, made, each));
}

function versionNamed({ plan, conduct }: OfVersions, version: number): Plan | undefined {
  const { version: inForce } = plan.agreement;
  if (version === inForce) return plan;
  return listHeld(conduct).find(({ agreement }) => agreement.version === version && version < inForce);
}

interface OfVersions {
  readonly plan: Plan;
  readonly conduct: Pick<Conduct, 'versions'>;
}

/** One may be replaced before it begins. */
function listHeld({ versions }: Pick<Conduct, 'versions'>): readonly Plan[] {
  return versions.flatMap(({ plan, from, to }) => (to === undefined || from < to ? [plan] : []));
}
