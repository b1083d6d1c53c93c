import fc from 'fast-check';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { compilePolicies } from '../../../lib/domain/enforcement/policies/compile-policies';
import { type DecisionContext, type DecisionRequest, decide } from '../../../lib/domain/enforcement/policies/decide';
import { OPERATIONS } from '../../../lib/domain/enforcement/policies/operations';
import { decisionSchema } from '../../../lib/domain/registry/door-records';
import { openCedarEngine } from '../../../lib/policy/cedar-engine';
import { validatePolicies } from '../../../lib/policy/validate-policies';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../fixtures/conduct';
import { readExamplePlan } from '../../fixtures/example-plan';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { signatureOf } from '../../fixtures/registered';
import { makeCrowdedPlan, makeRingPlan } from '../../fixtures/sample-plan';

/* The domain's decision, with the real engine behind it. */

const DAY = '2026-03-01';
const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24', '2001:db8::/32'] };
const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  parties: [
    { ...TELCO_RETAIL_PLAN.parties[0]!, sftp: SFTP },
    { ...TELCO_RETAIL_PLAN.parties[1]!, networks: ['198.51.100.0/24'] },
  ],
  legs: [{ ...TELCO_RETAIL_PLAN.legs[0]!, quota: { requests: 100, bytes: 5000 } }, TELCO_RETAIL_PLAN.legs[1]!],
  remedies: [
    { on: 'late-delivery', after: 'P3D', do: 'suspend-party' },
    { on: 'forbidden-access', do: 'throttle' },
    { on: 'resharing', do: 'terminate' },
  ],
  clauses: [
    { id: '3.1', text: 'For agreed purposes alone.', controls: ['access.purpose'], legalOnly: false },
    { id: '5', text: 'While it lasts.', controls: ['access.term', 'access.signed'], legalOnly: false },
    { id: '8', text: 'Who is late waits.', controls: ['interlock.delivery'], legalOnly: false },
  ],
};
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const POLICIES = compilePolicies(PLAN);
const ENGINE = openCedarEngine(POLICIES);
const CONTEXT: DecisionContext = {
  plan: PLAN,
  policies: POLICIES,
  conduct: conductOf(PLAN, [DAY]),
  used: { requests: 0, bytes: 0 },
  now: '2026-03-10T10:00:00Z',
};
const READ: DecisionRequest = {
  id: 'request-1',
  operation: 'read-release',
  party: 'retail',
  about: USAGE,
  operands: { round: DAY, purpose: 'CustomerRelationshipManagement', ip: '198.51.100.7' },
};
const ask = (request: Partial<DecisionRequest> = {}, context: Partial<DecisionContext> = {}, engine = ENGINE) =>
  decide({ ...READ, ...request }, { ...CONTEXT, ...context }, engine);

test('what a leg permits is permitted, and the record says by what', () => {
  expect(ask()).toEqual({
    id: 'request-1',
    agreement: { id: 'telco-retail-2026', version: 1 },
    effect: 'permit',
    door: 'read',
    operation: 'read-release',
    party: 'retail',
    leg: USAGE,
    round: DAY,
    clause: `legs.${USAGE}`,
    reason: 'agreed',
    policy: `permit:receive:${USAGE}`,
    at: '2026-03-10T10:00:00Z',
  });
});

test.each<[string, Partial<DecisionRequest>]>([
  ['the giver publishes', { operation: 'publish-release', party: 'telco', operands: { round: DAY } }],
  ['the owner asks for an upload', { operation: 'request-upload', party: 'telco', about: 'usage', operands: {} }],
  [
    'a party connects by SFTP',
    { operation: 'connect-sftp', party: 'telco', about: 'telco-retail-2026', operands: { ip: '2001:db8::5' } },
  ],
  [
    'a party reads the agreement',
    { operation: 'read-agreement', party: 'retail', about: 'telco-retail-2026', operands: {} },
  ],
  ['the receiver reads a certificate', { operation: 'read-certificate', operands: { round: DAY } }],
  ['the receiver attests', { operation: 'attest-destruction', operands: {} }],
  ['the owner has somebody erased', { operation: 'request-erasure', party: 'telco', about: 'usage', operands: {} }],
  ['the receiver confirms an erasure', { operation: 'confirm-erasure', operands: {} }],
  ['a party lists erasures', { operation: 'list-erasures', party: 'retail', about: 'telco-retail-2026', operands: {} }],
])('permitted: %s', (_, request) => {
  expect(ask(request)).toMatchObject({ effect: 'permit', reason: 'agreed' });
});

test('what is asked of the agreement itself is answered whatever its state; what moves data is not', () => {
  for (const [operation, { about, moves }] of Object.entries(OPERATIONS)) {
    if (about !== 'agreement') continue;
    const request = {
      operation,
      party: 'telco',
      about: 'telco-retail-2026',
      operands: moves ? { ip: '203.0.113.9' } : {},
    };
    const conduct = conductOf(PLAN, [], { state: 'draft', signatures: [] });
    expect([operation, ask(request, { conduct }).effect]).toEqual([operation, moves ? 'forbid' : 'permit']);
  }
});

test.each(['draft', 'suspended', 'ended', 'settled'] as const)('a person’s right waits for no state: %s', (state) => {
  const request = { operation: 'request-erasure', party: 'telco', about: 'usage', operands: {} };
  const asked = ask(request, { conduct: conductOf(PLAN, [DAY], { state, signatures: [] }) });
  expect(asked).toMatchObject({ effect: 'permit', policy: 'permit:erase:usage', dataset: 'usage' });
});

const operands = (changed: object) => ({ operands: { ...READ.operands, ...changed } });
const conduct = (changed: object) => ({ conduct: conductOf(PLAN, [DAY], changed) });
const late = breachOf(PLAN, { party: 'retail', leg: PURCHASES });

test.each<[string, string, string, string, Partial<DecisionRequest>, Partial<DecisionContext>]>([
  ['an operation that nobody knows', 'unknown-operation', 'legs', 'none', { operation: 'delete-release' }, {}],
  ['an operation by an inherited name', 'unknown-operation', 'legs', 'none', { operation: 'constructor' }, {}],
  ['a party of another agreement', 'unknown-party', 'parties', 'none', { party: 'bank' }, {}],
  [
    'an erasure by who received',
    'no-policy',
    'legs',
    'none',
    { operation: 'request-erasure', party: 'retail', about: 'usage', operands: {} },
    {},
  ],
  [
    'an erasure that its giver confirms',
    'no-policy',
    'legs',
    'none',
    { operation: 'confirm-erasure', party: 'telco', operands: {} },
    {},
  ],
  ['a leg that is not agreed', 'unknown-leg', 'legs', 'none', { about: 'retail-telco-usage' }, {}],
  ['a leg that is not named', 'unknown-leg', 'legs', 'none', { about: '' }, {}],
  ['an operand that nobody knows', 'unknown-operand', 'legs', 'none', operands({ unless: 'true' }), {}],
  [
    'a purpose that is not agreed',
    'outside-purpose',
    '3.1',
    `forbid:purpose:${USAGE}`,
    operands({ purpose: 'Marketing' }),
    {},
  ],
  [
    'a purpose that is none',
    'outside-purpose',
    '3.1',
    `forbid:purpose:${USAGE}`,
    operands({ purpose: '"] || true || ["' }),
    {},
  ],
  [
    'no purpose',
    'outside-purpose',
    '3.1',
    `forbid:purpose:${USAGE}`,
    { operands: { round: DAY, ip: '198.51.100.7' } },
    {},
  ],
  [
    'another network',
    'foreign-network',
    'parties.retail.networks',
    'forbid:network:read-release:retail',
    operands({ ip: '203.0.113.7' }),
    {},
  ],
  [
    'no network',
    'foreign-network',
    'parties.retail.networks',
    'forbid:network:read-release:retail',
    { operands: { round: DAY, purpose: 'CustomerRelationshipManagement' } },
    {},
  ],
  [
    'an address that is none',
    'foreign-network',
    'parties.retail.networks',
    'forbid:network:read-release:retail',
    operands({ ip: 'localhost' }),
    {},
  ],
  ['somebody else’s leg', 'no-policy', 'legs', 'none', { party: 'telco' }, {}],
  [
    'another’s dataset',
    'no-policy',
    'legs',
    'none',
    { operation: 'request-upload', about: 'purchases', party: 'telco', operands: {} },
    {},
  ],
  [
    'too many requests',
    'over-quota',
    `legs.${USAGE}.quota`,
    `forbid:quota:${USAGE}`,
    {},
    { used: { requests: 101, bytes: 0 } },
  ],
  [
    'too much data',
    'over-quota',
    `legs.${USAGE}.quota`,
    `forbid:quota:${USAGE}`,
    {},
    { used: { requests: 1, bytes: 5001 } },
  ],
  [
    'before all have signed',
    'not-signed',
    '5',
    'forbid:unsigned',
    {},
    conduct({ signatures: [signatureOf(PLAN, 'telco')] }),
  ],
  ['a suspended agreement', 'suspended', 'term', 'forbid:paused', {}, conduct({ state: 'suspended' })],
  [
    'what its giver has stand still',
    'suspended',
    'parties.telco',
    'forbid:paused',
    {},
    conduct({ state: 'suspended', holders: ['telco'] }),
  ],
  ['an agreement whose stack is gone', 'not-active', '5', 'forbid:inactive', {}, conduct({ removed: true })],
  ['after the term', 'outside-term', '5', 'forbid:term', {}, { now: '2027-01-01T00:00:00Z' }],
  [
    'after notice has run out',
    'outside-term',
    '5',
    'forbid:term',
    {},
    conduct({ ending: { by: 'telco', at: '2026-02-01T00:00:00Z', reason: 'x', lastDay: '2026-03-05', clause: '9' } }),
  ],
  ['a party that is late', 'party-suspended', '8', 'forbid:suspended', {}, conduct({ breaches: [late] })],
  ['a round that is open', 'no-complete-round', 'legs', 'forbid:escrow', operands({ round: '2026-03-08' }), {}],
  ['a release whose time is over', 'withdrawn', 'legs', 'forbid:retention', {}, { now: '2026-10-01T00:00:00Z' }],
  [
    'too much while throttled',
    'throttled',
    'remedies[1]',
    'forbid:throttle',
    {},
    {
      ...conduct({ breaches: [breachOf(PLAN, { party: 'retail', trigger: 'forbidden-access' })] }),
      used: { requests: 11, bytes: 0 },
    },
  ],
  [
    'too much while throttled for being late',
    'throttled',
    '8',
    'forbid:throttle',
    {},
    {
      ...conduct({ breaches: [late] }),
      plan: { ...PLAN, remedies: [{ on: 'late-delivery', do: 'throttle' }] },
      used: { requests: 11, bytes: 0 },
    },
  ],
  [
    'a release that a remedy took back',
    'withdrawn',
    '8',
    'forbid:retention',
    {},
    {
      ...conduct({ breaches: [late] }),
      plan: { ...PLAN, remedies: [{ on: 'late-delivery', after: 'P1D', do: 'revoke' }] },
    },
  ],
  [
    'a release of the day from which a remedy takes back',
    'withdrawn',
    '8',
    'forbid:retention',
    {},
    {
      ...conduct({ breaches: [breachOf(PLAN, { party: 'retail', leg: PURCHASES, since: `${DAY}T09:00:00Z` })] }),
      plan: { ...PLAN, remedies: [{ on: 'late-delivery', do: 'revoke' }] },
    },
  ],
  [
    'a release that was out before its round’s day, and before that from which a remedy takes back',
    'withdrawn',
    '8',
    'forbid:retention',
    {},
    {
      ...conduct({
        releases: CONTEXT.conduct.releases.map((release) => ({ ...release, at: '2026-02-01T00:00:00Z' })),
        breaches: [breachOf(PLAN, { party: 'retail', leg: PURCHASES, since: '2026-02-02T09:00:00Z' })],
      }),
      plan: { ...PLAN, remedies: [{ on: 'late-delivery', do: 'revoke' }] },
    },
  ],
  [
    'after a termination',
    'not-active',
    '5',
    'forbid:inactive',
    {},
    conduct({ breaches: [breachOf(PLAN, { party: 'retail', trigger: 'resharing' })] }),
  ],
])('forbidden: %s', (_, reason, clause, policy, request, context) => {
  expect(ask(request, context)).toMatchObject({ effect: 'forbid', reason, clause, policy });
});

test.each([
  ['an amendment has added since', [], 'permit', 'agreed'],
  ['was agreed all the while', PLAN.remedies, 'forbid', 'throttled'],
])('nobody is throttled for what was done before by a remedy that %s', (_, remedies, effect, reason) => {
  const plan: Plan = { ...PLAN, agreement: { ...PLAN.agreement, version: 2 } };
  const versions = [
    placedFor({ ...PLAN, remedies }, { to: '2026-03-08T00:00:00.000Z' }),
    placedFor(plan, { from: '2026-03-08T00:00:00.000Z' }),
  ];
  const breaches = [breachOf(plan, { party: 'retail', kind: 'forbidden-access', trigger: 'forbidden-access' })];
  const context = { plan, conduct: conductOf(plan, [DAY], { breaches, versions }), used: { requests: 11, bytes: 0 } };
  expect(ask({}, context)).toMatchObject({ effect, reason });
});

// As docs/terms.md has it.
test.each([
  [10, 'permit', 'agreed'],
  [11, 'forbid', 'throttled'],
])('request %i of a period by who is throttled is a %s', (requests, effect, reason) => {
  const breaches = [breachOf(PLAN, { party: 'retail', trigger: 'forbidden-access' })];
  expect(ask({}, { ...conduct({ breaches }), used: { requests, bytes: 0 } })).toMatchObject({ effect, reason });
});

test('who is throttled slows nobody else', () => {
  const breaches = [breachOf(PLAN, { party: 'telco', trigger: 'forbidden-access' })];
  const used = { requests: 11, bytes: 0 };
  expect(ask({}, { ...conduct({ breaches }), used })).toMatchObject({ effect: 'permit', reason: 'agreed' });
});

test.each([
  ['prepared', 'permit', 'agreed'],
  ['revoked', 'forbid', 'no-complete-round'],
] as const)('a round of which one release is %s: publication is a %s', (state, effect, reason) => {
  const rounds = [roundOf(PLAN, DAY, { state: 'open' })];
  const releases = [USAGE, PURCHASES].map((leg, at) =>
    releaseOf(PLAN, leg, DAY, { state: at === 0 ? 'prepared' : state }),
  );
  const publish = { operation: 'publish-release', party: 'telco', operands: { round: DAY } };
  expect(ask(publish, conduct({ rounds, releases }))).toMatchObject({ effect, reason });
});

test('whatever is asked, the answer is a record that the registry takes, and no stranger is permitted', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('retail', 'telco', USAGE, 'read-release', 'publish-release', 'request-upload', 'usage'),
  );
  const request = fc.record({
    operation: word,
    party: word,
    about: word,
    operands: fc.dictionary(fc.constantFrom('round', 'purpose', 'ip', 'x'), word),
  });
  fc.assert(
    fc.property(request, (asked) => {
      const decision = decide({ id: 'r', ...asked }, CONTEXT, ENGINE);
      expect(decisionSchema.safeParse(decision).success).toBe(true);
      if (decision.effect === 'permit') expect(['retail', 'telco']).toContain(asked.party);
    }),
    { numRuns: 500, seed: 9 },
  );
});

describe('policies', () => {
  test.each<[string, Plan]>([
    ['telco-retail', readExamplePlan('telco-retail')],
    ['consortium', readExamplePlan('consortium')],
    ['hospital-pharma', readExamplePlan('hospital-pharma')],
    ['a ring', makeRingPlan()],
    ['a crowd', makeCrowdedPlan(10, 30)],
  ])('of %s are valid by the schema, and each has an id of its own and a clause', (_, plan) => {
    const policies = compilePolicies(plan);
    expect(validatePolicies(policies)).toEqual([]);
    expect(new Set(policies.map(({ id }) => id)).size).toBe(policies.length);
    expect(policies.every(({ clause }) => clause !== '')).toBe(true);
  });

  test('that do not hold together are told, and permit nothing', () => {
    const odd = {
      id: 'x',
      text: 'permit (principal, action, resource) when { context.money > 1 };',
      clause: '1',
      reason: 'x',
    };
    expect(validatePolicies([...POLICIES, odd])).toContainEqual(expect.stringContaining('money'));
    const torn = [...POLICIES, { ...odd, text: 'permit (' }];
    expect(validatePolicies(torn)).not.toEqual([]);
    expect(decide(READ, CONTEXT, openCedarEngine(torn))).toMatchObject({ effect: 'forbid', reason: 'no-policy' });
  });

  test('a name cannot end the text that it stands in', () => {
    const name = 'x"] || true || ["';
    const plan = { ...PLAN, legs: [{ ...PLAN.legs[0]!, purposes: [name] }] };
    const policies = compilePolicies(plan);
    const context = { ...CONTEXT, plan, policies, conduct: conductOf(plan, [DAY]) };
    const engine = openCedarEngine(policies);
    expect(decide(READ, context, engine)).toMatchObject({ effect: 'forbid', reason: 'outside-purpose' });
    const asked = { ...READ, operands: { ...READ.operands, purpose: name } };
    expect(decide(asked, context, engine)).toMatchObject({ effect: 'permit' });
  });
});

test('an agreement with as much of everything as its schema lets it have still makes policies', () => {
  const many = <T>(make: (index: number) => T) => Array.from({ length: 1000 }, (_, index) => make(index));
  const cidrs = many((index) => `2001:db8:${index.toString(16)}::/48`);
  const quota = { requests: Number.MAX_SAFE_INTEGER, bytes: 9_000_000 * 1e9 };
  const plan: Plan = {
    ...PLAN,
    term: { ...PLAN.term, ends: '2999-12-31' },
    parties: PLAN.parties.map((each) => ({ ...each, networks: cidrs, sftp: { ...SFTP, cidrs } })),
    legs: PLAN.legs.map((leg) => ({ ...leg, quota, purposes: many((index) => `Purpose${index}`) })),
  };
  const policies = compilePolicies(plan);
  expect(validatePolicies(policies)).toEqual([]);
  const from = (ip: string) =>
    ask(
      { operands: { ...READ.operands, purpose: 'Purpose999', ip } },
      { plan, policies, conduct: conductOf(plan, [DAY]) },
      openCedarEngine(policies),
    );
  expect(from('2001:db8:3e7::1').effect).toBe('permit');
  expect(from('2001:db8:3e8::1')).toMatchObject({ effect: 'forbid', reason: 'foreign-network' });
});
