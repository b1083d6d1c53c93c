import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type BreachDesk, handleBreach, UnreadableBreach } from '../../../../lambda/handle-breach/handle-breach';
import type { AgreementState } from '../../../../lib/domain/agreement/lifecycle';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../../../lib/domain/agreement/plan/side';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { WordRefused } from '../../../../lib/domain/enforcement/words/require-speaker';
import { reportFailedRelease } from '../../../../lib/domain/exchange/gates/judge-failed-release';
import { NO_GRANTS_SEEN } from '../../../../lib/domain/exchange/peers/find-granted';
import { judgeConduct } from '../../../../lib/domain/exchange/report/judge-conduct';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import { openRegistry, type Registry } from '../../../../lib/domain/registry/registry';
import { releaseOf } from '../../../fixtures/conduct';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { EARLY, NOTHING_MADE, registerSigned } from '../../../fixtures/registered';

type Party = Plan['parties'][number];

const EVENT = {
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  time: '2026-03-01T10:00:00Z',
  source: 'barter.room',
  'detail-type': 'Breach Reported',
  detail: { agreement: 'telco-retail-2026', breach: 'late-delivery', party: 'telco' },
};
const ID = EVENT.detail.agreement;

function openEmpty() {
  const { store, items } = openMemoryStore();
  return { registry: openRegistry(store), items };
}

/** What it tells the room goes to `told`. */
function deskOf(registry: Registry, log = recordLog().log, told: string[] = []): BreachDesk {
  return { registry, log, tell: async (agreement) => void told.push(agreement) };
}

test('a breach goes on record once, however often it is told', async () => {
  const { registry } = openEmpty();
  const { log, lines } = recordLog();
  await handleBreach(EVENT, deskOf(registry, log));
  await handleBreach({ ...EVENT, time: '2026-03-01T11:00:00Z' }, deskOf(registry, log));
  expect(await registry.breaches(ID).list()).toEqual([
    {
      report: EVENT.id,
      agreement: ID,
      kind: 'late-delivery',
      trigger: 'late-delivery',
      party: 'telco',
      clause: 'remedies',
      since: EVENT.time,
      reportedAt: EVENT.time,
      evidence: [],
      taken: [],
    },
  ]);
  const details = { agreement: ID, breach: 'late-delivery', party: 'telco', clause: 'remedies' };
  expect(lines[0]).toEqual(['error', 'Breach on record', details]);
});

test('it cites the clause that its remedy is bound to, and stays as a person left it', async () => {
  const bound = { id: '8.1', text: 'Who is late waits.', controls: ['interlock.delivery'], legalOnly: false };
  const { registry } = await registerSigned({ ...TELCO_RETAIL_PLAN, clauses: [bound] });
  await handleBreach(EVENT, deskOf(registry));
  const overruled = { by: 'A. Human', at: EVENT.time, reason: 'a holiday' };
  await registry.breaches(ID).change([EVENT.id], (breach) => ({ ...breach, overruled }));
  await handleBreach(EVENT, deskOf(registry));
  expect(await registry.breaches(ID).list()).toEqual([expect.objectContaining({ clause: '8.1', overruled })]);
});

test('a party and a leg may have any id that an agreement takes', async () => {
  const { registry } = openEmpty();
  const named = { party: 'corner_retail', leg: 'telco-corner_retail-call_records' };
  await handleBreach({ ...EVENT, detail: { ...EVENT.detail, ...named } }, deskOf(registry));
  expect(await registry.breaches(ID).list()).toEqual([expect.objectContaining(named)]);
});

test.each([
  ['nothing', undefined],
  ['no detail', { ...EVENT, detail: null }],
  ['no agreement', { ...EVENT, detail: { breach: 'late-delivery' } }],
  ['a kind that nobody knows', { ...EVENT, detail: { ...EVENT.detail, breach: 'bad-manners' } }],
  ['no kind', { ...EVENT, detail: { agreement: 'telco-retail-2026' } }],
  ['an agreement that would end a key', { ...EVENT, detail: { agreement: 'a#b', breach: 'late-delivery' } }],
  ['a party that is no name', { ...EVENT, detail: { ...EVENT.detail, party: { id: 'telco' } } }],
  ['no id', { ...EVENT, id: '' }],
])('a report with %s is not dropped in silence: it fails, and writes nothing', async (_, event) => {
  const { items, registry } = openEmpty();
  await expect(handleBreach(event, deskOf(registry))).rejects.toThrow(UnreadableBreach);
  expect(items.size).toBe(0);
});

test('a registry that cannot be written is a failure', async () => {
  const { store } = openMemoryStore();
  const failing = openRegistry({ ...store, create: () => Promise.reject(new Error('throttled')) });
  await expect(handleBreach(EVENT, deskOf(failing))).rejects.toThrow('throttled');
});

describe('a person overrules', () => {
  const OVERRULED = {
    ...EVENT,
    'detail-type': 'Breach Overruled',
    account: '999900001111',
    detail: { agreement: ID, report: EVENT.id, by: 'operator', reason: 'agreed by telephone' },
  };

  const accountOf = (party: string) => TELCO_RETAIL_PLAN.parties.find(({ id }) => id === party)!.account;
  const byRetail = { ...OVERRULED, account: accountOf('retail'), detail: { ...OVERRULED.detail, by: 'retail' } };

  test('a breach, once and for all, and the room is told after it is on record', async () => {
    const { registry } = await registerSigned(TELCO_RETAIL_PLAN);
    await handleBreach(EVENT, deskOf(registry));
    const told: string[] = [];
    const desk = deskOf(registry, undefined, told);
    await handleBreach(OVERRULED, desk);
    await handleBreach(byRetail, desk);
    const overruled = { by: 'operator', reason: 'agreed by telephone', at: EVENT.time };
    expect(await registry.breaches(ID).list()).toMatchObject([{ report: EVENT.id, overruled }]);
    expect(told).toEqual([ID, ID]);
  });

  test.each<[string, string, Side, string?]>([
    ['who is in breach', 'telco', { kind: 'hosted' }, accountOf('telco')],
    ['a party, from another account than its own', 'retail', { kind: 'hosted' }],
    ['a party, from the account of who is in breach', 'retail', { kind: 'hosted' }, accountOf('telco')],
    ['the operator, where that is who is in breach', 'operator', { kind: 'hosted', operator: 'telco' }],
    ['the operator of its own room', 'operator', { kind: 'peer', party: 'telco' }],
    ['somebody who is no party', 'A. Keeper', { kind: 'hosted' }],
  ])('nothing as %s', async (_, by, side, account = OVERRULED.account) => {
    const { store } = openMemoryStore();
    const registry = openRegistry(store);
    const plan = planForSide(TELCO_RETAIL_PLAN, side);
    const hash = createHash('sha256')
      .update(canonicalize(plan) ?? '')
      .digest('hex');
    await registerAgreement(registry, { hash, plan, provisioned: NOTHING_MADE }, EARLY);
    await handleBreach(EVENT, deskOf(registry));
    const event = { ...OVERRULED, account, detail: { ...OVERRULED.detail, by } };
    await expect(handleBreach(event, deskOf(registry))).rejects.toThrow(WordRefused);
    expect((await registry.breaches(ID).list())[0]).not.toHaveProperty('overruled');
    await handleBreach(byRetail, deskOf(registry));
    expect(await registry.breaches(ID).list()).toMatchObject([{ overruled: { by: 'retail' } }]);
  });

  test.each([
    ['that is not on record', { ...OVERRULED.detail, report: 'none' }],
    ['without a reason', { ...OVERRULED.detail, reason: '' }],
    ['without a name', { ...OVERRULED.detail, by: undefined }],
    ['by an id that would end a key', { ...OVERRULED.detail, report: 'a#b' }],
  ])('nothing %s', async (_, detail) => {
    const { registry, items } = openEmpty();
    await expect(handleBreach({ ...OVERRULED, detail }, deskOf(registry))).rejects.toThrow(UnreadableBreach);
    expect(items.size).toBe(0);
  });
});

describe('a person has the agreement', () => {
  const say = (act: 'Suspended' | 'Resumed', time: string, by = 'operator', account = '999900001111') => ({
    ...EVENT,
    'detail-type': `Agreement ${act}`,
    time,
    account,
    detail: { agreement: ID, by, reason: 'a leak is looked into' },
  });
  const [TEN, ELEVEN, NOON] = ['2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z', '2026-03-01T12:00:00Z'] as const;
  const [TELCO, RETAIL] = TELCO_RETAIL_PLAN.parties as [Party, Party];

  async function openIn(state: AgreementState) {
    const { registry, items } = await registerSigned(TELCO_RETAIL_PLAN);
    await registry.current(ID).change([], (current) => ({ ...current, state, history: [] }));
    const read = async () => (await registry.current(ID).read())!;
    return { registry, items, read };
  }

  test('stand still and go on: told twice, or late, it changes nothing, and the room is told after each', async () => {
    const { registry, read } = await openIn('active');
    const told: string[] = [];
    const desk = deskOf(registry, recordLog().log, told);
    const suspended = say('Suspended', TEN);
    for (let times = 0; times < 2; times += 1) await handleBreach(suspended, desk);
    const clause = 'term';
    const reason = suspended.detail.reason;
    const first = { act: 'suspend', from: 'active', to: 'suspended', at: TEN, by: 'operator', reason, clause };
    expect(await read()).toMatchObject({ state: 'suspended', history: [first] });
    expect((await readConduct(registry, ID))?.conduct).not.toHaveProperty('pauses');
    const resumed = say('Resumed', ELEVEN);
    for (const event of [resumed, suspended, resumed]) await handleBreach(event, desk);
    const second = { act: 'resume', from: 'suspended', to: 'active', at: ELEVEN, by: 'operator', reason, clause };
    expect(await read()).toMatchObject({ state: 'active', history: [first, second] });
    expect((await readConduct(registry, ID))?.conduct.pauses?.map(({ to }) => to)).toEqual([ELEVEN]);
    expect(told).toEqual([ID, ID, ID, ID, ID]);
    await expect(handleBreach(say('Suspended', '2026-03-01T10:30:00Z', 'telco', TELCO.account), desk)).rejects.toThrow(
      'it stays active',
    );
    expect(told).toHaveLength(5);
  });

  test('go on by the word of whoever had them stand still alone: a party’s veto is its own', async () => {
    const { registry, read } = await openIn('active');
    const desk = deskOf(registry, recordLog().log, []);
    await handleBreach(say('Suspended', TEN, 'telco', TELCO.account), desk);
    await expect(handleBreach(say('Resumed', ELEVEN), desk)).rejects.toThrow('it was suspended by telco');
    expect((await read()).state).toBe('suspended');
    await handleBreach(say('Resumed', NOON, 'telco', TELCO.account), desk);
    expect((await read()).state).toBe('active');
  });

  test.each<[AgreementState, 'Suspended' | 'Resumed']>([
    ['draft', 'Suspended'],
    ['signed', 'Suspended'],
    ['suspended', 'Suspended'],
    ['ended', 'Suspended'],
    ['settled', 'Suspended'],
    ['active', 'Resumed'],
    ['ended', 'Resumed'],
  ])('that is %s not %s', async (state, act) => {
    const { registry, read } = await openIn(state);
    const told: string[] = [];
    const run = handleBreach(say(act, NOON), deskOf(registry, recordLog().log, told));
    await expect(run).rejects.toThrow(
      `${ID}: an agreement that is ${state} cannot ${act === 'Resumed' ? 'resume' : 'suspend'}.`,
    );
    expect(await read()).toMatchObject({ state, history: [] });
    expect(told).toEqual([]);
  });

  test.each([
    ['a party, from the account of another', say('Suspended', TEN, 'retail', TELCO.account), WordRefused],
    ['a party, from the account of none', say('Suspended', TEN, 'retail'), WordRefused],
    ['somebody who is no party', say('Suspended', TEN, 'A. Keeper', RETAIL.account), WordRefused],
    ['nobody', { ...say('Suspended', TEN), detail: { agreement: ID, reason: 'x' } }, UnreadableBreach],
    [
      'who says not why',
      { ...say('Suspended', TEN), detail: { agreement: ID, by: 'operator', reason: '' } },
      UnreadableBreach,
    ],
    ['no account', { ...say('Suspended', TEN), account: undefined }, UnreadableBreach],
  ])('do nothing as %s', async (_, event, refused) => {
    const { registry, items } = await openIn('active');
    const before = structuredClone([...items]);
    await expect(handleBreach(event, deskOf(registry))).rejects.toThrow(refused);
    expect([...items]).toEqual(before);
  });

  test('that is not here do nothing', async () => {
    const { registry, items } = openEmpty();
    await expect(handleBreach(say('Suspended', TEN), deskOf(registry))).rejects.toThrow(WordRefused);
    expect(items.size).toBe(0);
  });
});

describe('a delivery that goes no further', () => {
  const PLAN = TELCO_RETAIL_PLAN;
  const withheld = (error: string, detail: object = {}) => ({
    ...EVENT,
    'detail-type': 'Delivery Withheld',
    detail: { delivery: `${ID}/usage/upload/march.csv`, run: 'run-1', error, ...detail },
  });

  async function openActive() {
    const { registry } = await registerSigned(PLAN);
    await registry.current(ID).change([], (current) => ({ ...current, state: 'active' }));
    return registry;
  }

  test.each([
    ['the delivery was refused: empty-file', []],
    ['Glue.JobFailed', []],
    ['ReleaseNotCertified', []],
    ['the release is withheld at the gate privacy', ['failed-release']],
    ['GateNotPassed', ['failed-release']],
  ])('with %j: it is on record once, and breaches are %j', async (error, kinds) => {
    const registry = await openActive();
    const told: string[] = [];
    for (let times = 0; times < 2; times += 1)
      await handleBreach(withheld(error), deskOf(registry, recordLog().log, told));
    expect(await registry.refusals(ID).list()).toEqual([
      { id: 'run-1', agreement: ID, dataset: 'usage', file: 'march.csv', error, at: EVENT.time },
    ]);
    const breaches = await registry.breaches(ID).list();
    expect(breaches.map(({ kind }) => kind)).toEqual(kinds);
    for (const breach of breaches)
      expect(breach).toMatchObject({ party: 'telco', leg: PLAN.legs[0]!.id, trigger: 'failed-release' });
    expect(told).toEqual([ID, ID]);
  });

  test('of no agreement here is nobody’s', async () => {
    const registry = await openActive();
    const told: string[] = [];
    const event = withheld('GateNotPassed', { delivery: 'another-2026/usage/sftp/a.csv' });
    await handleBreach(event, deskOf(registry, recordLog().log, told));
    expect([await registry.breaches(ID).list(), told]).toEqual([[], []]);
  });

  test('that says what it must not is a dead letter', async () => {
    const registry = await openActive();
    for (const detail of [{ delivery: '../x' }, { run: 'a b' }, { delivery: '' }])
      await expect(handleBreach(withheld('GateNotPassed', detail), deskOf(registry))).rejects.toThrow(UnreadableBreach);
  });

  test('is over with the next release that is certified for its round, and a remedy lasts until then', async () => {
    const registry = await openActive();
    await handleBreach(withheld('GateNotPassed'), deskOf(registry));
    const [breach] = await registry.breaches(ID).list();
    const on = (await readConduct(registry, ID))!;
    const nothing = { commitments: [], equivocations: [], grants: NO_GRANTS_SEEN, erasures: [], receipts: [] };
    const failed = ({ report }: { readonly report: string }) => report === breach?.report;
    expect(judgeConduct(on, nothing, '2026-03-02T10:00:00Z').ended.filter(failed)).toEqual([]);
    const at = '2026-03-03T10:00:00Z';
    const release = releaseOf(PLAN, breach!.leg!, breach!.round!, { at });
    const mended = { ...on, conduct: { ...on.conduct, releases: [release] } };
    expect(judgeConduct(mended, nothing, at).ended.filter(failed)).toEqual([{ report: breach?.report, at }]);
    expect(reportFailedRelease(PLAN, { ...mended.conduct, state: 'ended' }, 'usage', at)).toEqual([]);
    const again = reportFailedRelease(PLAN, mended.conduct, 'usage', at, new Map([[breach!.leg!, breach!.round!]]));
    expect(again).toEqual([]);
  });
});
