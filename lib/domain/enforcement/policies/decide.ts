import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import { listUnsigned } from '../../agreement/signature';
import { entitlementsAt } from '../../exchange/entitlements/entitlements-at';
import { listAllParties } from '../../exchange/list-all-parties';
import { isUpTo } from '../../exchange/rounds/is-up-to';
import type { Conduct } from '../../registry/conduct';
import type { DecisionRecord } from '../../registry/door-records';
import { lastDayOf } from '../../registry/registered-agreement';
import { legsTouchedBy } from '../breaches/legs-touched-by';
import { remediesAt } from '../breaches/remedies-at';
import { suspensionsOf } from '../breaches/suspensions-of';
import { plainAddress } from '../doors/plain-address';
import { findPause, findPauseOfLeg, type Pause } from '../words/find-pause';
import { type CompiledPolicy, dayNumber } from './compile-policies';
import { findOperation, OPERATIONS, type Operation } from './operations';
import type { Circumstances, PolicyEngine } from './policy-engine';
import { resourceTypeOf } from './policy-schema';

/** What somebody asks at one of the room's doors. */
export interface DecisionRequest {
  /** Tells two requests apart. */
  readonly id: string;
  readonly operation: string;
  /** Who asks, as far as the door knows; absent: nobody of this agreement. */
  readonly party?: string;
  /** Id of the leg or dataset that it is about; absent: the agreement itself. */
  readonly about?: string;
  /** What the request says besides: purpose, round, ip. */
  readonly operands: Readonly<Record<string, string>>;
}

/** All that a decision rests on. The same request in the same context, the same decision. */
export interface DecisionContext {
  readonly plan: Plan;
  readonly policies: readonly CompiledPolicy[];
  readonly conduct: Conduct;
  /** What the receiver will have used up of its period, this request counted. */
  readonly used: { readonly requests: number; readonly bytes: number };
  /** UTC, ISO 8601. */
  readonly now: string;
}

/** Of an operation that has no quota. */
export const NOTHING_USED = { requests: 0, bytes: 0 } as const;

/** Permits or forbids, and says by which clause and policy. What is not known to be right is forbidden. */
export function decide(request: DecisionRequest, context: DecisionContext, engine: PolicyEngine): DecisionRecord {
  const { plan, policies, conduct, now } = context;
  const operation = findOperation(request.operation);
  const rule = operation === undefined ? undefined : OPERATIONS[operation];
  const party = listAllParties(plan, conduct.earlier).find(({ id }) => id === request.party);
  const resource = rule === undefined ? undefined : findResource([plan, ...conduct.earlier], rule.about, request.about);
  const record = (
    effect: DecisionRecord['effect'],
    reason: string,
    clause: string,
    policy: string,
  ): DecisionRecord => ({
    id: request.id,
    agreement: { id: plan.agreement.id, version: plan.agreement.version },
    effect,
    door: rule?.door ?? 'api',
    operation: operation ?? 'unknown',
    ...(party === undefined ? {} : { party: party.id }),
    ...(rule?.about === 'leg' && resource !== undefined ? { leg: resource } : {}),
    ...(rule?.about === 'dataset' && resource !== undefined ? { dataset: resource } : {}),
    ...(rule?.operands.includes('round') && isDay(request.operands.round) ? { round: request.operands.round } : {}),
    clause,
    reason,
    policy,
    at: now,
  });
  const refuse = (reason: string, place: string) => record('forbid', reason, place, 'none');
  if (operation === undefined || rule === undefined) return refuse('unknown-operation', 'legs');
  if (party === undefined) return refuse('unknown-party', 'parties');
  if (resource === undefined) return refuse(`unknown-${rule.about}`, 'legs');
  if (Object.keys(request.operands).some((name) => !rule.operands.includes(name)))
    return refuse('unknown-operand', 'legs');
  const leg = rule.about === 'leg' ? resource : undefined;
  const circumstances = describeCircumstances(context, operation, request.operands, leg, party.id);
  const answer = engine({
    party: party.id,
    operation,
    resource: { type: resourceTypeOf(rule.about), id: resource },
    circumstances: circumstances.said,
  });
  const policy = policies.find(({ id }) => answer.policies.includes(id));
  if (policy === undefined) return refuse('no-policy', rule.about === 'agreement' ? 'parties' : 'legs');
  return record(answer.effect, policy.reason, circumstances.causes[policy.id] ?? policy.clause, policy.id);
}

function findResource(
  versions: readonly [Plan, ...Plan[]],
  about: 'agreement' | 'leg' | 'dataset',
  named: string | undefined,
): string | undefined {
  switch (about) {
    case 'agreement': {
      const { id } = versions[0].agreement;
      return named === undefined || named === id ? id : undefined;
    }
    case 'leg':
      return versions.flatMap((plan) => allLegs(plan)).find(({ id }) => id === named)?.id;
    case 'dataset':
      return versions.flatMap(({ datasets }) => datasets).find(({ id }) => id === named)?.id;
  }
}

/** @returns `causes`: the clause of the remedy behind a policy that answers to one, whichever it is, by policy */
function describeCircumstances(
  { plan, conduct, used, now }: DecisionContext,
  operation: Operation,
  { purpose, ip, round }: DecisionRequest['operands'],
  leg: string | undefined,
  asker: string,
): { readonly said: Circumstances; readonly causes: Readonly<Record<string, string | undefined>> } {
  const isOf = (each: { readonly party: string; readonly leg?: string }) =>
    each.party === plan.legs.find(({ id }) => id === leg)?.to;
  const due = remediesAt(plan, conduct.breaches, now, conduct.versions);
  const suspension = suspensionsOf(plan, due, conduct, now).find(({ legs }) => leg !== undefined && legs.includes(leg));
  const throttle = due.find((measure) => measure.do === 'throttle' && isOf(measure));
  const pause = pauseOf(plan, conduct, operation, asker, leg);
  const asked = conduct.releases.find((each) => each.leg === leg && each.round === round);
  const revocation = due.find(
    (measure) =>
      measure.do === 'revoke' &&
      asked !== undefined &&
      isUpTo(asked, measure.from) &&
      legsTouchedBy(plan, measure, conduct.earlier).some((id) => id === leg),
  );
  const address = ip === undefined ? undefined : plainAddress(ip);
  const entitled = leg === undefined || round === undefined ? undefined : visible(plan, conduct, now, leg);
  const said: Circumstances = {
    state: conduct.removed || due.some((measure) => measure.do === 'terminate') ? 'ended' : conduct.state,
    paused: pause !== undefined,
    signed: listUnsigned(plan, conduct.signatures).length === 0,
    today: dayNumber(now.slice(0, 10)),
    lastDay: dayNumber(lastDayOf(plan, conduct)),
    suspended: suspension !== undefined,
    complete: operation === 'publish-release' ? isCertified(plan, conduct, round) : isPublished(conduct, round),
    kept: round !== undefined && entitled?.includes(round) === true,
    requests: used.requests,
    bytes: used.bytes,
    throttled: throttle !== undefined,
    ...(purpose === undefined ? {} : { purpose }),
    ...(address === undefined ? {} : { ip: address }),
  };
  const causes = {
    'forbid:paused': pause?.clause,
    'forbid:suspended': suspension?.clause,
    'forbid:throttle': throttle?.clause,
    'forbid:retention': revocation?.clause,
  };
  return { said, causes };
}

/**
 * Nothing is published or taken in while anybody has the agreement stand still. What was published is read, and by SFTP, by legs
 * that it does not concern.
 */
function pauseOf(
  plan: Plan,
  conduct: Conduct,
  operation: Operation,
  party: string,
  leg: string | undefined,
): Pause | undefined {
  if (conduct.state !== 'suspended') return undefined;
  const legs = plan.legs.filter(({ id, to, via }) =>
    operation === 'connect-sftp' ? to === party && via.kind === 'sftp' : operation === 'read-release' && id === leg,
  );
  const pauses = legs.map((each) => findPauseOfLeg(plan, each, conduct));
  return pauses.includes(undefined) ? undefined : (pauses[0] ?? findPause(plan, conduct));
}

/** Every leg of the round that is given from here has its certified release. */
function isCertified({ legs }: Plan, { rounds, releases }: Conduct, day: string | undefined): boolean {
  const round = rounds.find((each) => each.day === day);
  const own = round?.legs.filter((leg) => legs.some(({ id }) => id === leg)) ?? [];
  const isThere = (leg: string) =>
    releases.some((release) => release.round === day && release.leg === leg && release.state !== 'revoked');
  return own.length > 0 && own.every(isThere);
}

function isPublished({ rounds }: Conduct, day: string | undefined): boolean {
  return rounds.some((round) => round.day === day && round.state === 'published');
}

function isDay(text: string | undefined): text is string {
  const instant = text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text) ? Number.NaN : Date.parse(text);
  return !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === text;
}

/** Rounds whose releases the leg's receiver reaches now. */
function visible(plan: Plan, conduct: Conduct, now: string, leg: string): readonly string[] {
  const legs = plan.legs.filter(({ id }) => id === leg);
  return entitlementsAt(plan, conduct, now, legs)[0]?.releases ?? [];
}
