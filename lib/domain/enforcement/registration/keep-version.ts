import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { Registry } from '../../registry/registry';
import { refuseMovedProducts } from './refuse-moved-products';

/** The agreement says something else than what was registered, and signed, under the same version. */
export class ChangedVersion extends Error {
  override readonly name = 'ChangedVersion';
}

/**
 * Puts what a version says on record, for good.
 * @param hash SHA-256 of the plan's canonical JSON (RFC 8785), hexadecimal
 * @param at UTC, ISO 8601
 * @throws ChangedVersion, MovedProduct
 */
export async function keepVersion(registry: Registry, plan: SidePlan, hash: string, at: string): Promise<void> {
  const { id: agreement, version, content } = plan.agreement;
  const versions = registry.versions(agreement);
  if ((await versions.read(version)) === undefined) await refuseMovedProducts(registry, plan);
  if (await versions.create({ agreement, version, content, hash, plan, registeredAt: at })) return;
  const onRecord = await versions.read(version);
  if (onRecord?.hash === hash && onRecord.content === content) return;
  throw new ChangedVersion(
    `Version ${version} of ${agreement} is on record with other terms (${onRecord?.content.slice(0, 12) ?? 'unreadable'}…, here ${content.slice(0, 12)}…). What was signed is not rewritten: raise \`version\` in the agreement and register it again.`,
  );
}
