import { answerOverruling } from '../../../../lib/domain/enforcement/api/answers/overrule-by-party';
import { API_CONTRACTS } from '../../../../lib/domain/enforcement/api/api-contracts';
import { breachOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { registerSigned } from '../../../fixtures/registered';

const NOW = '2026-03-10T10:00:00Z';
const [USAGE] = TELCO_RETAIL_PLAN.legs.map(({ id }) => id);
/** A third party that neither gives nor gets by the leg in question. */
const PLAN = {
  ...TELCO_RETAIL_PLAN,
  parties: [...TELCO_RETAIL_PLAN.parties, { ...TELCO_RETAIL_PLAN.parties[0]!, id: 'bank', account: '777788889999' }],
};

async function openRoom() {
  const { registry, agreement } = await registerSigned(PLAN, []);
  await registry.breaches(agreement).create(breachOf(PLAN, { party: 'retail', leg: USAGE! }));
  const told: object[] = [];
  const tell = async (what: string, detail: object) => void told.push({ what, ...detail });
  const say = (party: string, body: unknown) => answerOverruling({ agreement, party, body }, { registry, tell }, NOW);
  const overruled = async () => (await registry.breaches(agreement).read('report-1'))?.overruled;
  return { agreement, say, told, overruled };
}

const SAID = { breach: 'report-1', reason: 'a new office, agreed by telephone' };

test('a party that a breach of another concerns overrules it, once and for all, and the room is told', async () => {
  const { agreement, say, told, overruled } = await openRoom();
  const by = { by: 'telco', at: NOW, reason: SAID.reason };
  const answer = { status: 201, body: { decision: 'permit', overruled: by } };
  expect(await say('telco', SAID)).toEqual(answer);
  expect(API_CONTRACTS['overrule-breach'].answers['201']?.schema.safeParse(answer.body).success).toBe(true);
  expect(await say('telco', { ...SAID, reason: 'another' })).toEqual(answer);
  expect(await overruled()).toEqual(by);
  expect(told).toContainEqual({
    what: 'breachLifted',
    agreement,
    breach: 'report-1',
    by: 'telco',
    reason: SAID.reason,
  });
});

test.each([
  ['retail', SAID, 409, 'not-to-overrule'],
  ['bank', SAID, 409, 'not-to-overrule'],
  ['telco', { ...SAID, breach: 'report-2' }, 404, 'no-such-breach'],
  ['telco', { ...SAID, by: 'operator' }, 400, 'malformed-request'],
  ['telco', { ...SAID, reason: 'a\nb' }, 400, 'malformed-request'],
  ['telco', null, 400, 'malformed-request'],
])('%s saying %j is refused', async (party, body, status, reason) => {
  const { say, told, overruled } = await openRoom();
  expect(await say(party, body)).toEqual({ status, body: { reason } });
  expect([await overruled(), told]).toEqual([undefined, []]);
});
