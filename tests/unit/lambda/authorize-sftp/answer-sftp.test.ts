import { answerSftp } from '../../../../lambda/authorize-sftp/answer-sftp';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import type { SftpRequest } from '../../../../lib/domain/enforcement/doors/authorize-sftp';
import { NO_AGREEMENT } from '../../../../lib/domain/enforcement/policies/describe-refusal';
import type { Registry } from '../../../../lib/domain/registry/registry';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
const PLAN = { ...TELCO_RETAIL_PLAN, parties: TELCO_RETAIL_PLAN.parties.map((party) => ({ ...party, sftp: SFTP })) };
const REQUEST: SftpRequest = { username: 'telco-retail-2026.telco', protocol: 'SFTP', sourceIp: '203.0.113.7' };
const policiesOf = rememberPolicies();

async function openRoom() {
  const { registry, agreement } = await registerSigned(PLAN);
  const provisioned = { sftpRoles: { telco: 'arn:role' }, dataSets: {}, legKeys: {} };
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active', provisioned }));
  return registry;
}

/** The answer, what was logged, and what is on record. */
async function ask(changed: Partial<SftpRequest> = {}, change = (registry: Registry) => registry) {
  const registry = await openRoom();
  const { log, lines } = recordLog();
  const answer = await answerSftp(
    { ...REQUEST, ...changed },
    {
      registry: change(registry),
      record: openDoorRecorder(),
      policiesOf,
      buckets: {
        landing: { name: 'landing', arn: 'arn:aws:s3:::landing' },
        lake: { name: 'lake', arn: 'arn:aws:s3:::lake' },
        keyArn: 'arn:key',
      },
      newId: () => 'knock-1',
      now: () => new Date('2026-06-01T23:59:59Z'),
      log,
    },
  );
  const decisions = await registry.decisions(PLAN.agreement.id).list();
  return { answer, lines, decisions, strangers: await registry.knocks(NO_AGREEMENT).list() };
}

test('a permitted party gets a session, and the decision is on record with its clause and version', async () => {
  const { answer, decisions, strangers } = await ask();
  expect(answer).toMatchObject({ Role: 'arn:role', PublicKeys: SFTP.publicKeys });
  expect(decisions).toEqual([
    {
      id: 'knock-1',
      agreement: { id: 'telco-retail-2026', version: 1 },
      effect: 'permit',
      door: 'sftp',
      operation: 'connect-sftp',
      party: 'telco',
      clause: 'parties.telco.sftp',
      reason: 'agreed',
      policy: 'permit:sftp:telco',
      at: '2026-06-01T23:59:59.000Z',
    },
  ]);
  expect(strangers).toEqual([]);
});

test('a denial is an empty answer; its reason is for the record and the log', async () => {
  const { answer, decisions, lines } = await ask({ sourceIp: '198.51.100.1' });
  expect(answer).toEqual({});
  expect(decisions).toMatchObject([{ effect: 'forbid', reason: 'foreign-network', party: 'telco' }]);
  expect(JSON.stringify(lines)).toContain('foreign-network');
});

test.each<[string, Partial<SftpRequest>]>([
  ['unknown-user', { username: 'root' }],
  ['unknown-agreement', { username: 'another-2026.telco' }],
  ['unknown-party', { username: 'telco-retail-2026.bank' }],
  ['password-offered', { password: 'hunter2' }],
  ['not-sftp', { protocol: 'FTPS' }],
])('who is of no agreement is on record among strangers: %s', async (reason, changed) => {
  const { answer, decisions, strangers } = await ask(changed);
  expect(answer).toEqual({});
  expect(decisions).toEqual([]);
  const day = '2026-06-01';
  expect(strangers).toMatchObject([{ day, reason, count: 1, networks: [{ network: '203.0.113.0/24', count: 1 }] }]);
});

const broken = (): never => {
  throw new RangeError('secret details');
};
test.each<[string, (registry: Registry) => Registry]>([
  ['cannot be read', (registry) => ({ ...registry, current: broken })],
  ['takes no decision', (registry) => ({ ...registry, decisions: broken })],
])('a registry that %s denies', async (_, change) => {
  const { answer, lines } = await ask({}, change);
  expect(answer).toEqual({});
  expect(JSON.stringify(lines)).toContain('RangeError');
  expect(JSON.stringify(lines)).not.toContain('secret');
});

test('what is no user name is not looked up, and fills neither log nor record', async () => {
  const { answer, lines, strangers } = await ask({ username: 'x'.repeat(5000) }, (registry) => ({
    ...registry,
    current: broken,
  }));
  expect(answer).toEqual({});
  expect(JSON.stringify(lines).length).toBeLessThan(400);
  expect(JSON.stringify(strangers).length).toBeLessThan(400);
});
