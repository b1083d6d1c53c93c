import type { PauseAct } from '../../../../lib/domain/agreement/lifecycle';
import { answerPause } from '../../../../lib/domain/enforcement/answers/pause-by-party';
import { API_CONTRACTS } from '../../../../lib/domain/enforcement/api-contracts';
import { readConduct } from '../../../../lib/domain/enforcement/registry/read-conduct';
import { entitlementsAt } from '../../../../lib/domain/exchange/entitlements-at';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { registerSigned } from '../../../fixtures/registered';

async function open() {
  const { registry, agreement } = await registerSigned(PLAN);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  const told: object[] = [];
  let minute = 0;
  const say = (party: string, act: PauseAct, body: unknown = { reason: 'a leak is looked into' }) => {
    minute += 1;
    const tell = async (what: string, detail: object) => void told.push({ what, ...detail });
    const now = `2026-03-10T10:${String(minute).padStart(2, '0')}:00Z`;
    return answerPause({ agreement, act, party, body }, { registry, tell }, now);
  };
  return { registry, agreement, say, told };
}

test('a party’s veto: everything is withheld until the same party lifts it, and each word is told', async () => {
  const { registry, agreement, say, told } = await open();
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
  expect((await readConduct(registry, agreement))?.conduct.pauses).toMatchObject([{ to: '2026-03-10T10:06:00Z' }]);
  const { history } = (await registry.current(agreement).read())!;
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
  const { registry, agreement, say, told } = await open();
  expect(await say('retail', 'suspend', body)).toEqual({ status, body: { reason } });
  expect([(await registry.current(agreement).read())?.state, told]).toEqual(['active', []]);
});

test('what nobody suspended is not resumed', async () => {
  const { say, told } = await open();
  expect(await say('retail', 'resume')).toEqual({ status: 409, body: { reason: 'other-state' } });
  expect(told).toEqual([]);
});
