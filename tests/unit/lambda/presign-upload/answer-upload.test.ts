import { S3Client } from '@aws-sdk/client-s3';
import { answerUpload, type UploadEvent } from '../../../../lambda/presign-upload/answer-upload';
import { signUpload } from '../../../../lambda/presign-upload/sign-upload';
import { planForSide } from '../../../../lib/domain/agreement/plan-for-side';
import type { RegisteredAgreement } from '../../../../lib/domain/enforcement/registered-agreement';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const ROOM = '999900001111';
const KEY = `arn:aws:kms:eu-central-1:${ROOM}:key/room`;
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const REGISTERED: RegisteredAgreement = {
  plan: planForSide(TELCO_RETAIL_PLAN, { kind: 'hosted' }),
  hash: 'abc',
  state: 'active',
  provisioned: { sftpRoles: {}, dataSets: {}, legRoles: {}, legKeys: {} },
  lastDay: '2026-12-31',
  suspendedParties: [],
};
const BODY = { dataset: 'usage', file: 'usage.csv', bytes: 4, sha256: SHA256 };
const EVENT: UploadEvent = {
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
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret of the role', sessionToken: 'token' };
const s3 = new S3Client({ region: 'eu-central-1', credentials });

async function ask(event: UploadEvent, find = async (): Promise<RegisteredAgreement | undefined> => REGISTERED) {
  const logged: (readonly [string, string, object])[] = [];
  const put = (level: string) => (message: string, details: object) => logged.push([level, message, details]);
  const answer = await answerUpload(event, {
    findAgreement: find,
    sign: (upload) => signUpload(s3, { name: 'landing', keyArn: KEY }, upload),
    now: () => new Date('2026-06-01T12:00:00Z'),
    log: { info: put('info'), warn: put('warn'), error: put('error') },
  });
  const body: Readonly<Record<string, unknown>> = JSON.parse(answer.body ?? '');
  return { status: answer.statusCode, headers: answer.headers, body, logged };
}

test('a link is for one file: its place, length, checksum, key and bucket are signed, for a quarter of an hour', async () => {
  const { status, headers, body, logged } = await ask(EVENT);
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
  expect(logged).toEqual([
    [
      'info',
      'Upload permitted',
      {
        agreement: 'telco-retail-2026',
        account: ROOM,
        request: 'request-1',
        party: 'telco',
        dataset: 'usage',
        bytes: 4,
      },
    ],
  ]);
  // A log line that held the link would be the right to upload.
  expect(JSON.stringify(logged)).not.toContain('X-Amz-Signature');
});

test('a body that came encoded is the same', async () => {
  const encoded = { ...EVENT, body: Buffer.from(JSON.stringify(BODY)).toString('base64'), isBase64Encoded: true };
  expect((await ask(encoded)).status).toBe(201);
});

test.each<[string, number, Partial<UploadEvent>]>([
  ['malformed-request', 400, { body: '{' }],
  ['malformed-request', 400, { body: 'null' }],
  ['malformed-request', 400, { body: `{"file":"${'x'.repeat(5000)}"}` }],
  ['unknown-caller', 403, { requestContext: { accountId: ROOM, requestId: 'request-1' } }],
  ['file-name', 403, { body: JSON.stringify({ ...BODY, file: '../x' }) }],
  ['not-your-dataset', 403, { body: JSON.stringify({ ...BODY, dataset: 'purchases' }) }],
])('refused with the reason and what would be right: %s', async (reason, expected, changed) => {
  const { status, body, logged } = await ask({ ...EVENT, ...changed });
  expect(status).toBe(expected);
  expect(body).toEqual({ decision: 'forbid', reason, remedy: expect.any(String) });
  expect(logged).toEqual([['warn', 'Upload forbidden', expect.objectContaining({ reason })]]);
});

test('nothing is signed where the registry does not know the agreement, or cannot be read', async () => {
  expect((await ask(EVENT, async () => undefined)).body).toMatchObject({ reason: 'unknown-agreement' });
  await expect(ask(EVENT, () => Promise.reject(new Error('throttled')))).rejects.toThrow('throttled');
});
