import { type KeptHashes, verifyStoredRelease } from '../../../../lambda/publish-round/verify-stored-release';
import type { Objects } from '../../../../lambda/shared/objects';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import { MOST_VERIFIED } from '../../../../lib/domain/registry/round-records';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { holdObjects } from '../../../fixtures/objects-in-memory';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { makeStoredRelease } from '../../../fixtures/stored-release';

const LEG = PLAN.legs[0]!;
const DAY = '2026-03-02';
const ON = { plan: planForSide(PLAN, { kind: 'hosted' }) };
const { record: RELEASE, objects: OBJECTS } = makeStoredRelease(PLAN, LEG, DAY);
const [FIRST = '', SECOND = ''] = [...OBJECTS.keys()];
const GIB = 1 << 30;

/**
 * Its files are said to be as large as this. `ends`: a call ends when it comes to this file, as by the clock; `modified`: when
 * its files are said to be written.
 */
async function openRelease(bytes: number) {
  const held = holdObjects();
  for (const [key, body] of OBJECTS) await held.write(key, body);
  const registry = openRegistry(openMemoryStore().store);
  const kept: KeptHashes = registry.verifications(PLAN.agreement.id);
  const hashed: string[] = [];
  const verify = (ends?: string, modified?: string) => {
    const lake: Pick<Objects, 'describe' | 'read' | 'hash'> = {
      read: held.read,
      describe: async (prefix) =>
        (await held.describe(prefix)).map((each) => ({ ...each, bytes, ...(modified !== undefined && { modified }) })),
      hash: async (key) => {
        if (key === ends) throw new Error('The call has ended.');
        hashed.push(key);
        return held.hash(key);
      },
    };
    return verifyStoredRelease(lake, kept, ON, RELEASE);
  };
  return { held, verify, hashed, kept };
}

test('a call that ends before a large release is hashed leaves what it has hashed, and the next goes on from there', async () => {
  const { verify, hashed, kept } = await openRelease(GIB);
  await expect(verify(SECOND)).rejects.toThrow('has ended');
  expect((await kept.read(DAY, LEG.id))?.files.map(({ file }) => file)).toEqual(['part-0.parquet']);
  const found = await verify();
  expect(found).toMatchObject({ problems: [], files: [{ key: FIRST }, { key: SECOND }] });
  expect(hashed).toEqual([FIRST, SECOND]);
  expect(await verify()).toEqual(found);
  expect(hashed).toHaveLength(2);
});

test('what was written at another time is hashed anew, though it has the same tag', async () => {
  const { verify, hashed } = await openRelease(GIB);
  await verify();
  await verify(undefined, '2026-03-03T00:00:00Z');
  expect(hashed).toEqual([FIRST, SECOND, FIRST, SECOND]);
});

test('what was put in the place of a file since is hashed anew, and found', async () => {
  const { held, verify, hashed } = await openRelease(GIB);
  expect((await verify()).problems).toEqual([]);
  await held.write(FIRST, 'other rows');
  const found = await verify();
  expect(found.problems).not.toEqual([]);
  expect(found.files[0]?.tag).toBe((await held.hash(FIRST)).tag);
  expect(hashed).toEqual([FIRST, SECOND, FIRST]);
});

test('a file that was put beside it counts, whatever was verified before', async () => {
  const { held, verify } = await openRelease(GIB);
  expect((await verify()).problems).toEqual([]);
  await held.write(`${RELEASE.place}part-9.parquet`, 'more rows');
  expect((await verify()).problems).not.toEqual([]);
});

test('what was kept of a release that lay elsewhere says nothing of this one', async () => {
  const { verify, hashed, kept } = await openRelease(GIB);
  await verify();
  await kept.change([DAY, LEG.id], (each) => ({ ...each, place: '_escrow/other/' }));
  expect((await verify()).problems).toEqual([]);
  expect(hashed).toEqual([FIRST, SECOND, FIRST, SECOND]);
});

test('of a small release nothing is kept', async () => {
  const { verify, hashed, kept } = await openRelease(1000);
  for (let calls = 0; calls < 2; calls += 1) expect((await verify()).problems).toEqual([]);
  expect([hashed.length, await kept.read(DAY, LEG.id)]).toEqual([4, undefined]);
});

test('nor of one with more files than a record takes', async () => {
  const { held, verify, kept } = await openRelease(GIB);
  for (let at = 0; at < MOST_VERIFIED; at += 1) await held.write(`${RELEASE.place}more-${at}.parquet`, `${at}`);
  expect((await verify()).problems).not.toEqual([]);
  expect(await kept.read(DAY, LEG.id)).toBeUndefined();
});
