import { gzipSync } from 'node:zlib';
import { noteRefusedKeys } from '../../../../lambda/note-refused-keys/note-refused-keys';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
const PLAN = { ...TELCO_RETAIL_PLAN, parties: TELCO_RETAIL_PLAN.parties.map((party) => ({ ...party, sftp: SFTP })) };
const policiesOf = rememberPolicies();

/** As the user guide shows a line of somebody who was not let in. */
const LINE = {
  method: 'publickey',
  'activity-type': 'AUTH_FAILURE',
  'source-ip': '203.0.113.7',
  'resource-arn': 'arn:aws:transfer:eu-central-1:123456789012:server/s-0123456789abcdef0',
  message: 'Invalid user name',
  user: 'telco-retail-2026.telco',
};
const lineOf = (changed: object, id = '36000000000000000000000000000000000000000000000000000001') => ({
  id,
  timestamp: Date.parse('2026-06-01T10:00:00Z'),
  message: JSON.stringify({ ...LINE, ...changed }),
});
const pack = (logEvents: readonly unknown[], messageType = 'DATA_MESSAGE') => ({
  awslogs: { data: gzipSync(JSON.stringify({ messageType, logGroup: 'g', logEvents })).toString('base64') },
});

async function openRoom() {
  const { registry, agreement } = await registerSigned(PLAN);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  const { log, lines } = recordLog();
  const note = (event: unknown) => noteRefusedKeys(event, { registry, policiesOf, record: openDoorRecorder(), log });
  return { registry, lines, note, decisions: () => registry.decisions(agreement).list() };
}

test('whom the room permits and the server does not let in was refused for the key: once on record, however often it is told', async () => {
  const { note, decisions } = await openRoom();
  for (let times = 0; times < 3; times += 1) await note(pack([lineOf({})]));
  expect(await decisions()).toEqual([
    {
      id: 'refused-key:36000000000000000000000000000000000000000000000000000001',
      agreement: { id: 'telco-retail-2026', version: 1 },
      effect: 'forbid',
      door: 'sftp',
      operation: 'connect-sftp',
      party: 'telco',
      clause: 'parties.telco.sftp.publicKeys',
      reason: 'wrong-key',
      policy: 'none',
      at: '2026-06-01T10:00:00.000Z',
    },
  ]);
});

test.each<[string, object]>([
  ['whom the room refused: that is on record by its own refusal', { 'source-ip': '198.51.100.1' }],
  ['a name of no agreement', { user: 'another-2026.telco' }],
  ['a name of no party', { user: 'telco-retail-2026.bank' }],
  ['a name that can be nobody’s', { user: `root${'x'.repeat(500)}` }],
  ['a line without a name', { user: undefined }],
  ['who was let in', { 'activity-type': 'CONNECTED' }],
])('not on record here: %s', async (_, changed) => {
  const { note, decisions, registry } = await openRoom();
  await note(pack([lineOf(changed)]));
  expect(await decisions()).toEqual([]);
  expect(await registry.listAgreements()).toEqual(['telco-retail-2026']);
});

test('lines that are none, and what is no data, do not keep the others', async () => {
  const { note, decisions } = await openRoom();
  await note(pack([{ id: '1', timestamp: 1, message: 'ERRORS AUTH_FAILURE' }, null, lineOf({})]));
  await note(pack([lineOf({}, '2')], 'CONTROL_MESSAGE'));
  expect(await decisions()).toHaveLength(1);
});

test('an event that is none is refused, to be kept as a dead letter', async () => {
  const { note } = await openRoom();
  for (const event of [undefined, {}, { awslogs: { data: 'not base64!' } }])
    await expect(note(event)).rejects.toThrow();
});
