import { listOutdatedRoles } from '../../lib/domain/enforcement/registration/list-outdated-roles';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import { readPlan } from '../../lib/domain/registry/read-plan';
import type { Registry } from '../../lib/domain/registry/registry';
import type { ClosureRecord } from '../../lib/domain/registry/round-records';
import type { Log } from '../shared/log';
import type { Depth } from './entitlement-service';
import type { RoleDoors } from './role-doors';

interface RoleKeeper {
  readonly registry: Registry;
  readonly roles: RoleDoors;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
}

/**
 * Closes the roles that an amendment made outdated, until the stack is drawn from the version in force; then opens those that
 * stand. Each is on record, before it is opened and after it is closed.
 * @param depth `full`: also looks whether what is on record as closed is
 * @returns roles of which that failed
 */
export async function closeOutdatedRoles(
  { registry, roles, now, log }: RoleKeeper,
  { plan, current: { agreement, version, provisioned } }: AgreementOnRecord,
  depth: Depth,
): Promise<readonly string[]> {
  const closures = registry.closures(agreement);
  const known = await closures.list();
  const drawn =
    provisioned.version === undefined || provisioned.version === version
      ? undefined
      : await readPlan(registry, agreement, provisioned.version);
  const outdated = drawn === undefined ? [] : listOutdatedRoles(plan, drawn);
  const record = async (role: string, state: ClosureRecord['state'], clause: string) => {
    const next = { agreement, role, version, state, clause, at: now() };
    if (!(await closures.create(next))) await closures.change([role], () => next);
    log.info('A role was closed, or opened', { agreement, role, state, clause, version });
  };
  const failed: string[] = [];
  const attempt = async (role: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failed.push(role);
      const why = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
      log.error('A role was not closed, or opened', { agreement, role, error: why });
    }
  };
  const isClosed = (role: string) => known.some((each) => each.role === role && each.state === 'closed');
  for (const { role, clause } of outdated) {
    if (isClosed(role) && depth === 'quick') continue;
    await attempt(role, async () => {
      const was = await roles.close(role);
      if (was === 'open' && isClosed(role)) log.warn('A role was opened by hand, and is closed', { agreement, role });
      if (!isClosed(role)) await record(role, 'closed', clause);
    });
  }
  for (const { role, state, clause } of known) {
    if (state !== 'closed' || outdated.some((each) => each.role === role)) continue;
    await attempt(role, async () => {
      await roles.open(role);
      await record(role, 'open', clause);
    });
  }
  return failed;
}
