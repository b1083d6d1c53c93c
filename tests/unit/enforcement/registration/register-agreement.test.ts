import { registerAgreement, removeAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import { readRegistered } from '../../../../lib/domain/registry/read-registered';
import { RecordUnreadable } from '../../../../lib/domain/registry/record-unreadable';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { believe, EARLY, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';

const ID = PLAN.agreement.id;
const KEY = `agreement#${ID} current`;
const amend = (version: number, content = 'd1'.repeat(32)) => ({
  ...PLAN,
  agreement: { ...PLAN.agreement, version, content },
});

function openEmpty() {
  const { store, items } = openMemoryStore();
  return { registry: openRegistry(store), items };
}

test('what was registered is read back, as a draft that opens nothing', async () => {
  const { registry } = await registerSigned(PLAN, []);
  const { plan, hash } = versionOf(PLAN);
  const { conduct, ...read } = (await readRegistered(registry, ID))!;
  expect(read).toEqual({
    plan,
    hash,
    state: 'draft',
    provisioned: { sftpRoles: {}, dataSets: {}, legKeys: {} },
    lastDay: '2026-12-31',
  });
  expect(conduct).toMatchObject({ state: 'draft', releases: [] });
  expect(await registry.listAgreements()).toEqual([ID]);
});

test('an agreement that is not on record is none', async () => {
  expect(await readRegistered(openEmpty().registry, ID)).toBeUndefined();
  expect(await readConduct(openEmpty().registry, ID)).toBeUndefined();
});

test('the same again changes nothing; other terms under its number are refused', async () => {
  const { registry, items } = await registerSigned(PLAN);
  const before = new Map(items);
  await registerAgreement(registry, versionOf(PLAN), '2026-05-01T00:00:00.000Z');
  const versionKey = `agreement#${ID} version#0000000001`;
  expect(items.get(versionKey)).toEqual(before.get(versionKey));
  await expect(registerAgreement(registry, versionOf(amend(1)), EARLY)).rejects.toThrow('raise `version`');
  expect((await readRegistered(registry, ID))?.plan.agreement.content).toBe(PLAN.agreement.content);
});

test('it is in force when every party has signed, and not before', async () => {
  const { registry } = await registerSigned(PLAN, ['telco']);
  expect((await readConduct(registry, ID))?.conduct).toMatchObject({
    state: 'draft',
    signatures: [{ party: 'telco' }],
  });
  expect(await signVersion(registry, signatureOf(PLAN, 'retail'), believe)).toEqual({ kind: 'signed', unsigned: [] });
  const read = await readConduct(registry, ID);
  expect(read?.current).toMatchObject({
    state: 'signed',
    history: [{ act: 'sign', from: 'draft', to: 'signed', by: 'retail', at: EARLY }],
  });
});

test('an older version is none that waits in place of a newer one', async () => {
  const { registry } = await registerSigned(PLAN);
  for (const version of [3, 2]) await registerAgreement(registry, versionOf(amend(version)), EARLY);
  expect((await readConduct(registry, ID))?.current).toMatchObject({ version: 1, proposed: 3 });
});

test('an amendment waits beside the version in force until all have signed again', async () => {
  const { registry } = await registerSigned(PLAN);
  const second = amend(2);
  await registerAgreement(registry, versionOf(second), EARLY);
  const versionNow = async () => (await readRegistered(registry, ID))?.plan.agreement.version;
  expect(await versionNow()).toBe(1);
  await signVersion(registry, signatureOf(second, 'telco'), believe);
  expect(await versionNow()).toBe(1);
  await signVersion(registry, signatureOf(second, 'retail'), believe);
  expect(await versionNow()).toBe(2);
  expect((await registry.current(ID).read())?.proposed).toBeUndefined();
});

test('a party that an amendment leaves out is asked too', async () => {
  const { registry } = await registerSigned(PLAN);
  const [telco] = PLAN.parties;
  const without = { ...amend(2), parties: [telco!, { ...telco!, id: 'bank' }] };
  await registerAgreement(registry, versionOf(without), EARLY);
  await signVersion(registry, signatureOf(without, 'telco'), believe);
  expect(await signVersion(registry, signatureOf(without, 'bank'), believe)).toEqual({
    kind: 'signed',
    unsigned: ['retail'],
  });
  await signVersion(registry, signatureOf(without, 'retail'), believe);
  expect((await registry.current(ID).read())?.version).toBe(2);
});

test.each([
  ['of another content', signatureOf(PLAN, 'telco', { content: 'ff'.repeat(32) }), 'other-content'],
  ['of a version that nobody registered', signatureOf(PLAN, 'telco', { version: 7 }), 'unknown-version'],
  ['of somebody else', signatureOf(PLAN, 'bank'), 'unknown-party'],
  ['of another agreement', signatureOf(PLAN, 'telco', { agreement: 'another-2026' }), 'unknown-version'],
])('a signature %s is refused and not kept', async (_, signature, fault) => {
  const { registry } = await registerSigned(PLAN, []);
  expect(await signVersion(registry, signature, believe)).toEqual({ kind: 'refused', fault });
  expect(await registry.signatures(ID).list()).toEqual([]);
});

test('a signature that does not verify is refused', async () => {
  const { registry } = await registerSigned(PLAN, []);
  expect(await signVersion(registry, signatureOf(PLAN, 'telco'), () => false)).toMatchObject({ fault: 'not-genuine' });
});

const otherKey = Buffer.from('another public key').toString('base64');
const naming = (version: number, signingKey: string) => ({
  ...amend(version, `d${version}`.repeat(32)),
  parties: PLAN.parties.map((party) => (party.id === 'telco' ? { ...party, signingKey } : party)),
});

test('a party signs an amendment with the key that it holds, whatever the amendment names', async () => {
  const { registry } = await registerSigned(PLAN);
  const sign = (plan: typeof PLAN, party: string, key?: string) =>
    signVersion(registry, signatureOf(plan, party, key === undefined ? {} : { publicKey: key }), believe);
  const second = naming(2, otherKey);
  await registerAgreement(registry, versionOf(second), EARLY);
  expect(await sign(second, 'telco', otherKey)).toMatchObject({ fault: 'other-key' });
  expect(await sign(second, 'telco')).toMatchObject({ kind: 'signed', unsigned: ['retail'] });
  expect(await sign(second, 'retail')).toMatchObject({ unsigned: [] });
  // Again, late: nothing changes.
  expect(await sign(second, 'telco')).toMatchObject({ kind: 'signed', unsigned: [] });
  const third = amend(3, 'd3'.repeat(32));
  await registerAgreement(registry, versionOf(third), EARLY);
  expect(await sign(third, 'telco')).toMatchObject({ fault: 'other-key' });
  expect(await sign(third, 'telco', otherKey)).toMatchObject({ kind: 'signed' });
  await sign(third, 'retail');
  const fourth = amend(4, 'd4'.repeat(32));
  await registerAgreement(registry, versionOf(fourth), EARLY);
  expect(await sign(fourth, 'telco')).toMatchObject({ fault: 'other-key' });
  expect(await sign(fourth, 'telco', otherKey)).toMatchObject({ kind: 'signed' });
});

test('what a party has signed of a draft binds its key, too', async () => {
  const { registry } = await registerSigned(PLAN, ['telco']);
  const second = naming(2, otherKey);
  await registerAgreement(registry, versionOf(second), EARLY);
  expect(await signVersion(registry, signatureOf(second, 'telco', { publicKey: otherKey }), believe)).toMatchObject({
    fault: 'other-key',
  });
  expect(await signVersion(registry, signatureOf(second, 'telco'), believe)).toMatchObject({ kind: 'signed' });
});

test('a party that has not signed yet signs with the key that the version names for it', async () => {
  const { registry } = await registerSigned(naming(1, otherKey), []);
  const first = naming(1, otherKey);
  expect(await signVersion(registry, signatureOf(first, 'telco'), believe)).toMatchObject({ fault: 'other-key' });
  expect(await signVersion(registry, signatureOf(first, 'telco', { publicKey: otherKey }), believe)).toMatchObject({
    kind: 'signed',
  });
});

test('conduct outlives an amendment', async () => {
  const { registry } = await registerSigned(PLAN);
  await registry.current(ID).change([], (current) => ({ ...current, state: 'suspended' }));
  const second = amend(2);
  await registerAgreement(registry, versionOf(second), EARLY);
  for (const party of ['telco', 'retail']) await signVersion(registry, signatureOf(second, party), believe);
  expect(await readRegistered(registry, ID)).toMatchObject({
    state: 'suspended',
    plan: { agreement: { version: 2 } },
  });
});

test('a removed agreement is on record as removed, and as it was when it is deployed again', async () => {
  const { registry, items } = await registerSigned(PLAN);
  const size = items.size;
  await removeAgreement(registry, ID, EARLY);
  expect((await readRegistered(registry, ID))?.state).toBe('removed');
  expect(items.size).toBe(size);
  await registerAgreement(registry, versionOf(PLAN), EARLY);
  expect((await readRegistered(registry, ID))?.state).toBe('signed');
});

test('removing what is not there does nothing', async () => {
  const { registry, items } = openEmpty();
  await removeAgreement(registry, ID, EARLY);
  expect(items.size).toBe(0);
});

async function readChanged(changed: object) {
  const { registry, items } = await registerSigned(PLAN);
  const stored = items.get(KEY)!;
  items.set(KEY, { ...stored, record: { ...(stored.record as object), ...changed } });
  return readRegistered(registry, ID);
}

test.each([
  ['a state that is not known', { state: 'paused' }],
  ['another agreement', { agreement: 'another-2026' }],
  ['a version that is not there', { version: 7 }],
])('a record with %s opens nothing: it cannot be read', async (_, changed) => {
  await expect(readChanged(changed)).rejects.toThrow(RecordUnreadable);
});

test('a plan that is not the version’s opens nothing', async () => {
  const { registry, items } = await registerSigned(PLAN);
  const key = `agreement#${ID} version#0000000001`;
  const stored = items.get(key)!;
  items.set(key, { ...stored, record: { ...(stored.record as object), plan: versionOf(amend(1)).plan } });
  await expect(readRegistered(registry, ID)).rejects.toThrow(RecordUnreadable);
});
