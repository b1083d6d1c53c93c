import fc from 'fast-check';
import { openDoorRecorder } from '../../../lambda/shared/record-at-door';
import { describeStranger, NO_AGREEMENT } from '../../../lib/domain/enforcement/policies/describe-refusal';
import type { DecisionRecord } from '../../../lib/domain/registry/door-records';
import { openRegistry } from '../../../lib/domain/registry/registry';
import { openMemoryStore } from '../../fixtures/memory-store';

const AGREEMENT = 'telco-retail-2026';
const atSecond = (second: number) => new Date(Date.parse('2026-03-01T00:00:00Z') + second * 1000).toISOString();
const stranger = (second: number, reason = 'unknown-user') =>
  describeStranger({ id: `knock-${second}`, operation: 'connect-sftp', reason }, atSecond(second));
const refusal = (second: number, reason = 'foreign-network'): DecisionRecord => ({
  ...stranger(second, reason),
  agreement: { id: AGREEMENT, version: 1 },
  party: 'telco',
});

function openDoor() {
  const { store, items } = openMemoryStore();
  let writes = 0;
  const counting = {
    ...store,
    create: (...of: Parameters<typeof store.create>) => {
      writes += 1;
      return store.create(...of);
    },
    replace: (...of: Parameters<typeof store.replace>) => {
      writes += 1;
      return store.replace(...of);
    },
  };
  const registry = openRegistry(counting);
  const record = openDoorRecorder();
  return { registry, items, record, writes: () => writes };
}

test('a flood of strangers, from wherever, makes a few records and few writes; the count tells how many it was', async () => {
  const { registry, items, record, writes } = openDoor();
  const FLOOD = 6_000;
  for (let knock = 0; knock < FLOOD; knock += 1) {
    const ip = `${knock % 200}.${(knock >> 3) % 256}.${knock % 256}.7`;
    await record(registry, stranger(knock / 1000), ip);
  }
  // One more of each network, when the flood is over.
  for (let at = 0; at < 200; at += 1) await record(registry, stranger(FLOOD / 1000 + 60), `${at}.0.${at}.9`);
  expect(items.size).toBeLessThanOrEqual(16);
  expect(writes()).toBeLessThan(16 * 150);
  const counted = (await registry.knocks(NO_AGREEMENT).list()).reduce((sum, { count }) => sum + count, 0);
  expect(counted).toBeLessThanOrEqual(FLOOD + 200);
  expect(counted).toBeGreaterThan(FLOOD);
  expect(await registry.decisions(NO_AGREEMENT).list()).toEqual([]);
});

test('refusals of a party are on record whole up to a number a day, and counted; another reason, or day, begins anew', async () => {
  const { registry, record } = openDoor();
  for (let knock = 0; knock < 1000; knock += 1) await record(registry, refusal(knock), '198.51.100.1');
  const whole = () => registry.decisions(AGREEMENT).list();
  expect(await whole()).toHaveLength(100);
  await record(registry, refusal(1001, 'wrong-key'), '198.51.100.1');
  await record(registry, refusal(86_400), '198.51.100.1');
  expect((await whole()).slice(100)).toMatchObject([{ reason: 'wrong-key' }, { at: '2026-03-02T00:00:00.000Z' }]);
  expect(await registry.knocks(AGREEMENT).list()).toMatchObject([
    { day: '2026-03-01', slot: 'telco:foreign-network', networks: [{ network: '198.51.100.0/24' }] },
    { day: '2026-03-01', slot: 'telco:wrong-key', count: 1 },
    { day: '2026-03-02', slot: 'telco:foreign-network', count: 1 },
  ]);
});

test('a party is let in and that is on record, whatever flood goes on in its name', async () => {
  const { registry, record } = openDoor();
  for (let knock = 0; knock < 500; knock += 1) await record(registry, refusal(knock), '198.51.100.1');
  await record(registry, { ...refusal(500, 'agreed'), effect: 'permit' }, '203.0.113.7');
  expect((await registry.decisions(AGREEMENT).list()).at(-1)).toMatchObject({ effect: 'permit', reason: 'agreed' });
});

test('who is let in again and again is on record whole up to a number, then every few seconds; other terms begin anew', async () => {
  const { registry, record } = openDoor();
  const permit = (second: number, version = 1): DecisionRecord => ({
    ...refusal(second, 'agreed'),
    id: `knock-${version}-${second}`,
    agreement: { id: AGREEMENT, version },
    effect: 'permit',
  });
  for (let knock = 0; knock < 1000; knock += 1) await record(registry, permit(knock / 10), '203.0.113.7');
  const whole = () => registry.decisions(AGREEMENT).list();
  expect((await whole()).length).toBeGreaterThan(500);
  expect((await whole()).length).toBeLessThan(510);
  await record(registry, permit(101, 2), '203.0.113.7');
  expect((await whole()).at(-1)).toMatchObject({ agreement: { version: 2 } });
});

test('whatever address or name comes, in whatever order, what is written can be read again', async () => {
  const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 60 }), async (addresses) => {
      const { registry, items, record } = openDoor();
      for (const [at, address] of addresses.entries()) await record(registry, stranger(at), address);
      const read = await registry.knocks(NO_AGREEMENT).list();
      expect(read).toHaveLength(items.size);
      expect(read.length).toBeLessThanOrEqual(16);
      expect(read.reduce((sum, { count }) => sum + count, 0)).toBe(addresses.length);
    }),
    { seed: 7, numRuns: 25 },
  );
});
