import type { AgreementState } from '../../../lib/domain/agreement/lifecycle';
import { addDuration } from '../../../lib/domain/agreement/periods/duration';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { planForSide, type SidePlan } from '../../../lib/domain/agreement/plan/plan-for-side';
import type { VersionSignature } from '../../../lib/domain/agreement/signature';
import { listSignedVersions } from '../../../lib/domain/audit/attribution/list-signed-versions';
import { remediesAt } from '../../../lib/domain/enforcement/breaches/remedies-at';
import { suspensionsOf } from '../../../lib/domain/enforcement/breaches/suspensions-of';
import { compilePolicies } from '../../../lib/domain/enforcement/policies/compile-policies';
import { decide } from '../../../lib/domain/enforcement/policies/decide';
import { advanceAgreement } from '../../../lib/domain/enforcement/registration/advance-agreement';
import { judgePause } from '../../../lib/domain/enforcement/words/judge-pause';
import type { ActualEntitlement } from '../../../lib/domain/exchange/entitlements/diff-entitlements';
import { diffEntitlements } from '../../../lib/domain/exchange/entitlements/diff-entitlements';
import { entitlementsAt } from '../../../lib/domain/exchange/entitlements/entitlements-at';
import { giveNotice, judgeDestruction, settle } from '../../../lib/domain/exchange/entitlements/plan-exit';
import { judgeRetention } from '../../../lib/domain/exchange/entitlements/plan-retention';
import { judgeErasures } from '../../../lib/domain/exchange/erasure/plan-erasure';
import { findAmended, isOutdated } from '../../../lib/domain/exchange/peers/find-amended';
import { listReceivedLegs } from '../../../lib/domain/exchange/peers/list-received-legs';
import { judgeDeliveries } from '../../../lib/domain/exchange/rounds/judge-deliveries';
import { listRounds } from '../../../lib/domain/exchange/rounds/list-rounds';
import { planPublication } from '../../../lib/domain/exchange/rounds/plan-publication';
import type { CurrentRecord } from '../../../lib/domain/registry/agreement-records';
import { type BreachKind, triggerOf } from '../../../lib/domain/registry/breach-kinds';
import type { Conduct } from '../../../lib/domain/registry/conduct';
import type { AttestationRecord, BreachRecord, ReleaseAttestation } from '../../../lib/domain/registry/conduct-records';
import { findEnd } from '../../../lib/domain/registry/find-end';
import { listHolders, listPauses } from '../../../lib/domain/registry/list-pauses';
import { lastDayOf } from '../../../lib/domain/registry/registered-agreement';
import type { ReleaseRecord, RoundRecord } from '../../../lib/domain/registry/round-records';
import { whenBegan } from '../../../lib/domain/registry/when-began';
import { openCedarEngine } from '../../../lib/policy/cedar-engine';
import { breachOf, releaseOf, roundOf } from '../../fixtures/conduct';
import { askAndConfirm, checkErased, type ErasedPeople, fillRelease, nobodyErased } from '../../fixtures/erased-people';
import { attestationOf, releaseAttestationsOf } from '../../fixtures/party-keys';
import { NOTHING_MADE, signatureOf } from '../../fixtures/registered';
import { makeCrowdedPlan } from '../../fixtures/sample-plan';
import { seedRandom } from '../../fixtures/seed-random';

/*
 * A year of ten parties, day by day, on a seeded clock: late deliveries, failures in the middle of a publication, breaches,
 * a person who overrules, amendments that leave out and add legs, change treatments, periods and the day that they are counted
 * from, versions that somebody alters in the registry, quotas, releases whose time is over and is said to be destroyed or is not,
 * permissions that somebody gives by hand, people who ask to be erased, and in the end a notice and the exit.
 */

const PARTIES = 10;
const LEGS = 20;
/** Of those legs that have a quota. */
const MOST_REQUESTS = 3;

interface Year {
  /** In force; before it, versions that were. */
  plan: SidePlan;
  earlier: readonly SidePlan[];
  /** A later version that waits for signatures, or for its first day. */
  next?: SidePlan;
  current: CurrentRecord;
  /** Of all versions. */
  signatures: VersionSignature[];
  rounds: RoundRecord[];
  releases: ReleaseRecord[];
  breaches: BreachRecord[];
  attestations: AttestationRecord[];
  releaseAttestations: ReleaseAttestation[];
  actual: ActualEntitlement[];
  /** Who has said that it stands still, and not that it goes on. */
  still: Set<string>;
  readonly people: ErasedPeople;
}

const KINDS: readonly BreachKind[] = ['outside-purpose', 'bulk-read', 'foreign-network', 'resharing', 'over-quota'];

function planYear(): SidePlan {
  const plan = makeCrowdedPlan(PARTIES, LEGS);
  const year: Plan = {
    ...plan,
    legs: plan.legs.map((leg, at) => ({
      ...leg,
      every: at % 3 === 0 ? 'P14D' : 'P1M',
      retain: 'P60D',
      ...(at % 2 === 0 && { quota: { requests: MOST_REQUESTS } }),
    })),
    remedies: [
      { on: 'late-delivery', after: 'P3D', do: 'suspend-counterpart' },
      { on: 'late-delivery', after: 'P10D', do: 'suspend-party' },
      { on: 'forbidden-access', after: 'P1D', do: 'throttle' },
      { on: 'forbidden-access', after: 'P2D', do: 'suspend-party' },
      { on: 'resharing', do: 'revoke' },
    ],
  };
  return planForSide(year, { kind: 'hosted' });
}

type Legs = Plan['legs'];
const change = (legs: Legs, at: readonly number[], changed: Partial<Legs[number]>): Legs =>
  legs.map((leg, index) => (at.includes(index) ? { ...leg, ...changed } : leg));

/** By the day on which it is proposed: what a version says otherwise than the one before. */
const AMENDMENTS = new Map<number, (plan: SidePlan) => Partial<Plan>>([
  // Two rounds wait by then for a party that is late: what was given for them is treated otherwise now.
  [
    60,
    ({ legs, remedies }) => ({
      // Hastened.
      remedies: remedies.map((each) => (each.after === 'P3D' ? { ...each, after: 'P1D' } : each)),
      legs: change(legs, [1], { every: 'P7D' })
        .filter((_, at) => at !== 4 && at !== 11)
        .map((leg) => ({ ...leg, watermark: 0.01 })),
    }),
  ],
  [
    130,
    ({ legs, remedies }) => ({
      remedies: [...remedies, { on: 'forbidden-access', do: 'warn' }, { on: 'late-delivery', do: 'suspend-party' }],
      legs: [...legs, { ...legs[2]!, id: 'party-3-party-9', to: 'party-9', every: 'P7D' }],
    }),
  ],
  // It waits for its first day, from which rounds are counted then; a leg that was left out is back.
  [
    195,
    ({ term, legs }) => ({
      term: { ...term, starts: '2026-07-20' },
      legs: [...legs.map((leg) => ({ ...leg, retain: 'P30D' })), { ...planYear().legs[4]!, retain: 'P30D' }],
    }),
  ],
  [
    260,
    ({ legs, remedies }) => ({
      remedies: remedies.filter(({ do: measure }) => measure !== 'revoke'),
      legs: change(legs, [3, 5, 9], { every: 'P14D' }).slice(1),
    }),
  ],
]);

function conductOfYear(year: Year): Conduct {
  const { plan, earlier, next, current, signatures, rounds, releases, breaches, attestations } = year;
  const began = whenBegan(current);
  const ended = findEnd(current);
  const plans = [...earlier, plan, ...(next === undefined ? [] : [next])];
  return {
    state: current.state,
    removed: false,
    earlier,
    versions: listSignedVersions(plans, signatures, current),
    ...(began === undefined ? {} : { began }),
    pauses: listPauses(current.history),
    holders: listHolders(current.history),
    ...(current.ending === undefined ? {} : { ending: current.ending }),
    ...(ended === undefined ? {} : { ended }),
    signatures: signatures.filter(({ version }) => version <= plan.agreement.version),
    rounds,
    releases,
    breaches,
    attestations,
    releaseAttestations: year.releaseAttestations,
  };
}

function runYear(seed: number, remedies = planYear().remedies) {
  const random = seedRandom(seed);
  const beside = seedRandom(~seed);
  const askers = seedRandom(seed ^ 0x5eed);
  const year: Year = {
    plan: { ...planYear(), remedies },
    current: { agreement: 'district', version: 2, state: 'draft', history: [], provisioned: NOTHING_MADE },
    earlier: [],
    signatures: [],
    rounds: [],
    releases: [],
    breaches: [],
    attestations: [],
    releaseAttestations: [],
    actual: [],
    still: new Set(),
    people: nobodyErased(),
  };
  const counts = {
    days: 0,
    published: 0,
    takenBack: 0,
    suspended: 0,
    drift: 0,
    grants: 0,
    revokes: 0,
    decisions: 0,
    breaches: 0,
    overruled: 0,
    withdrawn: 0,
    heldInPause: 0,
    amended: 0,
    past: 0,
    again: 0,
    unsigned: 0,
    early: 0,
    late: 0,
    owed: 0,
    altered: 0,
    overQuota: 0,
    destroyed: 0,
    kept: 0,
    asked: 0,
    confirmed: 0,
    left: 0,
    overdue: 0,
  };
  const first = Date.UTC(2025, 11, 20);
  const states = new Set<AgreementState>();
  for (let day = 0; day < 460; day += 1) {
    const now = new Date(first + day * 86_400_000 + Math.floor(random() * 80_000_000)).toISOString();
    counts.days += 1;
    sign(year, day, now, random);
    amend(year, day, now, counts);
    leave(year, day, now, random);
    destroy(year, now, beside, counts);
    pause(year, day, now);
    if (day % 3 === 0) erase(year, now, askers, counts);
    deliver(year, now, random, counts, askers);
    misbehave(year, now, random, counts);
    const look = (at: string, drawn = random) => {
      converge(year, at, drawn, counts);
      checkInvariants(year, at, counts, drawn);
    };
    // Where it stands cannot be written for some days around its last.
    if (day < 358 || day > 366) year.current = advanceAgreement(year.plan, year.current, conductOfYear(year), now);
    else if (year.current.state === 'active' && now.slice(0, 10) > lastDayOf(year.plan, year.current)) counts.late += 1;
    states.add(year.current.state);
    judge(year, now, day % 3 === 0);
    look(now);
    checkDestroyed(year, now, counts);
    if (day % 3 === 0) {
      const { left, overdue } = checkErased(year.people, year.plan, conductOfYear(year), now);
      counts.left += left;
      counts.overdue += overdue;
    }
    if (day % 50 === 0) lookWithout(year, counts, () => look(now));
    if (day % 50 === 25) lookAltered(year, counts, () => look(now, beside));
    if (counts.early < 3 && year.actual.length > 0) {
      counts.early += 1;
      look(`${addDuration(year.plan.term.starts, 'P1D', -1).slice(0, 10)}T23:59:59Z`);
      look(now);
    }
  }
  return { year, counts, states };
}

/** A signature is lost from the registry, and restored. */
function lookWithout(year: Year, counts: { unsigned: number }, look: () => void): void {
  const { signatures, plan, actual } = year;
  const lost = signatures.find(({ version }) => version === plan.agreement.version);
  if (actual.length > 0) counts.unsigned += 1;
  year.signatures = signatures.filter((each) => each !== lost);
  look();
  year.signatures = signatures;
  look();
}

/** What is on record as the version in force is not what was signed, until it is restored: its receivers are to have more. */
function lookAltered(year: Year, counts: { altered: number }, look: () => void): void {
  const { plan, actual } = year;
  if (actual.length > 0) counts.altered += 1;
  const agreement = { ...plan.agreement, content: 'ff'.repeat(32) };
  year.plan = { ...plan, agreement, legs: plan.legs.map((leg) => ({ ...leg, retain: 'P90D' })) };
  look();
  year.plan = plan;
  look();
}

const hasSigned = (
  { signatures }: Pick<Year, 'signatures'>,
  { agreement: { version, content } }: Plan,
  party: string,
) => signatures.some((each) => each.version === version && each.content === content && each.party === party);
const haveAllSigned = (year: Year, plan: Plan) => plan.parties.every(({ id }) => hasSigned(year, plan, id));

function sign(year: Year, day: number, now: string, random: () => number): void {
  for (const plan of [year.plan, ...(year.next === undefined ? [] : [year.next])])
    for (const { id } of plan.parties)
      if (!hasSigned(year, plan, id) && (random() < 0.3 || day === 8))
        year.signatures.push(signatureOf(plan, id, { at: now }));
  if (year.current.state !== 'draft' || !haveAllSigned(year, year.plan)) return;
  const step = {
    act: 'sign',
    from: 'draft',
    to: 'signed',
    at: now,
    by: 'party-1',
    reason: 'all have signed',
    clause: 'parties',
  } as const;
  year.current = { ...year.current, state: 'signed', history: [step] };
}

/** A version is proposed; days later all have signed it, and it is in force: from its first day, where that is to come. */
function amend(year: Year, day: number, now: string, counts: { amended: number; past: number }): void {
  if (isOver(year)) return;
  const { plan, next } = year;
  const amendment = AMENDMENTS.get(day);
  if (amendment !== undefined) {
    const version = plan.agreement.version + 1;
    const agreement = { ...plan.agreement, version, content: `e${version}`.repeat(32) };
    year.next = { ...plan, ...amendment(plan), agreement };
  }
  if (next === undefined || !haveAllSigned(year, next) || now.slice(0, 10) < next.term.starts) return;
  delete year.next;
  const before = judgePast(year, now);
  year.earlier = [...year.earlier, plan];
  year.plan = next;
  year.current = { ...year.current, version: next.agreement.version };
  counts.amended += 1;
  counts.past += checkPast(year, before, now);
}

/** What breaches that are over have led to, and who is in breach of what, by the version in force. */
function judgePast(year: Year, now: string) {
  const { plan, breaches } = year;
  const conduct = conductOfYear(year);
  const over = breaches.filter(({ resolvedAt, overruled }) => resolvedAt !== undefined || overruled !== undefined);
  const led = remediesAt(plan, over, now, conduct.versions);
  const overdue = [...judgeDeliveries(plan, conduct, now).overdue, ...judgeRetention(plan, conduct, now).overdue];
  return { led, overdue, over: over.length };
}

/** An amendment changes nothing of what a breach that is over has led to, and makes nobody be in breach for a time before it. */
function checkPast(year: Year, before: ReturnType<typeof judgePast>, now: string): number {
  const { led, overdue } = judgePast(year, now);
  if (JSON.stringify(led) !== JSON.stringify(before.led))
    throw new Error(`${now}: ${JSON.stringify(led)} where it was ${JSON.stringify(before.led)}`);
  const known = new Set(before.overdue.map(({ report }) => report));
  const since = conductOfYear(year).versions.at(-1)?.from ?? now;
  const made = overdue.filter((each) => !known.has(each.report) && (each.since ?? now) < since);
  if (made.length > 0) throw new Error(`${now}: ${made.map(({ report }) => report).join(', ')} by an amendment`);
  return before.over;
}

const isOver = ({ current }: Year) => current.state === 'ended' || current.state === 'settled';

function leave(year: Year, day: number, now: string, random: () => number): void {
  if (day === 330 && !isOver(year))
    year.current = { ...year.current, ending: giveNotice(year.plan, 'party-3', 'a merger', now) };
  if (year.current.state !== 'ended') return;
  for (const { leg, under } of listReceivedLegs(year.plan, conductOfYear(year))) {
    if (random() < 0.1 && !year.attestations.some((each) => each.leg === leg.id))
      year.attestations.push(attestationOf({ ...under, legs: [leg] }, leg.id, now));
  }
}

const DAY_MS = 86_400_000;
const daysOf = (duration: string) => Number(/^P(\d+)D$/.exec(duration)?.[1]);

/** Some say of a release that it is destroyed, when its time is over or before; of others nobody says so for long. */
function destroy(year: Year, now: string, random: () => number, counts: { destroyed: number }): void {
  const { plan, rounds, releases } = year;
  if (isOver(year)) return;
  for (const { leg: id, round, state, at } of releases) {
    const leg = plan.legs.find((each) => each.id === id);
    const isOut = state === 'final' && rounds.some((each) => each.day === round && each.state === 'published');
    if (leg === undefined || !isOut || isDestroyed(year, id, round)) continue;
    const isOld = Date.parse(now) - Date.parse(at) >= daysOf(leg.retain) * DAY_MS;
    if (random() >= (isOld ? 0.04 : 0.002)) continue;
    counts.destroyed += 1;
    year.releaseAttestations.push(...releaseAttestationsOf(plan, id, now, [round]));
  }
}

const isDestroyed = ({ releaseAttestations }: Pick<Year, 'releaseAttestations'>, leg: string, round: string) =>
  releaseAttestations.some((each) => each.leg === leg && each.round === round);

/** Whoever keeps a release longer than it may, and than it may take to destroy it, is told so, and nobody else is. */
function checkDestroyed(year: Year, now: string, counts: { kept: number }): void {
  const { plan, current, rounds, releases, breaches } = year;
  // Sixty days, until a version says thirty: also of what is younger than sixty by then, and not for a time before.
  const shortened = conductOfYear(year).versions.find(({ plan: { legs } }) => legs[0]?.retain === 'P30D')?.from;
  if ((current.state !== 'active' && current.state !== 'suspended') || current.ending !== undefined) return;
  const open = new Set(
    breaches.flatMap(({ kind, leg, round, resolvedAt }) =>
      kind === 'overdue-destruction' && resolvedAt === undefined ? [`${leg} ${round}`] : [],
    ),
  );
  for (const { leg: id, round, state, at } of releases) {
    const leg = plan.legs.find((each) => each.id === id);
    const isOut = state === 'final' && rounds.some((each) => each.day === round && each.state === 'published');
    if (leg === undefined || !isOut) continue;
    const over = Date.parse(at) + 60 * DAY_MS;
    const isShortened = shortened !== undefined && over >= Date.parse(shortened);
    const last = isShortened ? Math.max(Date.parse(shortened), Date.parse(at) + 30 * DAY_MS) : over;
    const isLate = Date.parse(now) >= last + daysOf(plan.term.destroyWithin) * DAY_MS;
    const isKept = isLate && !isDestroyed(year, id, round);
    if (isKept) counts.kept += 1;
    if (open.has(`${id} ${round}`) !== isKept)
      throw new Error(`${now}: ${id} of ${round} is ${isKept ? 'kept, and nobody is told' : 'said to be kept'}`);
  }
}

/** People ask to be erased, and receivers say that they are. */
function erase(year: Year, now: string, random: () => number, counts: { asked: number; confirmed: number }): void {
  const { asked, confirmed } = askAndConfirm(year.people, year.plan, conductOfYear(year), now, random);
  counts.asked += asked;
  counts.confirmed += confirmed;
}

/** By the day: who has it stand still, or go on. Two parties overlap; who runs the room stops all. */
const PAUSES: ReadonlyMap<number, readonly ['suspend' | 'resume', string]> = new Map([
  [70, ['suspend', 'party-4']],
  [74, ['suspend', 'party-8']],
  [76, ['resume', 'party-4']],
  [79, ['resume', 'party-8']],
  [150, ['suspend', 'operator']],
  [153, ['resume', 'operator']],
  [300, ['suspend', 'party-2']],
  [310, ['resume', 'party-2']],
]);

function pause(year: Year, day: number, now: string): void {
  const said = PAUSES.get(day);
  if (said === undefined || isOver(year)) return;
  const [act, by] = said;
  if (act === 'suspend') year.still.add(by);
  else year.still.delete(by);
  const word = { agreement: year.current.agreement, act, at: now, by, reason: 'a question is open' };
  const pausing = judgePause(year.current, word);
  if (pausing.kind !== 'moved') throw new Error(`${now}: ${by} cannot ${act}`);
  const { transition } = pausing;
  year.current = { ...year.current, state: transition.to, history: [...year.current.history, transition] };
}

/** Most deliver on the day, some days later; a publication may break off anywhere and go on the next day. */
function deliver(
  year: Year,
  now: string,
  random: () => number,
  counts: { published: number; takenBack: number; again: number },
  askers: () => number,
): void {
  const { plan } = year;
  if (year.current.state !== 'active') return;
  const conduct = conductOfYear(year);
  const agreed = new Set(plan.legs.map(({ id }) => id));
  for (const { day, legs } of listRounds(conduct, now.slice(0, 10))) {
    let round = year.rounds.find((each) => each.day === day);
    if (round === undefined) {
      round = roundOf(plan, day, { legs: [...legs], state: 'open', at: now });
      year.rounds.push(round);
    }
    if (round.state === 'published') continue;
    for (const leg of legs.filter((each) => agreed.has(each))) {
      const known = year.releases.find((each) => each.round === day && each.leg === leg);
      const isAgain = known !== undefined && round.state === 'open' && isOutdated(known, plan, conduct);
      if ((known !== undefined && !isAgain) || round.state === 'withheld') continue;
      if (random() >= (leg.startsWith('party-7') ? 0.08 : 0.7)) continue;
      if (isAgain) counts.again += 1;
      year.releases = year.releases.filter((each) => each !== known);
      year.releases.push(
        releaseOf(plan, leg, day, { state: 'prepared', at: now, value: 10 + Math.floor(random() * 10) }),
      );
      const made = { round: day, at: now };
      fillRelease(year.people, plan.legs.find(({ id }) => id === leg)!, made, askers() < 0.2);
    }
    publish(year, conduct, round, now, random, counts);
  }
}

function publish(
  year: Year,
  conduct: Conduct,
  found: RoundRecord,
  now: string,
  random: () => number,
  counts: { published: number; takenBack: number },
): void {
  const set = (changed: Partial<RoundRecord>) => {
    year.rounds = year.rounds.map((each) => (each.day === found.day ? { ...each, ...changed, at: now } : each));
  };
  const setRelease = (leg: string, state: ReleaseRecord['state']) => {
    year.releases = year.releases.map((each) =>
      each.round === found.day && each.leg === leg ? { ...each, state, at: now } : each,
    );
  };
  const plan = planPublication(found, year.releases, findAmended(year.plan, conduct, found, year.releases), []);
  const failsForGood = plan.kind === 'publish' && random() < 0.03;
  for (const step of failsForGood ? plan.compensation : plan.steps) {
    if (random() < 0.01) return;
    switch (step.do) {
      case 'commit':
        set({ state: 'publishing' });
        break;
      case 'finalise':
        setRelease(step.leg, 'final');
        break;
      case 'complete':
        set({ state: 'published' });
        counts.published += 1;
        break;
      case 'revoke':
        setRelease(step.leg, 'revoked');
        break;
      case 'withhold':
        set({ state: 'withheld' });
        counts.takenBack += 1;
        break;
      case 'prepare':
      case 'verify':
        break;
    }
  }
}

function misbehave(
  year: Year,
  now: string,
  random: () => number,
  counts: { breaches: number; overruled: number; withdrawn: number },
): void {
  if (year.current.state === 'active' && random() < 0.05) {
    const leg = year.plan.legs[Math.floor(random() * year.plan.legs.length)]!;
    const kind = KINDS[Math.floor(random() * KINDS.length)]!;
    counts.breaches += 1;
    year.breaches.push(
      breachOf(year.plan, {
        report: `b-${year.breaches.length}`,
        kind,
        trigger: triggerOf(kind),
        party: leg.to,
        leg: leg.id,
        since: now,
      }),
    );
  }
  // A product's revision is revoked for good, and its round stays published.
  const shown = year.releases.filter(
    ({ state, round }) =>
      state === 'final' && year.rounds.some((each) => each.day === round && each.state === 'published'),
  );
  if (random() < 0.05 && shown.length > 0) {
    const gone = shown[Math.floor(random() * shown.length)];
    counts.withdrawn += 1;
    year.releases = year.releases.map((each) => (each === gone ? { ...each, state: 'revoked', at: now } : each));
  }
  year.breaches = year.breaches.map((breach) => {
    const isJudged = breach.kind === 'late-delivery' || breach.kind === 'overdue-destruction';
    if (isJudged || breach.resolvedAt !== undefined || breach.overruled !== undefined) return breach;
    if (random() < 0.05) return { ...breach, resolvedAt: now };
    if (random() < 0.02) {
      counts.overruled += 1;
      return { ...breach, overruled: { by: 'a person', at: now, reason: 'a mistake' } };
    }
    return breach;
  });
}

function judge(year: Year, now: string, isErasing: boolean): void {
  const { overdue, delivered } = judgeDeliveries(year.plan, conductOfYear(year), now);
  const { overdue: kept, attested } = judgeRetention(year.plan, conductOfYear(year), now);
  const { overdue: unerased, confirmed } = isErasing
    ? judgeErasures(year.plan, year.people.erasures, conductOfYear(year), now)
    : { overdue: [], confirmed: [] };
  const settled = new Map([...delivered, ...attested, ...confirmed].map(({ report, at }) => [report, at]));
  year.breaches = year.breaches.map((breach) => {
    const at = settled.get(breach.report);
    return at === undefined || breach.resolvedAt !== undefined ? breach : { ...breach, resolvedAt: at };
  });
  const destruction = year.current.state === 'ended' ? judgeDestruction(year.plan, conductOfYear(year), now) : [];
  for (const { breach: kind, since = now, evidence: _, ...told } of [
    ...overdue,
    ...kept,
    ...unerased,
    ...destruction,
  ]) {
    if (year.breaches.some(({ report }) => report === told.report)) continue;
    year.breaches.push(breachOf(year.plan, { ...told, kind, trigger: triggerOf(kind), since }));
  }
}

/** What is granted is made what should be; now and then somebody has changed something by hand before. */
function converge(
  year: Year,
  now: string,
  random: () => number,
  counts: { drift: number; grants: number; revokes: number },
): void {
  if (random() < 0.05)
    year.actual.push({
      kind: 'data-grant',
      leg: year.plan.legs[0]!.id,
      account: '999999999999',
      releases: ['2026-01-01'],
      reference: `hand-${now}`,
    });
  if (random() < 0.05) year.actual.pop();
  const desired = entitlementsAt(year.plan, conductOfYear(year), now);
  for (const { steps } of diffEntitlements(desired, year.actual, [])) {
    for (const { do: act, leg, account, kind, releases, reference = `${leg}-${now}`, drift } of steps) {
      if (drift !== undefined) counts.drift += 1;
      const held = year.actual.find((each) => each.reference === reference);
      const others = year.actual.filter((each) => each.reference !== reference);
      const next =
        act === 'grant'
          ? { kind, leg: leg!, account, releases, reference }
          : act === 'revoke' || held === undefined
            ? undefined
            : {
                ...held,
                releases:
                  act === 'show'
                    ? [...held.releases, ...releases]
                    : held.releases.filter((each) => !releases.includes(each)),
              };
      counts[act === 'grant' || act === 'show' ? 'grants' : 'revokes'] += 1;
      year.actual = next === undefined ? others : [...others, next];
    }
  }
}

const ENGINES = new Map<
  string,
  { readonly policies: ReturnType<typeof compilePolicies>; readonly engine: ReturnType<typeof openCedarEngine> }
>();

function engineOf(plan: Plan) {
  const known = ENGINES.get(plan.agreement.content);
  if (known !== undefined) return known;
  const policies = compilePolicies(plan);
  const made = { policies, engine: openCedarEngine(policies) };
  ENGINES.set(plan.agreement.content, made);
  return made;
}

function checkInvariants(
  year: Year,
  now: string,
  counts: { suspended: number; decisions: number; heldInPause: number; owed: number; overQuota: number },
  random: () => number,
): void {
  const { plan, current, rounds, releases } = year;
  const today = now.slice(0, 10);
  const conduct = conductOfYear(year);
  const suspended = suspensionsOf(plan, remediesAt(plan, year.breaches, now, conduct.versions), conduct, now);
  counts.suspended += suspended.length;
  for (const held of year.actual) {
    const mustBe = (holds: boolean, promise: string) => {
      if (!holds) throw new Error(`${now}, ${held.leg} for ${held.account}: ${promise}`);
    };
    const leg = plan.legs.find(({ id }) => id === held.leg);
    mustBe(current.state === (year.still.size === 0 ? 'active' : 'suspended'), 'the agreement is active, or paused');
    const stops = [...year.still].filter((by) => by === 'operator' || by === leg?.from || by === leg?.to);
    mustBe(stops.length === 0, `it does not stand still by ${stops.join(' and ')}`);
    if (year.still.size > 0) counts.heldInPause += 1;
    mustBe(haveAllSigned(year, plan), 'all have signed');
    mustBe(today >= plan.term.starts && today <= lastDayOf(plan, current), 'it is a day of the term');
    mustBe(plan.parties.find(({ id }) => id === leg?.to)?.account === held.account, 'it is the receiver’s');
    mustBe(!suspended.some(({ legs }) => legs.includes(held.leg!)), 'its receiver is not suspended');
    mustBe(held.releases.length > 0, 'there is something to reach');
    for (const day of held.releases) {
      const round = rounds.find((each) => each.day === day);
      mustBe(round?.state === 'published', `the round of ${day} is published`);
      const isWhole = round?.legs.every((id) => releases.some((each) => each.round === day && each.leg === id));
      mustBe(isWhole === true, `the round of ${day} is whole`);
      const release = releases.find((each) => each.round === day && each.leg === held.leg);
      mustBe(release?.state === 'final', `the release of ${day} is final`);
      const days = daysOf(leg?.retain ?? '');
      mustBe(!isDestroyed(year, held.leg!, day), `the release of ${day} is not said to be destroyed`);
      const age = (Date.parse(now) - Date.parse(release?.at ?? '')) / DAY_MS;
      mustBe(age < days, `the release of ${day} is younger than the ${days} days that its leg says`);
      // By the only remedy that revokes: what its receiver has reshared of this leg, and all that came before.
      const reshared = year.breaches.filter(
        (each) =>
          each.kind === 'resharing' &&
          hasRevoked(conduct, each) &&
          each.overruled === undefined &&
          each.leg === held.leg,
      );
      mustBe(
        reshared.every(({ since }) => day > since.slice(0, 10)),
        `the release of ${day} is none that was revoked`,
      );
    }
  }
  checkReached(year, now, counts);
  // A door says the same as what is granted.
  const { policies, engine } = engineOf(plan);
  const leg = plan.legs[Math.floor(random() * plan.legs.length)]!;
  const round = rounds.at(Math.floor(random() * rounds.length))?.day ?? today;
  const operands = { round, purpose: leg.purposes[0]! };
  const request = { id: 'r', operation: 'read-release', party: leg.to, about: leg.id, operands };
  // What it has used up, this request counted.
  const requests = Date.parse(now) % (3 * MOST_REQUESTS);
  const decision = decide(request, { plan, policies, conduct, used: { requests, bytes: 0 }, now }, engine);
  const isHeld = year.actual.some((held) => held.leg === leg.id && held.releases.includes(round));
  const isOverQuota = leg.quota !== undefined && requests > MOST_REQUESTS;
  if (isHeld && isOverQuota) counts.overQuota += 1;
  if ((decision.effect === 'permit') !== (isHeld && !isOverQuota) || decision.clause === '')
    throw new Error(
      `${now}: the door says ${decision.effect} (${decision.reason}) at ${requests} requests, and granted is ${isHeld}`,
    );
  counts.decisions += 1;
}

/** By the version that held when it was done. */
function hasRevoked({ versions }: Conduct, { since }: BreachRecord): boolean {
  const under = versions.findLast(({ from }) => from <= since)?.plan;
  return under?.remedies.some(({ do: measure }) => measure === 'revoke') === true;
}

/** Whom nobody reproaches anything has what was published for it, while it is young, and nothing stands still. */
function checkReached(
  { plan, current, rounds, releases, breaches, actual, still, ...year }: Year,
  now: string,
  counts: { owed: number },
): void {
  const today = now.slice(0, 10);
  const isTerm = today >= plan.term.starts && today <= lastDayOf(plan, current);
  const isSigned = plan.parties.every(({ id }) => hasSigned(year, plan, id));
  if (current.state !== 'active' || still.size > 0 || !isTerm || !isSigned) return;
  const blamed = new Set(
    breaches.flatMap(({ party, kind, resolvedAt, overruled }) =>
      overruled === undefined && (kind === 'resharing' || resolvedAt === undefined) ? [party] : [],
    ),
  );
  for (const leg of plan.legs.filter(({ to }) => !blamed.has(to))) {
    const days = daysOf(leg.retain);
    const own = releases.filter((each) => each.leg === leg.id && each.state === 'final');
    for (const { round, at } of own) {
      const { state, legs = [] } = rounds.find(({ day }) => day === round) ?? {};
      const isWhole = legs.every((id) => releases.some((each) => each.round === round && each.leg === id));
      if (state !== 'published' || !legs.includes(leg.id) || !isWhole) continue;
      if ((Date.parse(now) - Date.parse(at)) / DAY_MS >= days) continue;
      if (isDestroyed(year, leg.id, round)) continue;
      counts.owed += 1;
      if (!actual.some((held) => held.leg === leg.id && held.releases.includes(round)))
        throw new Error(`${now}: ${leg.to} has no ${leg.id} of ${round}, and nothing says why`);
    }
  }
}

test.each([2026, 1, 3, 4, 6, 7])(
  'a year of ten parties, by seed %p: nobody ever has what the agreement does not give then',
  (seed) => {
    const { year, counts, states } = runYear(seed);
    expect([...states]).toEqual(['draft', 'signed', 'active', 'suspended', 'ended', 'settled']);
    for (const [what, least] of Object.entries({
      published: 15,
      suspended: 50,
      drift: 10,
      grants: 100,
      revokes: 50,
      breaches: 5,
      withdrawn: 5,
      heldInPause: 20,
      amended: AMENDMENTS.size,
      past: 10,
      again: 1,
      unsigned: 5,
      early: 3,
      late: 3,
      owed: 1000,
      altered: 3,
      overQuota: 3,
      destroyed: 50,
      kept: 50,
      asked: 8,
      confirmed: 20,
      left: 300,
      overdue: 5,
    }))
      expect([what, counts[what as keyof typeof counts] >= least]).toEqual([what, true]);
    expect(year.actual).toEqual([]);
    const owed = settle(year.plan, conductOfYear(year));
    expect(owed.reduce((sum, { owes }) => sum + owes, 0)).toBeCloseTo(0);
    for (const { clause, by, reason } of year.current.history)
      expect([clause, by, reason].every((text) => text !== '')).toBe(true);
  },
);

test('a year that a breach ends: nobody has anything from then on, and destruction is due from that day', () => {
  const { year, states } = runYear(7, [{ on: 'resharing', do: 'terminate' }]);
  expect([...states]).toEqual(expect.arrayContaining(['active', 'ended', 'settled']));
  const end = findEnd(year.current)!;
  expect(end.clause).toBe('remedies[0]');
  expect(end.at < '2026-10-01').toBe(true);
  expect(year.actual).toEqual([]);
  const due = addDuration(addDuration(end.at.slice(0, 10), 'P1D'), year.plan.term.destroyWithin).slice(0, 10);
  const overdueAt = (now: string) => judgeDestruction(year.plan, { ...conductOfYear(year), attestations: [] }, now);
  expect(overdueAt(new Date(Date.parse(due) - 1000).toISOString())).toEqual([]);
  expect(overdueAt(`${due}T00:00:00Z`).length).toBeGreaterThan(5);
});
