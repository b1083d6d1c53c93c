import { lastDayOf, type RegisteredAgreement } from '../registered-agreement';
import { readPlan } from './read-plan';
import type { Registry } from './registry';

/**
 * The version of an agreement that is in force, for a door that has to answer at once; undefined where nothing is on record,
 * or it does not hang together.
 */
export async function readRegistered(registry: Registry, agreement: string): Promise<RegisteredAgreement | undefined> {
  const current = await registry.current(agreement).read();
  if (current === undefined) return undefined;
  const [plan, version] = await Promise.all([
    readPlan(registry, agreement, current.version),
    registry.versions(agreement).read(current.version),
  ]);
  if (plan === undefined || version === undefined) return undefined;
  return {
    plan,
    hash: version.hash,
    state: current.removedAt === undefined ? current.state : 'removed',
    provisioned: current.provisioned,
    lastDay: lastDayOf(plan, current.ending),
  };
}
