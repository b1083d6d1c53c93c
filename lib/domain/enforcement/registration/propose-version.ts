import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { Registry } from '../../registry/registry';
import { keepVersion } from './keep-version';

/** A version was proposed as an amendment of what is not in force. */
class NothingToAmend extends Error {
  override readonly name = 'NothingToAmend';
}

/**
 * Puts a version on record that waits for signatures while the stack goes on as the version in force says. Repeating it, also
 * when it has come into force meanwhile, changes nothing.
 * @param at UTC, ISO 8601
 * @throws NothingToAmend, ChangedVersion, MovedProduct
 */
export async function proposeVersion(registry: Registry, plan: SidePlan, hash: string, at: string): Promise<void> {
  const { id: agreement, version } = plan.agreement;
  const current = await registry.current(agreement).read();
  if (current === undefined || current.state === 'draft')
    throw new NothingToAmend(
      `Nothing of ${agreement} is in force that version ${version} could amend. Leave the file of version ${version} alone in the folder of agreements, or let all sign version ${current?.version ?? version - 1} first.`,
    );
  await keepVersion(registry, plan, hash, at);
  await registry
    .current(agreement)
    .change([], (record) =>
      version > Math.max(record.version, record.proposed ?? 0, record.waiting ?? 0)
        ? { ...record, proposed: version }
        : undefined,
    );
}
