import type { Trigger } from '../agreement/plan/measures';
import type { Delivery, Plan, PlannedLeg, PlannedRemedy } from '../agreement/plan/plan';
import { nameAgreement, OWN_TERMS } from './own-terms';

/** JSON-LD. */
type LinkedData = Readonly<Record<string, unknown>>;

/**
 * The terms as an agreement of ODRL 2.2 (W3C, 2018): what each receiver may do with what, until when and for which purposes
 * (terms of DPV), what it must do afterwards, what is forbidden, what each giver owes, and what follows when one does not keep
 * to it. Treatments and floors are the data contracts': see `writeDataContract`.
 */
export function writePolicy(plan: Plan): LinkedData {
  const { agreement, parties, legs, clauses, fairness } = plan;
  return {
    '@context': [
      'http://www.w3.org/ns/odrl.jsonld',
      { dpv: 'https://w3id.org/dpv#', dct: 'http://purl.org/dc/terms/', barter: OWN_TERMS },
    ],
    '@type': 'Agreement',
    uid: nameAgreement(agreement.id, agreement.version),
    profile: OWN_TERMS,
    'dct:title': agreement.title,
    'barter:content': agreement.content,
    'barter:party': parties.map(({ id, name, account, jurisdiction, contacts }) => ({
      uid: nameParty(plan, id),
      'dct:title': name,
      'barter:account': account,
      'barter:jurisdiction': jurisdiction,
      'barter:contacts': contacts,
    })),
    permission: legs.map((leg) => permit(plan, leg)),
    prohibition: legs.flatMap((leg) => forbid(plan, leg)),
    obligation: legs.map((leg) => oblige(plan, leg)),
    ...(plan.room === undefined ? {} : { 'barter:room': plan.room }),
    'barter:fairness': fairness,
    'barter:notice': plan.term.notice,
    'barter:clause': clauses.map(({ id, text, controls, legalOnly }) => ({
      'dct:identifier': id,
      'dct:description': text,
      'barter:control': controls,
      'barter:legalOnly': legalOnly,
    })),
  };
}

function permit(plan: Plan, leg: PlannedLeg): LinkedData {
  const { term } = plan;
  const { quota, watermark, safeguardBy } = leg;
  return {
    ...describeLeg(plan, leg, 'permission'),
    action: 'use',
    constraint: [
      limit('purpose', 'isAnyOf', leg.purposes.map(namePurpose)),
      limit('dateTime', 'gteq', date(term.starts)),
      limit('dateTime', 'lteq', date(term.ends)),
      limit('deliveryChannel', 'eq', `barter:${leg.via.kind}`),
      ...(quota?.requests === undefined ? [] : [limit('barter:requestsPerPeriod', 'lteq', quota.requests)]),
      ...(quota?.bytes === undefined ? [] : [limit('barter:bytesPerPeriod', 'lteq', quota.bytes)]),
      ...listNetworks(plan, leg.to),
    ],
    ...describeChannel(leg.via),
    ...(watermark === undefined ? {} : { 'barter:watermark': watermark }),
    ...(safeguardBy === undefined ? {} : { 'barter:transferSafeguard': safeguardBy }),
    duty: [
      // Of each release, and of all of them when the agreement ends.
      { action: 'delete', constraint: [limit('elapsedTime', 'lteq', duration(leg.retain))] },
      {
        action: 'delete',
        constraint: [
          limit('dateTime', 'gt', date(term.ends)),
          limit('elapsedTime', 'lteq', duration(term.destroyWithin)),
        ],
        ...follow('consequence', plan, ['overdue-destruction']),
      },
    ],
  };
}

/** What is forbidden by name, and access that no permission covers. */
function forbid(plan: Plan, leg: PlannedLeg): readonly LinkedData[] {
  return [
    ...leg.forbids.map((act) => ({
      ...describeLeg(plan, leg, act),
      action: FORBIDDEN[act] ?? `barter:${act}`,
      ...follow('remedy', plan, act === 'resale' || act === 'onwardSharing' ? ['resharing'] : []),
    })),
    {
      ...describeLeg(plan, leg, 'other-access'),
      action: 'barter:otherAccess',
      ...follow('remedy', plan, ['forbidden-access']),
    },
  ];
}

/** What the giver owes: a release each period. */
function oblige(plan: Plan, leg: PlannedLeg): LinkedData {
  return {
    ...describeLeg(plan, leg, 'obligation'),
    // Who owes is the one that a duty is assigned to.
    assigner: nameParty(plan, leg.to),
    assignee: nameParty(plan, leg.from),
    action: 'barter:deliver',
    constraint: [limit('timeInterval', 'eq', duration(leg.every))],
    ...follow('consequence', plan, ['late-delivery', 'failed-release']),
  };
}

function describeLeg(plan: Plan, { id, from, to, dataset }: PlannedLeg, rule: string): LinkedData {
  const { version } = plan.datasets.find((each) => each.id === dataset) ?? { version: 1 };
  const agreement = nameAgreement(plan.agreement.id, plan.agreement.version);
  return {
    uid: `${agreement}:${id}:${rule}`,
    target: `${agreement}:dataset:${dataset}:${version}`,
    assigner: nameParty(plan, from),
    assignee: nameParty(plan, to),
  };
}

function describeChannel({ kind, ...where }: Delivery): LinkedData {
  return Object.keys(where).length === 0 ? {} : { 'barter:channel': { 'barter:kind': kind, ...where } };
}

function listNetworks({ parties }: Plan, party: string): readonly LinkedData[] {
  const { networks } = parties.find(({ id }) => id === party) ?? {};
  return networks === undefined ? [] : [limit('barter:network', 'isAnyOf', networks)];
}

/** `consequence` of a duty that is not done, `remedy` of a prohibition that is not kept. */
function follow(how: 'consequence' | 'remedy', { remedies }: Plan, triggers: readonly Trigger[]): LinkedData {
  const following = remedies.filter(({ on }) => triggers.includes(on));
  return following.length === 0 ? {} : { [how]: following.map(measure) };
}

function measure({ on, after, do: act }: PlannedRemedy): LinkedData {
  return {
    action: `barter:${act}`,
    'barter:on': on,
    ...(after === undefined ? {} : { constraint: [limit('elapsedTime', 'gteq', duration(after))] }),
  };
}

function limit(leftOperand: string, operator: string, rightOperand: unknown): LinkedData {
  return { leftOperand, operator, rightOperand };
}

function date(day: string): LinkedData {
  return { '@value': day, '@type': 'xsd:date' };
}

function duration(text: string): LinkedData {
  return { '@value': text, '@type': 'xsd:duration' };
}

function namePurpose(term: string): LinkedData {
  return { '@id': `dpv:${term}` };
}

function nameParty({ agreement }: Plan, party: string): string {
  return `${nameAgreement(agreement.id, agreement.version)}:party:${party}`;
}

/** Where ODRL has the word. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  resale: 'sell',
  onwardSharing: 'distribute',
  combination: 'aggregate',
};
