import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ResourceRequest } from '../../../../lambda/answer-cloudformation';
import { answerRegistration } from '../../../../lambda/register-agreement/answer-registration';
import { openRegistry, type Registry } from '../../../../lib/domain/enforcement/registry/registry';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { EARLY, versionOf } from '../../../fixtures/registered';

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
  ['a plan that is none', { Plan: 'aGVsbG8=' }],
])('a request with %s fails, is answered, and writes nothing', async (_, changed) => {
  const { registry, items } = openMemory();
  expect(await send(requestFor('Create', { changed }), registry)).toMatchObject({ Status: 'FAILED' });
  expect(items.size).toBe(0);
});
