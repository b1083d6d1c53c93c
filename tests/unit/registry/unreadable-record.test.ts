import { readConduct } from '../../../lib/domain/registry/read-conduct';
import { RecordUnreadable, unlessUnreadable } from '../../../lib/domain/registry/record-unreadable';
import { openRegistry, type Registry } from '../../../lib/domain/registry/registry';
import { openMemoryStore } from '../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN as plan } from '../../fixtures/plan';
import { registerSigned } from '../../fixtures/registered';

const KINDS = Object.keys(openRegistry(openMemoryStore().store)).filter(
  (kind): kind is Exclude<keyof Registry, 'listAgreements' | 'enlist'> => !['listAgreements', 'enlist'].includes(kind),
);

/** A store that says of each read that something lies there, of a shape that nobody knows. */
function openFilled(record: unknown): Registry {
  const stored = { sk: 'x', record, revision: 1 };
  return openRegistry({
    read: async () => stored,
    list: async () => [stored],
    create: async () => false,
    replace: async () => false,
  });
}

test.each(KINDS)('what is no record of its kind is not passed over: %s', async (kind) => {
  const records: object = openFilled({ written: 'by another version' })[kind]('swap');
  const { list, read, change: write } = records as Record<string, (...given: unknown[]) => Promise<unknown>>;
  const change = jest.fn();
  await expect(list!()).rejects.toThrow(RecordUnreadable);
  await expect(read!()).rejects.toThrow(RecordUnreadable);
  await expect(write!([], change)).rejects.toThrow(
    /cannot be read, so that nothing of this agreement is decided\. Run the version/,
  );
  expect(change).not.toHaveBeenCalled();
});

test.each<[string, string]>([
  ['a breach', 'breach#late'],
  ['a signature', 'signature#0000000001#telco'],
  ['a round', 'round#2026-01-01'],
  ['a release', 'release#2026-01-01#usage'],
])('with %s that cannot be read nothing is known of the agreement, and all the more nothing opens', async (_, sk) => {
  const { registry, items, agreement } = await registerSigned(plan);
  await expect(readConduct(registry, agreement)).resolves.toBeDefined();
  items.set(`agreement#${agreement} ${sk}`, { sk, revision: 1, record: { agreement, kind: 'of-tomorrow' } });
  await expect(readConduct(registry, agreement)).rejects.toThrow(RecordUnreadable);
  await expect(unlessUnreadable(readConduct(registry, agreement))).resolves.toBeUndefined();
});

test('what fails in another way is no record that cannot be read', async () => {
  await expect(unlessUnreadable(Promise.reject(new RangeError('gone')))).rejects.toThrow('gone');
});
