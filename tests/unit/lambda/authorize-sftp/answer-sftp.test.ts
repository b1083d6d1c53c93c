import { answerSftp } from '../../../../lambda/authorize-sftp/answer-sftp';
import { planForSide } from '../../../../lib/domain/agreement/plan-for-side';
import type { RegisteredAgreement } from '../../../../lib/domain/enforcement/registered-agreement';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
const PARTIES = TELCO_RETAIL_PLAN.parties.map((party) => ({ ...party, sftp: SFTP }));
const REGISTERED: RegisteredAgreement = {
  plan: planForSide({ ...TELCO_RETAIL_PLAN, parties: PARTIES }, { kind: 'hosted' }),
  hash: 'abc',
  state: 'active',
  provisioned: { sftpRoles: { telco: 'arn:role' }, dataSets: {}, legRoles: {}, legKeys: {} },
  lastDay: '2026-12-31',
  suspendedParties: [],
};
const REQUEST = { username: 'telco-retail-2026.telco', protocol: 'SFTP', sourceIp: '203.0.113.7' };

/** The answer, and what was logged. */
async function ask(request: typeof REQUEST, find: () => Promise<RegisteredAgreement | undefined>) {
  const logged: (readonly [string, string, object])[] = [];
  const put = (level: string) => (message: string, details: object) => logged.push([level, message, details]);
  const answer = await answerSftp(request, {
    findAgreement: find,
    buckets: {
      landing: { name: 'landing', arn: 'arn:aws:s3:::landing' },
      lake: { name: 'lake', arn: 'arn:aws:s3:::lake' },
      keyArn: 'arn:key',
    },
    now: () => new Date('2026-06-01T23:59:59Z'),
    log: { info: put('info'), warn: put('warn'), error: put('error') },
  });
  return { answer, logged };
}

test('a permitted party gets a session, and the log says who', async () => {
  const { answer, logged } = await ask(REQUEST, async () => REGISTERED);
  expect(answer).toMatchObject({ Role: 'arn:role', PublicKeys: SFTP.publicKeys });
  expect(logged).toEqual([
    ['info', 'SFTP permitted', { agreement: 'telco-retail-2026', party: 'telco', ...who(REQUEST) }],
  ]);
});

test('a denial is an empty answer, and the reason is for the log alone', async () => {
  const { answer, logged } = await ask(REQUEST, async () => undefined);
  expect(answer).toEqual({});
  expect(logged).toEqual([['warn', 'SFTP denied', { reason: 'unknown-agreement', ...who(REQUEST) }]]);
});

test('a registry that cannot be read denies', async () => {
  const { answer, logged } = await ask(REQUEST, () => Promise.reject(new RangeError('secret details')));
  expect(answer).toEqual({});
  expect(logged).toEqual([
    ['error', 'SFTP denied: the registry could not be read', { reason: 'RangeError', ...who(REQUEST) }],
  ]);
});

test('what is no user name is not looked up, and fills no log', async () => {
  const find = () => Promise.reject(new Error('looked up'));
  const { answer, logged } = await ask({ ...REQUEST, username: 'x'.repeat(5000) }, find);
  expect(answer).toEqual({});
  expect(logged).toEqual([
    ['warn', 'SFTP denied', { reason: 'unknown-user', username: 'x'.repeat(100), sourceIp: '203.0.113.7' }],
  ]);
});

function who({ username, sourceIp }: typeof REQUEST) {
  return { username, sourceIp };
}
