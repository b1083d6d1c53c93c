import type { Plan } from '../../agreement/plan/plan';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { Commitment, ReleaseRecord } from '../../registry/round-records';

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

function versionNamed(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  version: number,
): Plan | undefined {
  const { version: inForce } = plan.agreement;
  if (version === inForce) return plan;
  const held = conduct.versions.filter(({ from, to }) => to === undefined || from < to);
  return held.find((each) => each.plan.agreement.version === version && version < inForce)?.plan;
}
