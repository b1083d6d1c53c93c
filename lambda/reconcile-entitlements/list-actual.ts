import type { ActualEntitlement } from '../../lib/domain/exchange/entitlements/diff-entitlements';
import type { Entitlement } from '../../lib/domain/exchange/entitlements/entitlement';
import { leaveOutUnderWay } from '../../lib/domain/exchange/rounds/list-surplus';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { EntitlementRecord } from '../../lib/domain/registry/round-records';
import { describeError } from '../shared/describe-error';
import type { Log } from '../shared/log';
import type { Depth, EntitlementService, Recorded } from './entitlement-service';

/** What there is of an agreement's entitlements. */
interface Actual {
  readonly entitlements: readonly ActualEntitlement[];
  /** Ways of delivery whose service could not be looked at: what is told of these is on record, and may be otherwise. */
  readonly unseen: ReadonlySet<Entitlement['kind']>;
}

/**
 * Looks what the services hold for an agreement. One that cannot be looked at keeps nothing of the others', and of its own what
 * is on record as granted can still be taken back.
 * @param isPart what was made for it may not be known, and nothing is looked up by it: all on record as granted counts
 */
export async function listActual(
  { services, log }: { readonly services: readonly EntitlementService[]; readonly log: Log },
  on: AgreementOnRecord,
  recorded: readonly EntitlementRecord[],
  depth: Depth,
  isPart = false,
): Promise<Actual> {
  const granted = recorded.filter(({ state }) => state === 'granted');
  const looks = await Promise.allSettled(
    services.map(async (service) => service.list(on, describeRecorded(recorded, depth))),
  );
  const unseen = new Set<Entitlement['kind']>();
  const held = looks.flatMap((look, index) => {
    if (look.status === 'fulfilled') return look.value;
    const { kinds } = services[index]!;
    for (const kind of kinds) unseen.add(kind);
    const { agreement } = on.current;
    log.error('What is granted could not be looked at', {
      agreement,
      kinds: kinds.join(', '),
      error: describeError(look.reason),
    });
    return [];
  });
  const served = new Set(services.flatMap(({ kinds }) => kinds));
  const notSeen = isPart ? new Set(services.flatMap(({ kinds }) => kinds)) : unseen;
  const byRecord = granted.flatMap((record): ActualEntitlement[] => {
    const kind = [...notSeen].find((each) => each === record.kind);
    const isSeen = held.some(({ leg, isBeside }) => leg === record.leg && isBeside !== true);
    return kind === undefined || isSeen ? [] : [describe(on, kind, record)];
  });
  // What no service holds (the API asks the record itself) is as it is on record.
  const own = on.plan.legs.flatMap(({ id, via, to }): ActualEntitlement[] => {
    const record = granted.find(({ leg }) => leg === id);
    return served.has(via.kind) || record === undefined
      ? []
      : [describe(on, via.kind, { ...record, party: to, reference: id })];
  });
  const settled = held.map((each) => ({ ...each, releases: leaveOutUnderWay(on.conduct, each.releases) }));
  return { entitlements: [...settled, ...byRecord, ...own], unseen };
}

function describeRecorded(recorded: readonly EntitlementRecord[], depth: Depth): Recorded {
  const known = new Map(recorded.map((each) => [each.leg, each]));
  return {
    releasesOf(leg) {
      const record = known.get(leg);
      if (depth === 'full' || record?.giving === true) return undefined;
      return record?.state === 'granted' ? record.releases : [];
    },
    stateOf: (leg) => known.get(leg)?.state,
  };
}

function describe(
  { plan }: AgreementOnRecord,
  kind: Entitlement['kind'],
  { leg, party, releases, reference = leg }: EntitlementRecord,
): ActualEntitlement {
  const account = plan.parties.find(({ id }) => id === party)?.account ?? '';
  return { kind, leg, account, releases, reference };
}
