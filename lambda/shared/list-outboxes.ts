import { readPlan } from '../../lib/domain/registry/read-plan';
import { unlessUnreadable } from '../../lib/domain/registry/record-unreadable';
import type { Registry } from '../../lib/domain/registry/registry';
import { outboxPrefix } from '../../lib/domain/room/outbox-prefix';

/** The outbox of every party of every agreement on record, but of those that are settled. */
export async function listOutboxes(registry: Registry): Promise<readonly string[]> {
  const found = await Promise.all(
    (await registry.listAgreements()).map((agreement) => unlessUnreadable(listOwn(registry, agreement))),
  );
  return found.flatMap((each) => each ?? []);
}

async function listOwn(registry: Registry, agreement: string): Promise<readonly string[]> {
  const current = await registry.current(agreement).read();
  if (current === undefined || current.state === 'settled') return [];
  const plan = await readPlan(registry, agreement, current.version);
  return (plan?.parties ?? []).map(({ id }) => outboxPrefix(agreement, id));
}
