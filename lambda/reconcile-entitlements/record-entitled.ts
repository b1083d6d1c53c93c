import type { Entitlement } from '../../lib/domain/exchange/entitlements/entitlement';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { EntitlementRecord } from '../../lib/domain/registry/round-records';
import type { EntitlementService } from './entitlement-service';

/** A grant is given anew after each suspension: the latest are kept, and no record grows without end. */
const MOST_KEPT = 1000;

/**
 * Puts on record which data sets grants have made in their receivers' accounts, so that the audit knows whose leg an export is
 * of: from what stands, and not from what was done, so that a run that ended between the two is made up for by the next.
 * @param recorded as this run found it: where nothing is new, nothing is read
 * @param unseen of whose services nothing can be told now
 */
export async function recordEntitled(
  { registry, services }: { readonly registry: Registry; readonly services: readonly EntitlementService[] },
  on: AgreementOnRecord,
  recorded: readonly EntitlementRecord[],
  unseen: ReadonlySet<Entitlement['kind']>,
): Promise<void> {
  const seen = services.filter(({ kinds }) => !kinds.some((kind) => unseen.has(kind)));
  const held = await Promise.all(seen.map(async (service) => (await service.listEntitled?.(on)) ?? []));
  const known = new Map(recorded.map(({ leg, dataSets = [] }) => [leg, dataSets]));
  for (const { leg, dataSet } of held.flat()) {
    if (dataSet === '' || known.get(leg)?.includes(dataSet)) continue;
    await registry.entitlements(on.current.agreement).change([leg], (each) => {
      const { dataSets = [] } = each;
      return dataSets.includes(dataSet) ? undefined : { ...each, dataSets: [...dataSets, dataSet].slice(-MOST_KEPT) };
    });
  }
}
