import type { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import type { MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog';
import { goesByDataSet } from '../../lib/domain/agreement/plan/goes-by-data-set';
import type { Plan, PlannedLeg } from '../../lib/domain/agreement/plan/plan';
import type { ActualEntitlement } from '../../lib/domain/exchange/entitlements/diff-entitlements';
import { findVersionOf } from '../../lib/domain/exchange/entitlements/list-former-legs';
import { nameEntitlement } from '../../lib/domain/exchange/rounds/name-release';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import { addToProduct, isInProduct } from '../shared/exchange-products';
import { findLeg } from '../shared/find-leg';
import { labelOf, listShownReleases, revokeShown } from '../shared/shown-releases';
import type { EntitlementService, Recorded } from './entitlement-service';

interface ProductClients {
  readonly catalog: MarketplaceCatalogClient;
  readonly exchange: DataExchangeClient;
  readonly registry: Registry;
  readonly arnOf: (dataSet: string) => string;
}

/**
 * Products of AWS Data Exchange. One shows every final revision of its data sets, and no data set leaves it again: what is taken
 * back is revoked, revision by revision, for good, and on record as that. The catalogue forgets its changes after 60 days (AWS
 * Marketplace API reference, ListChangeSets): what was given once may be there for as long as it is not revoked.
 */
export function openProducts({ catalog, exchange, registry, arnOf }: ProductClients): EntitlementService {
  const wantedOf = (on: AgreementOnRecord, { id, via }: PlannedLeg) => {
    const dataSet = on.current.provisioned.dataSets[id];
    if (via.kind !== 'product' || dataSet === undefined) return undefined;
    return {
      product: via.productId,
      dataSet,
      dataSetArn: arnOf(dataSet),
      // A leg that was left out and is put back has another data set.
      name: `${nameEntitlement(on.plan.agreement.id, id)}/${dataSet}`,
    };
  };
  const see = async (on: AgreementOnRecord, leg: PlannedLeg, recorded: Recorded): Promise<ActualEntitlement[]> => {
    const wanted = wantedOf(on, leg);
    if (wanted === undefined) return [];
    const final = on.conduct.releases.filter((each) => each.leg === leg.id && each.state === 'final');
    const isLookedUp = recorded.releasesOf(leg.id) === undefined;
    const shown = isLookedUp ? (await listShownReleases(exchange, on, leg.id, wanted.dataSet)).map(labelOf) : [];
    const releases = [...new Set([...final.map(({ round }) => round), ...shown])];
    if (releases.length === 0) return [];
    const state = recorded.stateOf(leg.id);
    const isThere = state === 'granted' || (await isInProduct(catalog, wanted));
    if (!isThere && state === undefined) return [];
    const account = on.plan.parties.find(({ id }) => id === leg.to)?.account ?? '';
    const held = {
      kind: 'product',
      leg: leg.id,
      account,
      releases: releases.sort(),
      reference: wanted.product,
    } as const;
    return [isThere ? held : { ...held, isUnsure: true }];
  };
  /** By what its data set shows: the record of the leg is about another way, or ends with it. */
  const seeFormer = async (on: AgreementOnRecord, leg: PlannedLeg): Promise<ActualEntitlement[]> => {
    const wanted = wantedOf(on, leg);
    const releases =
      wanted === undefined ? [] : (await listShownReleases(exchange, on, leg.id, wanted.dataSet)).map(labelOf);
    if (wanted === undefined || releases.length === 0) return [];
    const under = findVersionOf(leg.to, on.plan, on.conduct.earlier);
    const account = under.parties.find(({ id }) => id === leg.to)?.account ?? '';
    return [{ kind: 'product', leg: leg.id, account, releases: releases.toSorted(), reference: wanted.product }];
  };
  return {
    kinds: ['product'],
    async list(on, recorded) {
      const seen = await Promise.all([
        ...on.plan.legs.map((leg) => see(on, leg, recorded)),
        ...listFormerProducts(on.plan, on.conduct.earlier).map((leg) => seeFormer(on, leg)),
      ]);
      return seen.flat();
    },
    async apply(on, step) {
      const inForce = findLeg(on, step.leg);
      const isOwn = inForce?.via.kind === 'product';
      const leg = isOwn ? inForce : listFormerProducts(on.plan, on.conduct.earlier).find(({ id }) => id === step.leg);
      const wanted = leg && wantedOf(on, leg);
      if (leg === undefined || wanted === undefined) throw new Error('No data set was made for the leg.');
      if (step.do === 'grant') await addToProduct(catalog, wanted);
      if (step.do === 'revoke' || step.do === 'withdraw') {
        const reason = `Withdrawn: ${step.reason}, ${step.clause}`;
        await revokeShown(exchange, on, { leg: leg.id, dataSet: wanted.dataSet }, step.releases, reason);
        // What comes another way by now is shown by that.
        const isGone = isOwn || inForce === undefined;
        const own = isGone ? on.conduct.releases.filter((each) => each.leg === leg.id) : [];
        for (const { round } of own.filter((each) => step.releases.includes(each.round)))
          await registry
            .releases(on.plan.agreement.id)
            .change([round, leg.id], (each) => (each.state === 'revoked' ? undefined : { ...each, state: 'revoked' }));
      }
      return wanted.product;
    },
  };
}

/**
 * Legs that came as a product by an earlier version, and do not go into a data set by the one in force. Where one does, that is
 * the same data set, and what is in it is that leg's: such a version is refused, see `keep-version.ts`.
 */
function listFormerProducts(plan: Plan, earlier: readonly Plan[]): readonly PlannedLeg[] {
  const own = new Set(plan.legs.filter(goesByDataSet).map(({ id }) => id));
  const had = earlier.flatMap(({ legs }) => legs).filter(({ id, via }) => via.kind === 'product' && !own.has(id));
  return [...new Map(had.map((leg) => [leg.id, leg])).values()];
}
