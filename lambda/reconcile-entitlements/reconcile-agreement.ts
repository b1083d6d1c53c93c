import { describeGrant } from '../../lib/domain/enforcement/policies/describe-grant';
import {
  type ActualEntitlement,
  diffEntitlements,
  type EntitlementStep,
} from '../../lib/domain/exchange/entitlements/diff-entitlements';
import type { Entitlement } from '../../lib/domain/exchange/entitlements/entitlement';
import { entitlementsAt } from '../../lib/domain/exchange/entitlements/entitlements-at';
import { findOver } from '../../lib/domain/exchange/rounds/find-over';
import type { ErasureRecord } from '../../lib/domain/registry/conduct-records';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/registry/read-conduct';
import { RecordUnreadable } from '../../lib/domain/registry/record-unreadable';
import type { Registry } from '../../lib/domain/registry/registry';
import type { EntitlementRecord } from '../../lib/domain/registry/round-records';
import { nameWarehouseRole } from '../../lib/domain/room/room-names';
import { describeError } from '../shared/describe-error';
import type { Log } from '../shared/log';
import { closeOutdatedRoles } from './close-outdated-roles';
import type { Depth, EntitlementService } from './entitlement-service';
import { keepTerms } from './keep-terms';
import { listActual } from './list-actual';
import { recordEntitled } from './record-entitled';
import { isNews, noteGiving, recordEntitlement, recordLeftOut } from './record-entitlements';
import type { RoleDoors } from './role-doors';
import { hearAndSee, type SeeGrants } from './see-grants';

export interface Reconciler {
  readonly registry: Registry;
  readonly services: readonly EntitlementService[];
  readonly roles: RoleDoors;
  /** Of a peer's room: what AWS tells of data grants that this account was given. */
  readonly seeGrants: SeeGrants;
  /** Schedules the deletion of the keys of an agreement that has ended. */
  readonly retire: (on: AgreementOnRecord) => Promise<number>;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
}

/** A release is not put where another may still read. */
class WarehouseNotClosed extends Error {
  override readonly name = 'WarehouseNotClosed';
}

/** What a look at an agreement came to. */
export interface Reconciled {
  /** Changes made. */
  readonly made: number;
  /**
   * Accounts, or roles, of which a change could not be made, and ways of delivery that could not be looked at; what is others'
   * was changed. The next run makes it, or fails again.
   */
  readonly failed: readonly string[];
  /** Why what follows from the terms could not be put on record, where that is so. The next run writes it, or fails again. */
  readonly unkept?: string;
  /** Why it could not be looked at what peers' rooms have granted, where that is so. The next run looks, or fails again. */
  readonly unasked?: string;
  /** What its parties are written about; nothing where nothing is on record. */
  readonly about?: { readonly on: AgreementOnRecord; readonly erasures: readonly ErasureRecord[] };
}

/**
 * Makes what the services hold for an agreement equal to what it says now, and puts every change on record with its clause. Where
 * what follows from the terms cannot be put on record first, what they withhold by the clock is taken back all the same, and
 * nothing is granted. Where not all on record can be read, the agreement is left as it is until it is over, and then all of it
 * is taken back.
 */
export async function reconcileAgreement(reconciler: Reconciler, agreement: string, depth: Depth): Promise<Reconciled> {
  try {
    return await reconcile(reconciler, await readFacts(reconciler, agreement), depth);
  } catch (error) {
    const facts = error instanceof RecordUnreadable ? await readWhatCanBe(reconciler, agreement, error) : undefined;
    if (facts === undefined) throw error;
    // What lies there is looked at, and not what is on record of it.
    return reconcile(reconciler, facts, 'full');
  }
}

/** What is known of an agreement when what it grants is computed. */
interface Facts {
  readonly agreement: string;
  /** Undefined where nothing is on record of it. */
  readonly on: AgreementOnRecord | undefined;
  readonly recorded: readonly EntitlementRecord[];
  readonly erasures: readonly ErasureRecord[];
  /** Why nothing is granted, and what is due is taken back alone. */
  readonly unkept?: string;
  /** Why it is not known what peers' rooms have granted. */
  readonly unasked?: string;
  /** That it is over, and some of its records are not among these. */
  readonly isPart?: true;
}

async function readFacts(reconciler: Reconciler, agreement: string): Promise<Facts> {
  const { registry } = reconciler;
  const found = await readConduct(registry, agreement);
  const erasures = await registry.erasures(agreement).list();
  const kept = await keepOrHold(reconciler, found, erasures);
  const recorded = await registry.entitlements(agreement).list();
  if (found === undefined && recorded.some(({ state }) => state === 'granted'))
    throw new RecordUnreadable('state', 'current', agreement);
  return { agreement, ...kept, erasures, recorded };
}

/** @returns undefined while it is not over: until then a record that cannot be read may say that something is granted */
async function readWhatCanBe(
  { registry, now, log }: Reconciler,
  agreement: string,
  error: RecordUnreadable,
): Promise<Facts | undefined> {
  const on = await readConduct(registry, agreement, 'what-can-be-read');
  if (on === undefined || findOver(on.plan, on.conduct, now()) === undefined) return undefined;
  const unkept = describeError(error);
  log.error('Not all on record can be read: the agreement is over, and all is taken back', {
    agreement,
    error: unkept,
  });
  const recorded = await registry.entitlements(agreement).listReadable();
  return { agreement, on, recorded, erasures: [], unkept, isPart: true };
}

/** What is to be, and what is. */
interface Compared {
  readonly desired: readonly Entitlement[];
  readonly actual: readonly ActualEntitlement[];
  readonly recorded: readonly EntitlementRecord[];
  /** Legs of which it is on record already that something is being given. */
  readonly noted: ReadonlySet<string>;
  /** Roles that stand for what is agreed no more, and could not be closed. */
  readonly unclosed: readonly string[];
  /** Of which kinds nothing is given. */
  readonly onlyTakes: (kind: Entitlement['kind']) => boolean;
}

/** Each holder's steps, one after the other. One of whom a step fails keeps no other from its own. */
async function takeSteps(
  reconciler: Reconciler,
  on: AgreementOnRecord,
  { desired, actual, recorded, noted, unclosed, onlyTakes }: Compared,
) {
  const references = new Map(
    actual.flatMap(({ leg, reference, isBeside }) => (isBeside === true ? [] : [[leg, reference] as const])),
  );
  const failed: string[] = [];
  const given = new Set<string | undefined>();
  let made = 0;
  for (const { account, steps } of diffEntitlements(desired, actual, recorded, on)) {
    try {
      for (const step of steps) {
        if (onlyTakes(step.kind) && !TAKES.has(step.do)) continue;
        refuseOpenRole(on, step, unclosed);
        await recordDrift(reconciler, on, step);
        if (isGiving(reconciler, step)) {
          if (!noted.has(step.leg ?? '')) await noteGiving(reconciler, on, step, desired);
          given.add(step.leg);
        }
        const reference = await applyStep(reconciler, on, step, desired);
        // Another holder's that was taken back names nothing that stands.
        if (step.do !== 'revoke') references.set(step.leg, reference);
        made += 1;
      }
    } catch (error) {
      failed.push(account);
      const { agreement } = on.current;
      reconciler.log.error('An entitlement was not changed', { agreement, account, error: describeError(error) });
    }
  }
  return { made, references, failed, given };
}

async function reconcile(
  reconciler: Reconciler,
  { agreement, on, recorded, erasures, unkept, unasked, isPart }: Facts,
  depth: Depth,
): Promise<Reconciled> {
  const { registry, retire, now, log } = reconciler;
  if (on === undefined) {
    log.error('Nothing is on record of the agreement: nothing is granted', { agreement });
    return { made: 0, failed: [] };
  }
  const desired = entitlementsAt(on.plan, on.conduct, now());
  const { entitlements: actual, unseen } = await listActual(reconciler, on, recorded, depth, isPart);
  const onlyTakes = (kind: Entitlement['kind']) => unkept !== undefined || unseen.has(kind);
  // What is permitted is on record before it is granted; what is not, once it is taken back.
  const changed = desired.filter(
    (each) => isNews(on, each, recorded, unseen) && (each.effect === 'withhold' || !onlyTakes(each.kind)),
  );
  const decide = async (effect: Entitlement['effect'], but: ReadonlySet<string>) => {
    for (const each of changed)
      if (each.effect === effect && !but.has(each.account))
        await registry.standing(agreement).create(describeGrant(on.plan, each, now()));
  };
  const noted = await noteFirst(reconciler, on, changed, recorded);
  await decide('grant', new Set());
  // What is taken away comes first: before a release goes where another may still read.
  const unclosed = isPart === true ? [] : await closeOutdatedRoles(reconciler, on, depth);
  const compared = { desired, actual, recorded, noted, unclosed, onlyTakes };
  const { made, references, failed, given } = await takeSteps(reconciler, on, compared);
  const failures = new Set([...unclosed, ...unseen, ...failed]);
  // From what there is now and not from the steps: a run that ended between the two left a change without its record.
  await decide('withhold', failures);
  const known = new Map(recorded.map((each) => [each.leg, each]));
  // What was removed by hand is granted by another name since.
  const isRenamed = ({ leg, effect }: Entitlement) => {
    const { state, reference } = known.get(leg) ?? {};
    return effect === 'grant' && state === 'granted' && (references.get(leg) ?? reference) !== reference;
  };
  const isNew = (each: Entitlement) => changed.includes(each) || isRenamed(each) || given.has(each.leg);
  for (const entitlement of desired.filter(isNew))
    if (!failures.has(entitlement.account))
      await recordEntitlement(reconciler, on, entitlement, unseen, references.get(entitlement.leg));
  await recordEntitled(reconciler, on, recorded, unseen);
  if (failures.size === 0) await recordLeftOut(reconciler, on, recorded, desired);
  // Only where it is looked at in full: once a day is soon enough, and asking for every key each time is not cheap.
  if (depth === 'full') {
    const retired = await retire(on);
    if (retired > 0)
      log.info('The keys of an agreement that has ended are to be deleted', { agreement, keys: retired });
  }
  return {
    made,
    failed: [...failures],
    ...(unkept === undefined ? {} : { unkept }),
    ...(unasked === undefined ? {} : { unasked }),
    ...(isPart === true ? {} : { about: { on, erasures } }),
  };
}

/**
 * What is to be granted for the first time is on record before it is permitted: else a run that ends between the two leaves a
 * permission that nothing takes back, should it be withheld by the next.
 * @returns ids of its legs
 */
async function noteFirst(
  reconciler: Reconciler,
  on: AgreementOnRecord,
  changed: readonly Entitlement[],
  recorded: readonly EntitlementRecord[],
): Promise<ReadonlySet<string>> {
  const known = new Set(recorded.map(({ leg }) => leg));
  const first = changed.filter(({ effect, leg }) => effect === 'grant' && !known.has(leg));
  for (const entitlement of first) await noteGiving(reconciler, on, entitlement, first);
  return new Set(first.map(({ leg }) => leg));
}

const TAKES: ReadonlySet<EntitlementStep['do']> = new Set(['revoke', 'withdraw']);

/** By the API nothing is given but by the record. */
function isGiving({ services }: Reconciler, { do: change, kind }: EntitlementStep): boolean {
  return !TAKES.has(change) && services.some(({ kinds }) => kinds.includes(kind));
}

/**
 * Puts on record what follows from the terms.
 * @returns what is on record then; where it cannot be written, what was before, and why
 */
async function keepOrHold(
  reconciler: Reconciler,
  found: AgreementOnRecord | undefined,
  erasures: readonly ErasureRecord[],
): Promise<Pick<Facts, 'on' | 'unkept' | 'unasked'>> {
  const { registry, now, log } = reconciler;
  if (found === undefined) return { on: undefined };
  try {
    const peers = await hearAndSee(reconciler, found);
    const on = await keepTerms(registry, found, erasures, peers, now(), log);
    const { unasked } = peers.grants;
    return unasked === undefined ? { on } : { on, unasked };
  } catch (error) {
    const unkept = describeError(error);
    log.error('What follows from the terms was not put on record: nothing is granted', {
      agreement: found.current.agreement,
      error: unkept,
    });
    return { on: found, unkept };
  }
}

async function applyStep(
  { services, log }: Reconciler,
  on: AgreementOnRecord,
  step: EntitlementStep,
  desired: readonly Entitlement[],
): Promise<string> {
  const { agreement } = on.current;
  // What the leg is to show when the step is done: a holder that loses it takes nothing from the one that keeps it.
  const releases = desired.find(({ leg, effect }) => leg === step.leg && effect === 'grant')?.releases ?? [];
  const service = services.find(({ kinds }) => kinds.includes(step.kind));
  const reference = (await service?.apply(on, step, releases)) ?? step.leg ?? '';
  const { leg = 'none', account, clause, reason } = step;
  log.info('Entitlement changed', { agreement, leg, account, change: step.do, clause, reason });
  return reference;
}

/** Before it is put back: a run that ends between the two leaves it on record. */
async function recordDrift(
  { registry, now, log }: Reconciler,
  { current: { agreement } }: AgreementOnRecord,
  { leg = 'none', account, clause, reason, drift: did }: EntitlementStep,
): Promise<void> {
  if (did === undefined) return;
  const at = now();
  log.warn('An entitlement was changed by hand, and is put back', { agreement, leg, account, drift: did });
  await registry.drifts(agreement).create({ agreement, day: at.slice(0, 10), account, leg, did, clause, reason, at });
}

/** What somebody else could read is not put there. */
function refuseOpenRole({ plan }: AgreementOnRecord, step: EntitlementStep, unclosed: readonly string[]): void {
  const isGiven = step.do === 'grant' || step.do === 'show';
  if (isGiven && unclosed.includes(nameWarehouseRole(plan.agreement.id, step.leg ?? '')))
    throw new WarehouseNotClosed(
      `${step.leg}: its warehouse role is that of another version, and could not be closed.`,
    );
}
