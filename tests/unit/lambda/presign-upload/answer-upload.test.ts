import { answerUpload } from '../../../../lambda/presign-upload/answer-upload';
import { signUpload } from '../../../../lambda/presign-upload/sign-upload';
import type { ApiEvent } from '../../../../lambda/shared/api-event';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import { NO_AGREEMENT } from '../../../../lib/domain/enforcement/policies/describe-refusal';
import type { Registry } from '../../../../lib/domain/registry/registry';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { linkSessions } from '../../../fixtures/link-sessions';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

const ROOM = '999900001111';
const KEY = `arn:aws:kms:eu-central-1:${ROOM}:key/room`;
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const policiesOf = rememberPolicies();
const BODY = { dataset: 'usage', file: 'usage.csv', bytes: 4, sha256: SHA256 };
const EVENT: ApiEvent = {
  routeKey: 'POST /agreements/{agreement}/uploads',
  pathParameters: { agreement: 'telco-retail-2026' },
  body: JSON.stringify(BODY),
  isBase64Encoded: false,
  requestContext: {
    accountId: ROOM,
    requestId: 'request-1',
    authorizer: {
      iam: {
        accountId: ROOM,
        userArn: `arn:aws:sts::${ROOM}:assumed-role/barter-party-telco-retail-2026.telco/nightly`,
      },
    },
  },
};
const LANDING = { role: `arn:aws:iam::${ROOM}:role/Links`, bucket: 'landing', region: 'eu-central-1', keyArn: KEY };

async function ask(event: ApiEvent, change = (registry: Registry) => registry) {
  const { registry, agreement } = await registerSigned(TELCO_RETAIL_PLAN);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  const { log, lines } = recordLog();
  const { sts, asked } = linkSessions();
  const answer = await answerUpload(event, {
    registry: change(registry),
    record: openDoorRecorder(Number.POSITIVE_INFINITY),
    policiesOf,
    sign: (upload) => signUpload(sts, LANDING, upload),
    now: () => new Date('2026-06-01T12:00:00Z'),
    log,
  });
  const body: Readonly<Record<string, unknown>> = JSON.parse(answer.body ?? '');
  const decisions = await registry.decisions(agreement).list();
  const strangers = await registry.knocks(NO_AGREEMENT).list();
  return { status: answer.statusCode, headers: answer.headers, body, lines, decisions, strangers, asked };
}

test('a link is for one file: its place, length, checksum, key and bucket are signed, for a quarter of an hour', async () => {
  const { status, headers, body, lines, decisions, asked } = await ask(EVENT);
  expect(status).toBe(201);
  expect(headers).toMatchObject({ 'cache-control': 'no-store' });
  expect(body).toMatchObject({
    decision: 'permit',
    method: 'PUT',
    expiresAt: '2026-06-01T12:15:00.000Z',
    headers: {
      'content-length': '4',
      'x-amz-checksum-sha256': 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=',
      'x-amz-expected-bucket-owner': ROOM,
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': KEY,
    },
  });
  const url = new URL(String(body.url));
  expect(url.protocol + url.pathname).toBe('https:/telco-retail-2026/usage/upload/usage.csv');
  expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
  expect(url.searchParams.get('X-Amz-Date')).toBe('20260601T120000Z');
  expect(url.searchParams.get('X-Amz-SignedHeaders')?.split(';')).toEqual(
    ['host', ...Object.keys(body.headers as object)].sort(),
  );
  expect(decisions).toMatchObject([
    { effect: 'permit', operation: 'request-upload', party: 'telco', dataset: 'usage', clause: 'datasets.usage' },
  ]);
  // By what S3 logs of it, it is known by which decision it was put.
  expect(asked).toEqual([{ RoleArn: LANDING.role, RoleSessionName: 'request-1@link', DurationSeconds: 1800 }]);
  expect(decisions.map(({ id }) => id)).toEqual(['request-1']);
  expect(url.searchParams.get('X-Amz-Credential')).toMatch(/^ASIALINK\/20260601\//);
  expect(url.searchParams.get('X-Amz-Security-Token')).toBe('token');
  // A log line that held the link would be the right to upload.
  expect(JSON.stringify([lines, decisions])).not.toContain('X-Amz-Signature');
});

test('a body that came encoded is the same', async () => {
  const encoded = { ...EVENT, body: Buffer.from(JSON.stringify(BODY)).toString('base64'), isBase64Encoded: true };
  expect((await ask(encoded)).status).toBe(201);
});

test.each<[string, number, Partial<ApiEvent>]>([
  ['malformed-request', 400, { body: '{' }],
  ['malformed-request', 400, { body: 'null' }],
  ['malformed-request', 400, { body: `{"file":"${'x'.repeat(20_000)}"}` }],
  ['unknown-caller', 403, { requestContext: { accountId: ROOM, requestId: 'request-1' } }],
  ['file-name', 403, { body: JSON.stringify({ ...BODY, file: '../x' }) }],
  ['not-your-dataset', 403, { body: JSON.stringify({ ...BODY, dataset: 'purchases' }) }],
])('refused with the reason, which is on record: %s', async (reason, expected, changed) => {
  const { status, body, lines, decisions, strangers, asked } = await ask({ ...EVENT, ...changed });
  expect(asked).toEqual([]);
  expect(status).toBe(expected);
  expect(body).toMatchObject({ decision: 'forbid', reason, clause: expect.any(String) });
  if (reason === 'unknown-caller') expect(strangers).toMatchObject([{ reason, count: 1 }]);
  else expect(decisions).toMatchObject([{ effect: 'forbid', reason, operation: 'request-upload' }]);
  expect(JSON.stringify(lines)).toContain(reason);
});

test('nothing is signed where the registry does not know the agreement, cannot be read, or takes no decision', async () => {
  const unknown = { ...EVENT, pathParameters: { agreement: 'another-2026' } };
  expect((await ask(unknown)).body).toMatchObject({ reason: 'unknown-caller' });
  const throttled = (): never => {
    throw new Error('throttled');
  };
  await expect(ask(EVENT, (registry) => ({ ...registry, current: throttled }))).rejects.toThrow('throttled');
  await expect(ask(EVENT, (registry) => ({ ...registry, decisions: throttled }))).rejects.toThrow('throttled');
});
