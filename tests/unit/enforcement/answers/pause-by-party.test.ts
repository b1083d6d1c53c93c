import { API_CONTRACTS } from '../../../../lib/domain/enforcement/api/api-contracts';
import { pauseAgreement } from '../../../../lib/domain/enforcement/words/pause-agreement';
import { entitlementsAt } from '../../../../lib/domain/exchange/entitlements/entitlements-at';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import { openSayings } from './open-sayings';

test('a party’s veto: everything is withheld until the same party lifts it, and each word is told', async () => {
  const { registry, agreement, say, told } = await openSayings();
  const effects = async () => {
    const { plan, conduct } = (await readConduct(registry, agreement))!;
    return new Set(entitlementsAt(plan, conduct, '2026-03-10T12:00:00Z').map(({ reason }) => reason));
  };
  expect(await effects()).not.toContain('suspended');
  const suspended = { status: 201, body: { decision: 'permit', state: 'suspended', heldBy: ['retail'] } };
  // Whoever asks again may have got no answer.
  for (let times = 0; times < 2; times += 1) expect(await say('retail', 'suspend')).toEqual(suspended);
  expect(API_CONTRACTS['suspend-agreement'].answers['201']?.schema.safeParse(suspended.body).success).toBe(true);
  expect(await effects()).toEqual(new Set(['suspended']));
  expect(await say('telco', 'resume')).toEqual({ status: 409, body: { reason: 'of-others' } });
  expect(await effects()).toEqual(new Set(['suspended']));
  expect(await say('telco', 'suspend')).toMatchObject({ body: { heldBy: ['retail', 'telco'] } });
  expect(await say('retail', 'resume')).toMatchObject({ body: { state: 'suspended', heldBy: ['telco'] } });
  expect(await say('telco', 'resume')).toMatchObject({ body: { state: 'active', heldBy: [] } });
  expect((await readConduct(registry, agreement))?.conduct.pauses).toEqual([
    { from: '2026-03-10T10:01:00Z', to: '2026-03-10T10:04:00Z', by: ['retail'] },
    { from: '2026-03-10T10:04:00Z', to: '2026-03-10T10:05:00Z', by: ['retail', 'telco'] },
    { from: '2026-03-10T10:05:00Z', to: '2026-03-10T10:06:00Z', by: ['telco'] },
  ]);
  const { history } = (await readConduct(registry, agreement))!.current;
  expect(history.slice(-4).map(({ act, by }) => `${by} ${act}`)).toEqual([
    'retail suspend',
    'telco suspend',
    'retail resume',
    'telco resume',
  ]);
  expect(told).toHaveLength(5);
  expect(told[0]).toEqual({
    ...{ what: 'agreementPaused', agreement, act: 'suspend', by: 'retail' },
    reason: 'a leak is looked into',
  });
});

test.each([
  [{ reason: '' }, 400, 'malformed-request'],
  [{ reason: 'a\nb' }, 400, 'malformed-request'],
  [{ reason: 'x', by: 'telco' }, 400, 'malformed-request'],
  [null, 400, 'malformed-request'],
])('refused: %j', async (body, status, reason) => {
  const { registry, agreement, say, told } = await openSayings();
  expect(await say('retail', 'suspend', body)).toEqual({ status, body: { reason } });
  expect([(await registry.current(agreement).read())?.state, told]).toEqual(['active', []]);
});

test('what nobody suspended is not resumed', async () => {
  const { say, told } = await openSayings();
  expect(await say('retail', 'resume')).toEqual({ status: 409, body: { reason: 'other-state' } });
  expect(told).toEqual([]);
});

const DAY = 24 * 60;
const LONG = Array.from({ length: 1000 }, (_, at) => String.fromCharCode(0x4e00 + ((at * 7919) % 20_000))).join('');

test('ten words of a party on one day are taken; one more is refused until the next, and others have theirs', async () => {
  const { registry, agreement, say } = await openSayings();
  for (let times = 0; times < 5; times += 1)
    for (const act of ['suspend', 'resume'] as const) expect((await say('retail', act)).status).toBe(201);
  const refused = { status: 409, body: { reason: 'too-often' } };
  expect(await say('retail', 'suspend')).toEqual(refused);
  expect(API_CONTRACTS['suspend-agreement'].answers['409']?.schema.safeParse(refused.body).success).toBe(true);
  expect(await say('telco', 'suspend')).toMatchObject({ status: 201, body: { heldBy: ['telco'] } });
  expect(await say('retail', 'suspend')).toEqual(refused);
  expect(await say('retail', 'suspend', { reason: LONG }, DAY)).toMatchObject({
    body: { heldBy: ['telco', 'retail'] },
  });
  expect((await readConduct(registry, agreement))?.current.history.filter(({ act }) => act === 'suspend')).toHaveLength(
    7,
  );
});

test('a word that comes again after its record was put apart changes nothing', async () => {
  const { registry, agreement, say } = await openSayings();
  const first = { act: 'suspend', by: 'retail', at: '2026-03-10T10:01:00Z', reason: 'a leak is looked into' } as const;
  for (const act of ['suspend', 'resume', 'suspend', 'resume'] as const) await say('retail', act);
  const before = await registry.current(agreement).read();
  expect(before?.history.filter(({ act }) => act === 'suspend')).toHaveLength(1);
  expect(await pauseAgreement(registry, agreement, first)).toEqual(before);
});
