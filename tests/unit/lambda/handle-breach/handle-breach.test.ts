import { handleBreach, UnreadableBreach } from '../../../../lambda/handle-breach/handle-breach';
import { openRegistry } from '../../../../lib/domain/enforcement/registry/registry';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

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

test('a breach goes on record once, however often it is told', async () => {
  const { registry } = openEmpty();
  const { log, lines } = recordLog();
  await handleBreach(EVENT, registry, log);
  await handleBreach({ ...EVENT, time: '2026-03-01T11:00:00Z' }, registry, log);
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
  await handleBreach(EVENT, registry, recordLog().log);
  const overruled = { by: 'A. Human', at: EVENT.time, reason: 'a holiday' };
  await registry.breaches(ID).change([EVENT.id], (breach) => ({ ...breach, overruled }));
  await handleBreach(EVENT, registry, recordLog().log);
  expect(await registry.breaches(ID).list()).toEqual([expect.objectContaining({ clause: '8.1', overruled })]);
});

test('a party and a leg may have any id that an agreement takes', async () => {
  const { registry } = openEmpty();
  const named = { party: 'corner_retail', leg: 'telco-corner_retail-call_records' };
  await handleBreach({ ...EVENT, detail: { ...EVENT.detail, ...named } }, registry, recordLog().log);
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
  await expect(handleBreach(event, registry, recordLog().log)).rejects.toThrow(UnreadableBreach);
  expect(items.size).toBe(0);
});

test('a registry that cannot be written is a failure', async () => {
  const { store } = openMemoryStore();
  const failing = openRegistry({ ...store, create: () => Promise.reject(new Error('throttled')) });
  await expect(handleBreach(EVENT, failing, recordLog().log)).rejects.toThrow('throttled');
});
