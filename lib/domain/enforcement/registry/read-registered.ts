import { lastDayOf, type RegisteredAgreement } from '../registered-agreement';
import { remediesAt } from '../remedies-at';
import { suspensionsOf } from '../suspensions-of';
import { readPlan } from './read-plan';
import type { Registry } from './registry';

/**
 * The version of an agreement that is in force, for a door that has to answer at once; undefined where nothing is on record,
 * or it does not hang together.
 * @param now UTC, ISO 8601
 */
export async function readRegistered(
  registry: Registry,
  agreement: string,
  now: string,
): Promise<RegisteredAgreement | undefined> {
  const current = await registry.current(agreement).read();
  if (current === undefined) return undefined;
  const [plan, version, breaches] = await Promise.all([
    readPlan(registry, agreement, current.version),
    registry.versions(agreement).read(current.version),
    registry.breaches(agreement).list(),
  ]);
  if (plan === undefined || version === undefined) return undefined;
  return {
    plan,
    hash: version.hash,
    state: current.removedAt === undefined ? current.state : 'removed',
    provisioned: current.provisioned,
    lastDay: lastDayOf(plan, current.ending),
    suspendedParties: [...new Set(suspensionsOf(plan, remediesAt(plan, breaches, now)).map(({ party }) => party))],
  };
}
