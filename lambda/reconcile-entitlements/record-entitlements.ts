import { describeGrant } from '../../lib/domain/enforcement/policies/describe-grant';
import type { EntitlementStep } from '../../lib/domain/exchange/entitlements/diff-entitlements';
import type { Entitlement } from '../../lib/domain/exchange/entitlements/entitlement';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { EntitlementRecord } from '../../lib/domain/registry/round-records';

interface Recorder {
  readonly registry: Registry;
  /** UTC, ISO 8601. */
  readonly now: () => string;
}

/**
 * Whether it is not on record as it is now, by the version in force. What was being given when a run broke off may be there: only
 * who looks can say that it is not.
 * @param unseen ways of delivery that could not be looked at
 */
export function isNews(
  { current }: AgreementOnRecord,
  { leg, effect, releases }: Entitlement,
  recorded: readonly EntitlementRecord[],
  unseen: ReadonlySet<Entitlement['kind']>,
): boolean {
  const before = recorded.find((each) => each.leg === leg);
  if (before === undefined) return effect === 'grant';
  // What is on record as granted is taken back unseen.
  const isUnseen = [...unseen].some((kind) => kind === before.kind);
  if (before.giving === true) return !isUnseen || (before.state === 'granted' && effect === 'withhold');
  const state = effect === 'grant' ? 'granted' : 'revoked';
  return before.state !== state || before.version !== current.version || !same(before.releases, releases);
}

/** @param unseen ways of delivery that could not be looked at: there may be left what was being given */
export async function recordEntitlement(
  { registry, now }: Recorder,
  { current: { agreement, version } }: AgreementOnRecord,
  { leg, party, kind, effect, releases, clause, reason }: Entitlement,
  unseen: ReadonlySet<Entitlement['kind']>,
  reference = leg,
): Promise<void> {
  const state = effect === 'grant' ? ('granted' as const) : ('revoked' as const);
  const common = { agreement, version, leg, party, kind, clause, reason, reference };
  const record = { ...common, state, releases: [...releases], at: now() };
  if (!(await registry.entitlements(agreement).create(record)))
    await registry.entitlements(agreement).change([leg], ({ dataSets, giving }) => ({
      ...record,
      ...(dataSets !== undefined && { dataSets }),
      ...(giving === true && unseen.has(kind) && { giving }),
    }));
}

/** What is on record as granted, by a leg that the version in force has no more: it is granted no longer, and no read of it permitted. */
export async function recordLeftOut(
  { registry, now }: Recorder,
  { plan, current: { agreement, version } }: AgreementOnRecord,
  recorded: readonly EntitlementRecord[],
  desired: readonly Entitlement[],
): Promise<void> {
  const agreed = new Set(desired.map(({ leg }) => leg));
  for (const { leg, party, state } of recorded) {
    if (state !== 'granted' || agreed.has(leg)) continue;
    const why = { clause: 'legs', reason: 'not-agreed' };
    await registry.standing(agreement).create(describeGrant(plan, { leg, party, effect: 'withhold', ...why }, now()));
    await registry
      .entitlements(agreement)
      .change([leg], (each) => ({ ...each, ...why, version, state: 'revoked', releases: [], at: now() }));
  }
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each, index) => each === right[index]);
}

/**
 * Before something is given: a run that ends between the two leaves it on record that what stands there need not be all. What is
 * withheld by the next is then looked for, and taken back with what nobody wrote down.
 */
export async function noteGiving(
  { registry, now }: Recorder,
  { current: { agreement, version } }: AgreementOnRecord,
  { leg }: Pick<EntitlementStep, 'leg'>,
  desired: readonly Entitlement[],
): Promise<void> {
  const entitlement = desired.find((each) => each.leg === leg);
  if (entitlement === undefined) return;
  const { party, kind, clause, reason } = entitlement;
  const nothing = { agreement, version, leg: entitlement.leg, party, kind, clause, reason, releases: [], at: now() };
  if (!(await registry.entitlements(agreement).create({ ...nothing, state: 'revoked', giving: true })))
    await registry
      .entitlements(agreement)
      .change([entitlement.leg], (each) => (each.giving === true ? undefined : { ...each, giving: true }));
}
