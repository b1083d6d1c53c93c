import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { answerRegistration } from '../../../../lambda/register-agreement/answer-registration';
import type { ResourceRequest } from '../../../../lambda/shared/answer-cloudformation';
import { listPrincipals } from '../../../../lib/domain/enforcement/registration/list-principals';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { openRegistry, type Registry } from '../../../../lib/domain/registry/registry';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { believe, EARLY, signatureOf, versionOf } from '../../../fixtures/registered';

const ID = 'telco-retail-2026';

function openMemory() {
  const { store, items } = openMemoryStore();
  return { registry: openRegistry(store), items };
}

function planText(version = 1, title = 'Usage for purchases'): string {
  const agreement = { ...TELCO_RETAIL_PLAN.agreement, version, title };
  return JSON.stringify(versionOf({ ...TELCO_RETAIL_PLAN, agreement }).plan);
}

const PROVISIONED = { sftpRoles: { telco: 'arn:role' }, dataSets: {}, legKeys: {} };

function requestFor(
  RequestType: ResourceRequest['RequestType'],
  { version = 1, text = planText(version), changed = {} as Readonly<Record<string, unknown>> } = {},
): ResourceRequest {
  return {
    RequestType,
    ResponseURL: 'https://answer.example',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Record',
    ResourceProperties: {
      Agreement: 'telco-retail-2026',
      Version: String(version),
      Hash: createHash('sha256').update(text).digest('hex'),
      Plan: gzipSync(text).toString('base64'),
      Provisioned: PROVISIONED,
      ...changed,
    },
  };
}

async function send(request: ResourceRequest, registry: Registry) {
  const answers: { readonly url: string; readonly body: string }[] = [];
  await answerRegistration(request, registry, EARLY, async (url, body) => {
    answers.push({ url, body });
  });
  expect(answers.map(({ url }) => url)).toEqual(['https://answer.example']);
  const answer: Readonly<Record<string, string>> = JSON.parse(answers[0]!.body);
  return answer;
}

test('a version goes on record with its hash and what was made for it', async () => {
  const { registry } = openMemory();
  expect(await send(requestFor('Create'), registry)).toEqual({
    Status: 'SUCCESS',
    PhysicalResourceId: `registration of ${ID}`,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Record',
  });
  const hash = createHash('sha256').update(planText()).digest('hex');
  expect(await registry.versions(ID).read(1)).toMatchObject({ hash, content: TELCO_RETAIL_PLAN.agreement.content });
  expect(await registry.current(ID).read()).toMatchObject({ version: 1, state: 'draft', provisioned: PROVISIONED });
});

test('the same again, by a retry or a roll-back, ends the same', async () => {
  const { registry } = openMemory();
  for (const version of [1, 1, 2, 1])
    expect(await send(requestFor('Update', { version }), registry)).toMatchObject({ Status: 'SUCCESS' });
  expect((await registry.versions(ID).list()).map(({ version }) => version)).toEqual([1, 2]);
  expect((await registry.current(ID).read())?.version).toBe(2);
});

test('other terms under the same version are refused, and what was registered stays', async () => {
  const { registry } = openMemory();
  await send(requestFor('Create'), registry);
  const before = await registry.versions(ID).read(1);
  const answer = await send(requestFor('Update', { text: planText(1, 'Another title') }), registry);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('raise `version`') });
  expect(await registry.versions(ID).read(1)).toEqual(before);
});

/** As an admission's request has it: whom the stack would trust. */
const admission = (account: string, version = 2) => {
  const parties = TELCO_RETAIL_PLAN.parties.map((party) => (party.id === 'telco' ? { ...party, account } : party));
  const principals = listPrincipals(versionOf({ ...TELCO_RETAIL_PLAN, parties }).plan);
  return requestFor('Update', {
    version,
    changed: { Step: 'admit', Principals: gzipSync(JSON.stringify(principals)).toString('base64'), Plan: undefined },
  });
};

test('a stack that would let in others than the version in force is refused before it is drawn, and told what to do', async () => {
  const { registry, items } = openMemory();
  expect(await send(admission('777788889999'), registry)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: `admission of ${ID}`,
  });
  await send(requestFor('Create'), registry);
  for (const party of ['telco', 'retail']) await signVersion(registry, signatureOf(TELCO_RETAIL_PLAN, party), believe);
  const before = new Map(items);
  const answer = await send(admission('777788889999'), registry);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('parties.telco.account') });
  expect(answer.Reason).toContain('Put the file of version 1 beside it');
  expect(items).toEqual(before);
});

test('a proposal goes on record without anything made, and its going does not remove the agreement', async () => {
  const { registry } = openMemory();
  const proposal = (type: ResourceRequest['RequestType']) =>
    requestFor(type, { version: 2, changed: { Step: 'propose', Provisioned: undefined } });
  expect(await send(proposal('Create'), registry)).toMatchObject({ Status: 'FAILED' });
  await send(requestFor('Create'), registry);
  for (const party of ['telco', 'retail']) await signVersion(registry, signatureOf(TELCO_RETAIL_PLAN, party), believe);
  expect(await send(proposal('Create'), registry)).toMatchObject({ Status: 'SUCCESS' });
  expect(await registry.current(ID).read()).toMatchObject({ version: 1, proposed: 2, provisioned: PROVISIONED });
  const once = await registry.current(ID).read();
  expect(await send(proposal('Delete'), registry)).toMatchObject({ Status: 'SUCCESS' });
  expect(await send({ ...admission('1'), RequestType: 'Delete' }, registry)).toMatchObject({ Status: 'SUCCESS' });
  expect(await registry.current(ID).read()).toEqual(once);
});

test('keys and data sets of legs that were left out are kept, and keys that were replaced', async () => {
  const { registry } = openMemory();
  const made = (legKeys: object, dataSets: object) => ({
    changed: { Provisioned: { ...PROVISIONED, legKeys, dataSets } },
  });
  await send(requestFor('Create', made({ a: 'key:a', b: 'key:b' }, { a: 'set-a' })), registry);
  await send(requestFor('Update', { version: 2, ...made({ a: 'key:other' }, {}) }), registry);
  expect((await registry.current(ID).read())?.provisioned).toEqual({
    ...PROVISIONED,
    version: 2,
    legKeys: { a: 'key:other', b: 'key:b' },
    dataSets: { a: 'set-a' },
    formerKeys: ['key:a'],
  });
});

test('by which server and role a party came by SFTP is kept, once each', async () => {
  const { registry } = openMemory();
  const made = (role: string, sftpServer?: unknown) => ({
    changed: {
      Provisioned: { ...PROVISIONED, sftpRoles: { telco: role }, ...(sftpServer === '' ? {} : { sftpServer }) },
    },
  });
  for (const type of ['Create', 'Update'] as const) await send(requestFor(type, made('arn:role', 's-1')), registry);
  for (const [role, server] of [
    ['arn:role', 's-2'],
    ['arn:other', 's-2'],
    ['arn:other', ''],
    ['arn:role', 's-1'],
  ] as const)
    await send(requestFor('Update', made(role, server)), registry);
  const { sftpSessions, sftpServer } = (await registry.current(ID).read())!.provisioned;
  expect(sftpSessions).toEqual([
    { party: 'telco', role: 'arn:role', server: 's-1' },
    { party: 'telco', role: 'arn:role', server: 's-2' },
    { party: 'telco', role: 'arn:other', server: 's-2' },
  ]);
  expect(sftpServer).toBe('s-1');
  expect(await send(requestFor('Update', made('arn:role', ['s-1'])), registry)).toMatchObject({ Status: 'FAILED' });
});

test('when the stack goes the record is marked, and nothing is deleted', async () => {
  const { registry, items } = openMemory();
  await send(requestFor('Create'), registry);
  const size = items.size;
  expect(await send(requestFor('Delete'), registry)).toMatchObject({ Status: 'SUCCESS' });
  expect(items.size).toBe(size);
  expect((await registry.current(ID).read())?.removedAt).toBe(EARLY);
});

test('a stack that goes before it was on record is let go', async () => {
  const { registry, items } = openMemory();
  expect(await send(requestFor('Delete'), registry)).toMatchObject({ Status: 'SUCCESS' });
  expect(items.size).toBe(0);
});

test.each([
  ['no agreement', { Agreement: undefined }],
  ['no plan', { Plan: undefined }],
  ['no number', { Version: 'one' }],
  ['nothing made', { Provisioned: { sftpRoles: {} } }],
  ['a hash of another plan', { Hash: '0'.repeat(64) }],
  ['a plan of another version', { Version: '2' }],
  ['a step that is none', { Step: 'sign' }],
  ['no principals', { Step: 'admit' }],
  ['a plan that is none', { Plan: 'aGVsbG8=' }],
])('a request with %s fails, is answered, and writes nothing', async (_, changed) => {
  const { registry, items } = openMemory();
  expect(await send(requestFor('Create', { changed }), registry)).toMatchObject({ Status: 'FAILED' });
  expect(items.size).toBe(0);
});
