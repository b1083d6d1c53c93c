import { answerReading } from '../../../../lambda/presign-download/answer-reading';
import type { ApiEvent } from '../../../../lambda/shared/api-event';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import { API_CONTRACTS } from '../../../../lib/domain/enforcement/api/api-contracts';
import { NO_AGREEMENT } from '../../../../lib/domain/enforcement/policies/describe-refusal';
import type { Registry } from '../../../../lib/domain/registry/registry';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { breachOf, releaseOf, roundOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

const [FIRST, SECOND] = TELCO_RETAIL_PLAN.legs;
const PLAN = {
  ...TELCO_RETAIL_PLAN,
  parties: [TELCO_RETAIL_PLAN.parties[0]!, { ...TELCO_RETAIL_PLAN.parties[1]!, networks: ['198.51.100.0/24'] }],
  legs: [{ ...FIRST!, via: { kind: 'api' as const }, quota: { requests: 20, bytes: 1000 } }, SECOND!],
  remedies: [{ on: 'forbidden-access' as const, do: 'throttle' as const }],
};
const AGREEMENT = PLAN.agreement.id;
const LEG = FIRST!.id;
const DAY = '2026-03-05';
const ROOM = '999900001111';
const [TELCO, RETAIL] = PLAN.parties.map(({ account }) => account) as [string, string];
const PURPOSE = FIRST!.purposes[0]!;
const FILES = [
  { key: `${AGREEMENT}/${LEG}/round=${DAY}/part-0.parquet`, bytes: 60 },
  { key: `${AGREEMENT}/${LEG}/round=${DAY}/part-1.parquet`, bytes: 40 },
];
const policiesOf = rememberPolicies();

async function openRoom() {
  const { registry } = await registerSigned(PLAN);
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  await registry.rounds(AGREEMENT).create(roundOf(PLAN, DAY));
  for (const { id } of PLAN.legs) await registry.releases(AGREEMENT).create(releaseOf(PLAN, id, DAY));
  const { log, lines } = recordLog();
  const listed: string[] = [];
  let serial = 0;
  const ask = async (
    changed: Partial<ApiEvent> & { readonly account?: string; readonly ip?: string } = {},
    at = '2026-03-10T10:00:00Z',
    change = (each: Registry) => each,
  ) => {
    serial += 1;
    const { account = RETAIL, ip = '198.51.100.7', ...rest } = changed;
    const answer = await answerReading(
      {
        routeKey: 'GET /agreements/{agreement}/releases/{release}/files',
        pathParameters: { agreement: AGREEMENT, release: `${DAY}.${LEG}` },
        queryStringParameters: { purpose: PURPOSE },
        requestContext: {
          accountId: ROOM,
          requestId: `request-${serial}=`,
          http: { sourceIp: ip },
          authorizer: { iam: { accountId: account } },
        },
        ...rest,
      },
      {
        registry: change(registry),
        record: openDoorRecorder(Number.POSITIVE_INFINITY),
        policiesOf,
        list: async (prefix) => {
          listed.push(prefix);
          return FILES;
        },
        sign: async (keys, { decision }) => keys.map((key) => `https://lake.example/${key}?signed=${decision}`),
        now: () => new Date(at),
        log,
      },
    );
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') };
  };
  const budget = async () => (await registry.budgets(AGREEMENT).list()).map(({ requests, bytes }) => [requests, bytes]);
  const decisions = (of = AGREEMENT) => registry.decisions(of).list();
  return { registry, ask, budget, decisions, listed, lines };
}

test('the receiver gets a link for each file, which is counted, and the decision is on record', async () => {
  const { ask, budget, decisions, listed, lines } = await openRoom();
  const { status, body } = await ask();
  expect(API_CONTRACTS['read-release'].answers[String(status)]?.schema.safeParse(body)).toMatchObject({
    success: true,
  });
  expect(body.files.map(({ name, bytes }: { name: string; bytes: number }) => [name, bytes])).toEqual([
    ['part-0.parquet', 60],
    ['part-1.parquet', 40],
  ]);
  expect(body.expiresAt).toBe('2026-03-10T10:15:00.000Z');
  expect(listed).toEqual([`${AGREEMENT}/${LEG}/round=${DAY}/`]);
  expect(await budget()).toEqual([[1, 100]]);
  const [decision] = await decisions();
  expect(decision).toMatchObject({ effect: 'permit', door: 'read', leg: LEG, round: DAY, party: 'retail' });
  // A log line or a record that held the link would be the right to read.
  expect(JSON.stringify([lines, decision])).not.toContain('signed');
});

test('beyond the quota it is refused, and nothing more is counted; the next period starts anew', async () => {
  const { ask, budget, decisions } = await openRoom();
  for (let times = 0; times < 10; times += 1) expect((await ask()).status).toBe(200);
  expect(await ask()).toMatchObject({ status: 403, body: { reason: 'over-quota', clause: `legs.${LEG}.quota` } });
  expect(await budget()).toEqual([[10, 1000]]);
  expect((await ask({}, '2026-05-10T10:00:00Z')).status).toBe(200);
  expect((await decisions()).filter(({ effect }) => effect === 'forbid')).toHaveLength(1);
});

test('what links were used to read counts too, where it is more than they were given for', async () => {
  const { ask, budget, registry } = await openRoom();
  await ask();
  const [given] = await registry.budgets(AGREEMENT).list();
  const period = given!.period.slice(0, 10);
  const usage = {
    agreement: AGREEMENT,
    position: 9,
    days: [],
    periods: [{ leg: LEG, period, requests: 9, bytes: 850 }],
  };
  await registry.usage(AGREEMENT).create(usage);
  expect((await ask()).status).toBe(200);
  expect(await budget()).toEqual([[2, 950]]);
  expect(await ask()).toMatchObject({ status: 403, body: { reason: 'over-quota' } });
});

test('many who ask at once get no more than was agreed', async () => {
  const { ask, budget } = await openRoom();
  const answers = await Promise.all(Array.from({ length: 15 }, () => ask()));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
  expect(await budget()).toEqual([[10, 1000]]);
});

test('who is throttled has ten requests in a period', async () => {
  const { ask, registry } = await openRoom();
  const breach = breachOf(PLAN, {
    party: 'retail',
    trigger: 'forbidden-access',
    kind: 'bulk-read',
    since: `${DAY}T00:00:00Z`,
  });
  await registry.breaches(AGREEMENT).create(breach);
  const period = '2026-03-05T00:00:00Z';
  await ask();
  const [counted] = await registry.budgets(AGREEMENT).list();
  await registry
    .budgets(AGREEMENT)
    .change([LEG, counted?.period ?? period], (each) => ({ ...each, requests: 10, bytes: 0 }));
  expect(await ask()).toMatchObject({ status: 403, body: { reason: 'throttled' } });
});

test.each<[string, Parameters<Awaited<ReturnType<typeof openRoom>>['ask']>[0], string]>([
  ['no purpose', { queryStringParameters: {} }, 'outside-purpose'],
  ['another purpose', { queryStringParameters: { purpose: 'Profiling' } }, 'outside-purpose'],
  ['another network', { ip: '203.0.113.9' }, 'foreign-network'],
  ['the giver', { account: TELCO }, 'no-policy'],
  [
    'a leg that comes another way',
    {
      account: TELCO,
      pathParameters: { agreement: AGREEMENT, release: `${DAY}.${SECOND!.id}` },
      queryStringParameters: { purpose: SECOND!.purposes[0]! },
    },
    'delivered-another-way',
  ],
  ['a leg that is none', { pathParameters: { agreement: AGREEMENT, release: `${DAY}.x` } }, 'unknown-leg'],
  ['a release that is none', { pathParameters: { agreement: AGREEMENT, release: '../../x' } }, 'unknown-leg'],
  [
    'a round that is not published',
    { pathParameters: { agreement: AGREEMENT, release: `2026-03-12.${LEG}` } },
    'no-complete-round',
  ],
])('refused, on record, and not counted: %s', async (_, changed, reason) => {
  const { ask, budget, decisions, listed } = await openRoom();
  expect(await ask(changed)).toMatchObject({ status: 403, body: { decision: 'forbid', reason } });
  expect(await decisions()).toMatchObject([{ effect: 'forbid', reason, operation: 'read-release' }]);
  expect(listed).toEqual([]);
  expect(await budget()).toEqual([]);
});

test('a stranger is counted among strangers', async () => {
  const { ask, decisions, registry } = await openRoom();
  expect(await ask({ account: '123456789012' })).toMatchObject({ status: 403, body: { reason: 'unknown-caller' } });
  expect(await decisions(NO_AGREEMENT)).toEqual([]);
  expect(await registry.knocks(NO_AGREEMENT).list()).toMatchObject([
    { reason: 'unknown-caller', count: 1, networks: [{ network: '123456789012' }] },
  ]);
});

test('what cannot be counted or recorded is not given', async () => {
  const { ask } = await openRoom();
  const broken = (): never => {
    throw new Error('throttled');
  };
  await expect(ask({}, undefined, (registry) => ({ ...registry, budgets: broken }))).rejects.toThrow('throttled');
  await expect(ask({}, undefined, (registry) => ({ ...registry, decisions: broken }))).rejects.toThrow('throttled');
});
