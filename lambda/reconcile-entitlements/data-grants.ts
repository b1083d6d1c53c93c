import type { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import type { EntitlementStep } from '../../lib/domain/exchange/entitlements/diff-entitlements';
import { listSurplus } from '../../lib/domain/exchange/rounds/list-surplus';
import { nameEntitlement } from '../../lib/domain/exchange/rounds/name-release';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import { type GivenGrant, giveGrant, listGrants, withdrawGrant } from '../shared/exchange-grants';
import { labelOf, listShownReleases, revokeShown } from '../shared/shown-releases';
import type { EntitlementService } from './entitlement-service';

/**
 * Data grants of AWS Data Exchange. A grant shows every finalised revision of its data set, so what it reaches is what was
 * finalised and not revoked; an end of the grant leaves the receiver what it exported.
 */
export function openDataGrants(client: DataExchangeClient): EntitlementService {
  let given: Promise<GivenGrant[]> | undefined;
  // One look serves all agreements of a run: nobody else changes anything meanwhile.
  const look = () => {
    given ??= listGrants(client);
    return given;
  };
  const lookAt = async ({ current }: AgreementOnRecord) => {
    const legs = new Map(Object.entries(current.provisioned.dataSets).map(([leg, id]) => [id, leg]));
    return (await look()).flatMap((grant) => {
      const leg = legs.get(grant.dataSet);
      return leg === undefined ? [] : [{ ...grant, leg }];
    });
  };
  return {
    kinds: ['data-grant'],
    async list(on, recorded) {
      const own = await lookAt(on);
      return Promise.all(
        own.map(async ({ id, leg, dataSet, receiver }) => {
          const releases = recorded.releasesOf(leg) ?? (await listShownReleases(client, on, leg, dataSet)).map(labelOf);
          return { kind: 'data-grant', leg, account: receiver, releases, reference: id } as const;
        }),
      );
    },
    async listEntitled(on) {
      return (await lookAt(on)).map(({ leg, entitled }) => ({ leg, dataSet: entitled }));
    },
    async apply(on, step) {
      const dataSet = step.leg === undefined ? undefined : on.current.provisioned.dataSets[step.leg];
      switch (step.do) {
        case 'grant': {
          if (step.leg === undefined || dataSet === undefined) throw new Error('No data set was made for the leg.');
          const receiver = step.account;
          const standing = (await look()).find((each) => each.dataSet === dataSet && each.receiver === receiver);
          if (standing !== undefined) return standing.id;
          // A grant shows all that is final: what was withdrawn while nobody had one goes first.
          const shown = await listShownReleases(client, on, step.leg, dataSet);
          const days = shown.flatMap(({ day }) => day ?? []);
          const others = shown.filter(({ day }) => day === undefined).map(labelOf);
          const releases = [...listSurplus(on.conduct, days, step.releases), ...others];
          await revoke(client, on, dataSet, { ...step, releases });
          const grant = await giveGrant(client, { dataSet, receiver }, nameEntitlement(on.plan.agreement.id, step.leg));
          (await look()).push(grant);
          return grant.id;
        }
        case 'revoke': {
          await withdrawGrant(client, step.reference ?? '');
          // Where they could not be looked at, what is on record is taken back all the same.
          const known = await given?.catch(() => undefined);
          if (known !== undefined) given = Promise.resolve(known.filter(({ id }) => id !== step.reference));
          return step.reference ?? '';
        }
        case 'withdraw':
          await revoke(client, on, dataSet ?? '', step);
          return step.reference ?? '';
        case 'show':
          // Publication finalised it: the grant shows it since.
          return step.reference ?? '';
      }
    },
  };
}

async function revoke(
  client: DataExchangeClient,
  on: AgreementOnRecord,
  dataSet: string,
  { leg = '', releases, reason, clause }: EntitlementStep,
): Promise<void> {
  await revokeShown(client, on, { leg, dataSet }, releases, `Withdrawn: ${reason}, ${clause}`);
}
