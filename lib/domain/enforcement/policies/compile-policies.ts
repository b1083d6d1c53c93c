import { citeClause } from '../../agreement/plan/cite-clause';
import type { Plan, PlannedLeg, PlannedParty } from '../../agreement/plan/plan';
import type { SidePlan } from '../../agreement/plan/plan-for-side';
import { OPERATIONS, type Operation } from './operations';

/** One policy in Cedar's language, and what in the agreement it carries out. */
export interface CompiledPolicy {
  readonly id: string;
  readonly text: string;
  readonly clause: string;
  /** In a word, for whoever is refused. */
  readonly reason: string;
  /** Ids of the only party, or the only leg, dataset or agreement, that it is about; absent: it is about all. */
  readonly party?: string;
  readonly resource?: string;
}

/** Requests in a period that are left to a party while it is throttled. */
const THROTTLED_REQUESTS = 10;

/**
 * The agreement as policies: a permission for what each leg, party and dataset may do, and a prohibition for every term that
 * limits it. What no policy permits is forbidden; a prohibition beats every permission.
 * @param former legs of earlier versions that this one has left out: what was received by them is still answered for
 */
export function compilePolicies(
  plan: Plan & Partial<Pick<SidePlan, 'incoming'>>,
  former: readonly PlannedLeg[] = [],
): readonly CompiledPolicy[] {
  return [
    ...plan.parties.flatMap((party) => permitParty(plan, party)),
    ...plan.datasets.flatMap(({ id, owner }) => [
      permit(`permit:deliver:${id}`, owner, ['request-upload'], 'Dataset', id, `datasets.${id}`),
      permit(`permit:erase:${id}`, owner, ['request-erasure'], 'Dataset', id, `datasets.${id}`),
    ]),
    ...plan.legs.flatMap(permitLeg),
    ...former.flatMap((leg) => permitFormer(plan, leg)),
    // Also in a peer's own room, of what comes to it from another's.
    ...[...plan.legs, ...(plan.incoming ?? [])].map(({ id, to }) =>
      permit(`permit:compare:${id}`, to, ['confirm-receipt'], 'Leg', id, `legs.${id}`),
    ),
    ...forbidAlways(plan),
    ...plan.legs.flatMap((leg) => forbidLeg(plan, leg)),
    ...plan.parties.flatMap((party) => forbidNetworks(plan, party)),
  ];
}

function permitParty({ agreement }: Plan, { id, sftp }: PlannedParty): readonly CompiledPolicy[] {
  const operations: readonly Operation[] = [
    'read-agreement',
    'list-deliveries',
    'list-releases',
    'list-accesses',
    'list-erasures',
    'list-problems',
    'report-problem',
    'sign-version',
    'give-notice',
    'suspend-agreement',
    'resume-agreement',
    'overrule-breach',
  ];
  return [
    permit(`permit:party:${id}`, id, operations, 'Agreement', agreement.id, `parties.${id}`),
    ...(sftp === undefined
      ? []
      : [permit(`permit:sftp:${id}`, id, ['connect-sftp'], 'Agreement', agreement.id, `parties.${id}.sftp`)]),
  ];
}

function permitLeg({ id, from, to }: PlannedLeg): readonly CompiledPolicy[] {
  const receives: readonly Operation[] = ['read-release', 'read-certificate', 'attest-destruction', 'confirm-erasure'];
  return [
    permit(`permit:receive:${id}`, to, receives, 'Leg', id, `legs.${id}`),
    permit(`permit:give:${id}`, from, ['publish-release', 'read-certificate'], 'Leg', id, `legs.${id}`),
  ];
}

/** Its giver may hand in what its receiver has signed, who may have no door any more. */
function permitFormer({ datasets }: Plan, { id, from, to, dataset }: PlannedLeg): readonly CompiledPolicy[] {
  const erase = `permit:erase-former:${id}`;
  return [
    ...(datasets.some((each) => each.id === dataset)
      ? []
      : [permit(erase, from, ['request-erasure'], 'Dataset', dataset, `datasets.${dataset}`)]),
    permit(`permit:former:${id}`, to, ['attest-destruction', 'confirm-erasure'], 'Leg', id, `legs.${id}`),
    permit(`permit:hand-in:${id}`, from, ['attest-destruction', 'confirm-erasure'], 'Leg', id, `legs.${id}`),
  ];
}

function forbidAlways(plan: Plan): readonly CompiledPolicy[] {
  const moving = Object.entries(OPERATIONS).flatMap(([id, { moves }]) => (moves ? [id] : []));
  const { starts, ends } = plan.term;
  const read = ['read-release'];
  const shown = ['read-release', 'publish-release'];
  const remedy = 'remedies';
  return [
    forbid(
      'forbid:unsigned',
      moving,
      'unless { context.signed }',
      'not-signed',
      citeClause(plan, 'access.signed', 'parties'),
    ),
    forbid(
      'forbid:inactive',
      moving,
      'unless { context.state == "active" || context.state == "suspended" }',
      'not-active',
      citeClause(plan, 'access.term', 'term'),
    ),
    forbid('forbid:paused', moving, 'when { context.paused }', 'suspended', citeClause(plan, 'access.veto', 'parties')),
    forbid(
      'forbid:term',
      moving,
      `unless { context.today >= ${dayNumber(starts)} && context.today <= ${dayNumber(ends)} && context.today <= context.lastDay }`,
      'outside-term',
      citeClause(plan, 'access.term', 'term'),
    ),
    forbid(
      'forbid:suspended',
      read,
      'when { context.suspended }',
      'party-suspended',
      citeClause(plan, 'interlock.delivery', remedy),
    ),
    forbid(
      'forbid:escrow',
      shown,
      'unless { context.complete }',
      'no-complete-round',
      citeClause(plan, 'escrow.all-or-none', 'legs'),
    ),
    forbid(
      'forbid:retention',
      read,
      'unless { context.kept }',
      'withdrawn',
      citeClause(plan, 'access.retention', 'legs'),
    ),
    forbid(
      'forbid:throttle',
      read,
      `when { context.throttled && context.requests > ${THROTTLED_REQUESTS} }`,
      'throttled',
      citeClause(plan, 'remedy.forbidden-access', remedy),
    ),
  ];
}

function forbidLeg(plan: Plan, { id, purposes, quota }: PlannedLeg): readonly CompiledPolicy[] {
  const on = (name: string, condition: string, reason: string, clause: string): CompiledPolicy =>
    forbid(`forbid:${name}:${id}`, ['read-release'], condition, reason, clause, { resource: id });
  const cited = `legs.${id}.quota`;
  const limits = [
    ...(quota?.requests === undefined ? [] : [`context.requests > ${quota.requests}`]),
    ...(quota?.bytes === undefined ? [] : [`context.bytes > ${quota.bytes}`]),
  ];
  return [
    on(
      'purpose',
      `unless { context has purpose && [${purposes.map(quote).join(', ')}].contains(context.purpose) }`,
      'outside-purpose',
      citeClause(plan, 'access.purpose', `legs.${id}.purposes`),
    ),
    ...(limits.length === 0
      ? []
      : [on('quota', `when { ${limits.join(' || ')} }`, 'over-quota', citeClause(plan, 'access.quota', cited))]),
  ];
}

function forbidNetworks(plan: Plan, { id, networks, sftp }: PlannedParty): readonly CompiledPolicy[] {
  const from = (operation: Operation, ranges: readonly string[], place: string): CompiledPolicy => {
    const inside = anyOf(ranges.map((cidr) => `context.ip.isInRange(ip(${quote(cidr)}))`));
    return forbid(
      `forbid:network:${operation}:${id}`,
      [operation],
      `unless { context has ip && (${inside}) }`,
      'foreign-network',
      citeClause(plan, 'access.network', `parties.${id}.${place}`),
      { party: id },
    );
  };
  return [
    ...(networks === undefined ? [] : [from('read-release', networks, 'networks')]),
    ...(sftp === undefined ? [] : [from('connect-sftp', sftp.cidrs, 'sftp.cidrs')]),
  ];
}

/** One of them holds. In halves of halves: the engine reads a chain of some hundreds as deep as it is long, and breaks off. */
function anyOf(conditions: readonly string[]): string {
  if (conditions.length <= 2) return conditions.join(' || ');
  const half = Math.ceil(conditions.length / 2);
  return `(${anyOf(conditions.slice(0, half))}) || (${anyOf(conditions.slice(half))})`;
}

function permit(
  id: string,
  party: string,
  operations: readonly Operation[],
  type: string,
  resource: string,
  clause: string,
): CompiledPolicy {
  const scope = `principal == Party::${quote(party)}, action in [${actions(operations)}], resource == ${type}::${quote(resource)}`;
  return { id, text: `permit (${scope});`, clause, reason: 'agreed', party, resource };
}

function forbid(
  id: string,
  operations: readonly string[],
  condition: string,
  reason: string,
  clause: string,
  about: { readonly party?: string; readonly resource?: string } = {},
): CompiledPolicy {
  const principal = about.party === undefined ? 'principal' : `principal == Party::${quote(about.party)}`;
  const resource = about.resource === undefined ? 'resource' : `resource == Leg::${quote(about.resource)}`;
  const text = `forbid (${principal}, action in [${actions(operations)}], ${resource}) ${condition};`;
  return { id, text, clause, reason, ...about };
}

function actions(operations: readonly string[]): string {
  return operations.map((operation) => `Action::${quote(operation)}`).join(', ');
}

/** A Cedar string. What is no plain letter is written by its number, so that no name ends the string it stands in. */
function quote(text: string): string {
  return `"${text.replace(/[^\w .:/-]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`)}"`;
}

/** `2026-12-31` as 20261231. */
export function dayNumber(day: string): number {
  return Number(day.replaceAll('-', ''));
}
