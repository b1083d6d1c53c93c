import { createHmac } from 'node:crypto';
import type { ApiEvent } from '../../../../lambda/shared/api-event';
import { KeyGone } from '../../../../lambda/shared/make-mac';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import { answerErasure, type ErasureSurroundings } from '../../../../lambda/start-erasure/answer-erasure';
import { API_CONTRACTS } from '../../../../lib/domain/enforcement/api/api-contracts';
import { hideFromOthers } from '../../../../lib/domain/enforcement/api/show-erasures';
import { DOOR_BOUNDS } from '../../../../lib/domain/enforcement/doors/door-bounds';
import { NO_AGREEMENT } from '../../../../lib/domain/enforcement/policies/describe-refusal';
import type { Registry } from '../../../../lib/domain/registry/registry';
import type { ReleaseRecord } from '../../../../lib/domain/registry/round-records';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { releaseOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

const AGREEMENT = PLAN.agreement.id;
const [USAGE] = PLAN.legs.map(({ id }) => id) as [string];
const ROOM = '999900001111';
const [TELCO, RETAIL] = PLAN.parties.map(({ account }) => account) as [string, string];
const WHO = '+4915112345678';
const NOW = '2026-03-10T10:00:00.000Z';
const policiesOf = rememberPolicies();
/** As KMS makes it of a key that only it knows. */
const macOf = (key: string, message: string) => createHmac('sha256', `secret of ${key}`).update(message).digest();
const hmac = (secret: Uint8Array) => createHmac('sha256', secret).update(WHO).digest('hex');
const DIGEST = hmac(macOf('arn:key-1', `["erasure","${AGREEMENT}","usage"]`));
const tokenOf = (version: number) =>
  hmac(macOf('arn:key-1', `["token","${AGREEMENT}","retail","usage",${version}]`)).slice(0, 32);

async function openRoom() {
  const { registry, items } = await registerSigned(PLAN);
  const legKeys = { [USAGE]: 'arn:key-1' };
  await registry
    .current(AGREEMENT)
    .change([], (current) => ({ ...current, state: 'active', provisioned: { ...current.provisioned, legKeys } }));
  await registry.releases(AGREEMENT).create(releaseOf(PLAN, USAGE, '2026-03-05', { datasetVersion: 1 }));
  const { log, lines } = recordLog();
  const told: object[] = [];
  let serial = 0;
  const ask = async (
    body: unknown = { dataset: 'usage', identifier: WHO },
    {
      account = TELCO,
      now = NOW,
      makeMac = async (key: string, message: string) => macOf(key, message),
      change = (each: Registry) => each,
      holds = async (_release: ReleaseRecord, _token: string): Promise<boolean | undefined> => undefined,
    } = {},
  ) => {
    serial += 1;
    const event: ApiEvent = {
      routeKey: 'POST /agreements/{agreement}/erasures',
      pathParameters: { agreement: AGREEMENT },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      requestContext: {
        accountId: ROOM,
        requestId: `request-${serial}=`,
        authorizer: { iam: { accountId: account } },
      },
    };
    const parts: ErasureSurroundings = {
      registry: change(registry),
      record: openDoorRecorder(),
      policiesOf,
      makeMac,
      holds,
      tell: async (what, detail) => void told.push({ what, ...detail }),
      now: () => new Date(now),
      log,
    };
    const answer = await answerErasure(event, parts);
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') };
  };
  const decisions = (of = AGREEMENT) => registry.decisions(of).list();
  return { registry, items, ask, decisions, lines, told };
}

test('the owner has a person erased: decided, on record by a digest, and answered as the document says', async () => {
  const { registry, ask, decisions } = await openRoom();
  const { status, body } = await ask();
  expect(status).toBe(201);
  expect(API_CONTRACTS['request-erasure'].answers['201']?.schema.safeParse(body)).toMatchObject({ success: true });
  expect(body).toMatchObject({
    isNew: true,
    // The token is the receiver's alone.
    erasures: [{ leg: USAGE, party: 'retail', tokens: [], unconfirmed: ['2026-03-05'] }],
  });
  expect(await registry.erasures(AGREEMENT).list()).toMatchObject([
    {
      subject: DIGEST,
      key: 'arn:key-1',
      deadline: '2026-04-10T00:00:00.000Z',
      listedAt: NOW,
      receivers: [{ tokens: [tokenOf(1)] }],
    },
  ]);
  expect(await decisions()).toMatchObject([
    { effect: 'permit', operation: 'request-erasure', party: 'telco', dataset: 'usage', policy: 'permit:erase:usage' },
  ]);
});

test('who holds the person is asked, and who does not is not; where that cannot be looked up, as if it did', async () => {
  const { registry, ask } = await openRoom();
  for (const round of ['2026-02-26', '2026-02-19'])
    await registry.releases(AGREEMENT).create(releaseOf(PLAN, USAGE, round, { datasetVersion: 1 }));
  const found: Readonly<Record<string, boolean | undefined>> = { '2026-02-26': false, '2026-02-19': true };
  const looked: string[] = [];
  const holds = async ({ round }: ReleaseRecord, token: string) => {
    looked.push(token);
    return found[round];
  };
  const { body } = await ask(undefined, { holds });
  expect(body.erasures).toMatchObject([{ leg: USAGE, unconfirmed: ['2026-02-19', '2026-03-05'] }]);
  expect(new Set(looked)).toEqual(new Set([tokenOf(1)]));
});

test('nobody is asked where no release holds the person, whose deliveries are cleaned all the same', async () => {
  const { registry, ask } = await openRoom();
  const { status, body } = await ask(undefined, { holds: async () => false });
  expect([status, body.erasures]).toMatchObject([201, [{ releases: [], unconfirmed: [] }]]);
  const [erasure] = await registry.erasures(AGREEMENT).list();
  expect(erasure).toMatchObject({ subject: DIGEST, receivers: [{ party: 'retail', releases: [] }] });
  expect(hideFromOthers([erasure!], new Set([USAGE]))).toMatchObject([{ receivers: [] }]);
  expect(hideFromOthers([erasure!], new Set())).toEqual([erasure]);
});

test('the identifier is nowhere: neither on record, nor in the log, nor in the answer', async () => {
  const { items, ask, lines } = await openRoom();
  const { body } = await ask();
  expect(JSON.stringify([...items, ...lines, body])).not.toContain(WHO.slice(1));
});

test('asked again it is the same, and its deadline stands', async () => {
  const { registry, ask } = await openRoom();
  await ask();
  const { body } = await ask(undefined, { now: '2026-03-20T00:00:00Z' });
  expect(body).toMatchObject({ isNew: false, erasures: [{ deadline: '2026-04-10T00:00:00.000Z' }] });
  expect(await registry.erasures(AGREEMENT).list()).toHaveLength(1);
});

describe('a day has so many persons erased from a dataset', () => {
  const BOUND = DOOR_BOUNDS.erasures;
  const fill = (registry: Registry, count: number) =>
    registry.erasureDays(AGREEMENT).create({
      ...{ agreement: AGREEMENT, dataset: 'usage', day: NOW.slice(0, 10) },
      asked: Array.from({ length: count }, (_, at) => `erasure-usage-${at}`),
    });

  test('and no more: what is beyond is refused, nothing of it on record, and the operator told once', async () => {
    const { registry, ask, told } = await openRoom();
    await fill(registry, BOUND - 1);
    expect((await ask()).status).toBe(201);
    for (const identifier of ['second', 'third']) {
      const { status, body } = await ask({ dataset: 'usage', identifier });
      expect([status, body]).toEqual([429, { reason: 'too-many-today' }]);
      expect(API_CONTRACTS['request-erasure'].answers['429']?.schema.safeParse(body)).toMatchObject({ success: true });
    }
    expect(await registry.erasures(AGREEMENT).list()).toHaveLength(1);
    expect(told).toMatchObject([{ what: 'problemReported', agreement: AGREEMENT, party: 'telco' }]);
    expect(JSON.stringify(told)).toContain(`more than ${BOUND} persons erased from usage on 2026-03-10`);
    // Who is on record can be asked for again; the next day has its own.
    expect((await ask()).status).toBe(201);
    expect((await ask({ dataset: 'usage', identifier: 'second' }, { now: '2026-03-11T00:00:00Z' })).status).toBe(201);
  });

  test('however many ask at once', async () => {
    const { registry, ask } = await openRoom();
    await fill(registry, BOUND - 2);
    const asked = await Promise.all(['a', 'b', 'c', 'd'].map((identifier) => ask({ dataset: 'usage', identifier })));
    expect(asked.map(({ status }) => status).sort()).toEqual([201, 201, 429, 429]);
    expect(await registry.erasures(AGREEMENT).list()).toHaveLength(2);
  });
});

test('each receiver knows it by a name of its own, and the moment of the request is in no answer', async () => {
  const { registry, ask } = await openRoom();
  const { body } = await ask();
  const [erasure] = await registry.erasures(AGREEMENT).list();
  const [receiver] = erasure!.receivers;
  expect(receiver?.erasure).toMatch(/^erasure-usage-[0-9a-f]{16}$/);
  expect(receiver?.erasure).not.toBe(erasure?.id);
  expect(body.erasures).toMatchObject([{ erasure: receiver?.erasure, requestedAt: '2026-03-10T00:00:00Z' }]);
  expect(JSON.stringify(body)).not.toContain(erasure!.id);
  expect(JSON.stringify(body)).not.toContain('T10:');
});

test('a token for each version of the dataset that went out', async () => {
  const { registry, ask } = await openRoom();
  await registry.releases(AGREEMENT).create(releaseOf(PLAN, USAGE, '2026-02-26', { datasetVersion: 7 }));
  await ask();
  const [erasure] = await registry.erasures(AGREEMENT).list();
  expect(erasure?.receivers[0]?.tokens).toEqual([tokenOf(1), tokenOf(7)]);
});

test('later requests hang on the key of the first, whichever legs there are by then', async () => {
  const { registry, ask } = await openRoom();
  await ask();
  await registry.current(AGREEMENT).change([], (current) => ({
    ...current,
    provisioned: { ...current.provisioned, legKeys: { [USAGE]: 'arn:key-2' } },
  }));
  expect((await ask()).body.isNew).toBe(false);
  await ask({ dataset: 'usage', identifier: 'another' });
  const kept = await registry.erasures(AGREEMENT).list();
  expect(kept.map(({ key }) => key)).toEqual(['arn:key-1', 'arn:key-1']);
});

test('what is certified while it is put on record is found by a second look, also after that broke off', async () => {
  const { registry, ask } = await openRoom();
  const late = releaseOf(PLAN, USAGE, '2026-03-12', { state: 'prepared' });
  /** A registry in which a release is certified right after the erasure is on record; then it may break off. */
  const racing = (breaks: boolean) => (each: Registry) => ({
    ...each,
    erasures: (agreement: string) => {
      const erasures = each.erasures(agreement);
      return {
        ...erasures,
        create: async (record: Parameters<typeof erasures.create>[0]) => {
          const isNew = await erasures.create(record);
          await registry.releases(AGREEMENT).create(late);
          if (breaks) throw new Error('broken off');
          return isNew;
        },
      };
    },
  });
  await expect(ask(undefined, { change: racing(true) })).rejects.toThrow('broken off');
  const listed = async () => (await registry.erasures(AGREEMENT).list())[0]?.receivers[0]?.releases;
  expect(await listed()).toEqual(['2026-03-05']);
  await ask();
  expect(await listed()).toEqual(['2026-03-05', '2026-03-12']);
  // What comes after that is cleaned of the person.
  await registry.releases(AGREEMENT).create(releaseOf(PLAN, USAGE, '2026-03-19', { state: 'prepared' }));
  await ask();
  expect(await listed()).toEqual(['2026-03-05', '2026-03-12']);
});

const USAGE_ONLY = { dataset: 'usage', identifier: 'x' };
test.each<[string, unknown, string, number, string]>([
  ['by who received', USAGE_ONLY, RETAIL, 403, 'no-policy'],
  ['of a dataset that is none', { ...USAGE_ONLY, dataset: 'wages' }, TELCO, 403, 'unknown-dataset'],
  ['of nobody', { dataset: 'usage' }, TELCO, 400, 'malformed-request'],
  ['of an empty name', { ...USAGE_ONLY, identifier: '' }, TELCO, 400, 'malformed-request'],
  ['of two lines', { ...USAGE_ONLY, identifier: 'a\nb' }, TELCO, 400, 'malformed-request'],
  ['of a name without end', { ...USAGE_ONLY, identifier: 'x'.repeat(1001) }, TELCO, 400, 'malformed-request'],
  ['that says too much', { ...USAGE_ONLY, key: 'mine' }, TELCO, 400, 'malformed-request'],
  ['in no JSON', '{', TELCO, 400, 'malformed-request'],
])('refused: an erasure %s', async (_, body, account, status, reason) => {
  const { registry, ask, decisions } = await openRoom();
  expect(await ask(body, { account })).toMatchObject({ status, body: { reason } });
  expect(await registry.erasures(AGREEMENT).list()).toEqual([]);
  expect(await decisions()).toHaveLength(1);
});

test('a stranger learns nothing, and that is on record', async () => {
  const { ask, registry } = await openRoom();
  expect(await ask(USAGE_ONLY, { account: '123123123123' })).toMatchObject({
    status: 403,
    body: { reason: 'unknown-caller' },
  });
  expect(await registry.knocks(NO_AGREEMENT).list()).toMatchObject([
    { reason: 'unknown-caller', count: 1, networks: [{ network: '123123123123' }] },
  ]);
});

test('where the keys are gone nobody can be found any more', async () => {
  const { registry, ask } = await openRoom();
  const makeMac = async () => {
    throw new KeyGone('gone');
  };
  expect(await ask(USAGE_ONLY, { makeMac })).toEqual({ status: 409, body: { reason: 'keys-gone' } });
  expect(await registry.erasures(AGREEMENT).list()).toEqual([]);
});

test('an error of the keys is an error, not an answer', async () => {
  const makeMac = async () => {
    throw new Error('throttled');
  };
  await expect((await openRoom()).ask(USAGE_ONLY, { makeMac })).rejects.toThrow('throttled');
});
