import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ResourceRequest } from '../../../../lambda/answer-cloudformation';
import { answerRegistration } from '../../../../lambda/register-agreement/answer-registration';
import type { AgreementRegistry, AgreementVersion } from '../../../../lib/domain/enforcement/register-agreement';

/** A registry in memory that can do what the real one can, and nothing else: no version is ever changed or removed. */
function openMemory() {
  const versions = new Map<string, AgreementVersion>();
  const current = new Map<string, { readonly version: number; readonly isRemoved: boolean }>();
  const registry: AgreementRegistry = {
    async putVersion(version) {
      const key = `${version.agreement}#${version.version}`;
      if (!versions.has(key)) versions.set(key, version);
      return versions.get(key)!.hash;
    },
    async putCurrent({ agreement, version }) {
      current.set(agreement, { version, isRemoved: false });
    },
    async markRemoved(agreement) {
      const known = current.get(agreement);
      if (known !== undefined) current.set(agreement, { ...known, isRemoved: true });
    },
  };
  return { registry, versions, current };
}

const PROVISIONED = { sftpRoles: { telco: 'arn:role' }, dataSets: {}, legRoles: {}, legKeys: {} };

function requestFor(
  RequestType: ResourceRequest['RequestType'],
  { version = 1, text = '{"a":1}', changed = {} as Readonly<Record<string, unknown>> } = {},
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

async function send(request: ResourceRequest, registry: AgreementRegistry) {
  const answers: { readonly url: string; readonly body: string }[] = [];
  await answerRegistration(request, registry, async (url, body) => {
    answers.push({ url, body });
  });
  expect(answers.map(({ url }) => url)).toEqual(['https://answer.example']);
  const answer: Readonly<Record<string, string>> = JSON.parse(answers[0]!.body);
  return answer;
}

test('a version goes on record with its hash and what was made for it', async () => {
  const { registry, versions, current } = openMemory();
  expect(await send(requestFor('Create'), registry)).toEqual({
    Status: 'SUCCESS',
    PhysicalResourceId: 'registration of telco-retail-2026',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Record',
  });
  expect(versions.get('telco-retail-2026#1')).toMatchObject({ provisioned: PROVISIONED });
  expect(current.get('telco-retail-2026')).toEqual({ version: 1, isRemoved: false });
});

test('the same again, by a retry or a roll-back, ends the same', async () => {
  const { registry, versions, current } = openMemory();
  for (const version of [1, 1, 2, 1]) {
    expect(await send(requestFor('Update', { version, text: `{"v":${version}}` }), registry)).toMatchObject({
      Status: 'SUCCESS',
    });
  }
  expect([...versions.keys()]).toEqual(['telco-retail-2026#1', 'telco-retail-2026#2']);
  expect(current.get('telco-retail-2026')?.version).toBe(1);
});

test('other terms under the same version are refused, and what was registered stays in force', async () => {
  const { registry, versions, current } = openMemory();
  await send(requestFor('Create'), registry);
  const before = versions.get('telco-retail-2026#1');
  const answer = await send(requestFor('Update', { text: '{"a":2}' }), registry);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('raise `version`') });
  expect(versions.get('telco-retail-2026#1')).toBe(before);
  expect(current.get('telco-retail-2026')?.version).toBe(1);
});

test('when the stack goes the record is marked, and nothing is deleted', async () => {
  const { registry, versions, current } = openMemory();
  await send(requestFor('Create'), registry);
  expect(await send(requestFor('Delete'), registry)).toMatchObject({ Status: 'SUCCESS' });
  expect(versions.size).toBe(1);
  expect(current.get('telco-retail-2026')).toEqual({ version: 1, isRemoved: true });
});

test('a stack that goes before it was on record is let go', async () => {
  const { registry, current } = openMemory();
  expect(await send(requestFor('Delete'), registry)).toMatchObject({ Status: 'SUCCESS' });
  expect(current.size).toBe(0);
});

test.each([
  ['no agreement', { Agreement: undefined }],
  ['no plan', { Plan: undefined }],
  ['no number', { Version: 'one' }],
  ['nothing made', { Provisioned: { sftpRoles: {} } }],
  ['a hash of another plan', { Hash: '0'.repeat(64) }],
  ['a plan that is none', { Plan: 'aGVsbG8=' }],
])('a request with %s fails, is answered, and writes nothing', async (_, changed) => {
  const { registry, versions } = openMemory();
  expect(await send(requestFor('Create', { changed }), registry)).toMatchObject({ Status: 'FAILED' });
  expect(versions.size).toBe(0);
});
