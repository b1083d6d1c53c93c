import type { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import type { MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog';
import type { PlannedLeg } from '../../lib/domain/agreement/plan';
import { nameEntitlement, nameRelease } from '../../lib/domain/exchange/name-release';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import { addToProduct, isInProduct } from '../shared/exchange-products';
import { revokeRevision } from '../shared/exchange-revisions';
import { findLeg } from '../shared/find-leg';
import type { EntitlementService } from './entitlement-service';

interface ProductClients {
  readonly catalog: MarketplaceCatalogClient;
  readonly exchange: DataExchangeClient;
  readonly registry: Registry;
  readonly arnOf: (dataSet: string) => string;
}

/**
 * Products of AWS Data Exchange. One shows every final revision of its data sets, and no data set leaves it again: what is taken
 * back is revoked, revision by revision, for good, and on record as that.
 */
export function openProducts({ catalog, exchange, registry, arnOf }: ProductClients): EntitlementService {
  const wantedOf = (on: AgreementOnRecord, { id, via }: PlannedLeg) => {
    const dataSet = on.current.provisioned.dataSets[id];
    if (via.kind !== 'product' || dataSet === undefined) return undefined;
    return {
      product: via.productId,
      dataSet,
      dataSetArn: arnOf(dataSet),
      name: nameEntitlement(on.plan.agreement.id, id),
    };
  };
  return {
    kinds: ['product'],
    async list(on) {
      const legs = on.plan.legs.flatMap((leg) => {
        const wanted = wantedOf(on, leg);
        return wanted === undefined ? [] : [{ leg, wanted }];
      });
      const held = await Promise.all(
        legs.map(async ({ leg, wanted }) => ({ leg, wanted, isThere: await isInProduct(catalog, wanted) })),
      );
      return held.flatMap(({ leg: { id, to }, wanted, isThere }) => {
        const releases = on.conduct.releases.flatMap(({ leg, state, round }) =>
          leg === id && state === 'final' ? [round] : [],
        );
        if (!isThere || releases.length === 0) return [];
        const account = on.plan.parties.find((party) => party.id === to)?.account ?? '';
        return [{ kind: 'product' as const, leg: id, account, releases: releases.sort(), reference: wanted.product }];
      });
    },
    async apply(on, step) {
      const leg = findLeg(on, step.leg);
      const wanted = leg && wantedOf(on, leg);
      if (leg === undefined || wanted === undefined) throw new Error('No data set was made for the leg.');
      if (step.do === 'grant') await addToProduct(catalog, wanted);
      if (step.do === 'revoke' || step.do === 'withdraw')
        for (const day of step.releases) {
          const release = nameRelease(on.plan.agreement.id, leg.id, day);
          await revokeRevision(exchange, wanted.dataSet, release, `Withdrawn: ${step.reason}, ${step.clause}`);
          await registry
            .releases(on.plan.agreement.id)
            .change([day, leg.id], (each) => (each.state === 'revoked' ? undefined : { ...each, state: 'revoked' }));
        }
      return wanted.product;
    },
  };
}
