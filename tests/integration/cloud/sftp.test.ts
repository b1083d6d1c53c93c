import { gzipSync } from 'node:zlib';
import { HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { utils } from 'ssh2';
import { NO_AGREEMENT } from '../../../lib/domain/enforcement/policies/describe-refusal';
import type { DecisionRecord } from '../../../lib/domain/registry/door-records';
import { breachOf } from '../../fixtures/conduct';
import { findSftpTriggers, type SftpTriggers } from '../../local-cloud/find-triggers';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import { type RefusalLine, serveSftp, type TransferEvent } from '../../local-cloud/serve-sftp';
import { type SftpFiles, withSftp } from '../../local-cloud/sftp-client';
import { tryFaults } from '../../local-cloud/try-faults';

/* A real client, a real server, and the function as deployed that says who may sign in, and to what. */

/** Of what the library makes, one in some hundred it cannot read itself. */
function keyOf(): ReturnType<typeof utils.generateKeyPairSync> {
  for (;;) {
    const made = utils.generateKeyPairSync('ed25519');
    const isRead = [made.private, made.public].every((text) => !(utils.parseKey(text) instanceof Error));
    if (isRead) return made;
  }
}
const [TELCO, RETAIL, CLINIC, STRANGER, HOST] = [keyOf(), keyOf(), keyOf(), keyOf(), keyOf()];
const here = ['127.0.0.1/32'];
const SFTP = {
  telco: { publicKeys: [TELCO.public], cidrs: here },
  retail: { publicKeys: [RETAIL.public], cidrs: ['203.0.113.0/24'] },
  clinic: { publicKeys: [CLINIC.public], cidrs: here },
};
const parties = PLAN.parties.map((party) => ({ ...party, sftp: SFTP[party.id as keyof typeof SFTP] }));
const NOON = `${DAY}T12:00:00Z`;
const CSV = `${PLAN.datasets[0]!.columns.map(({ name }) => name).join(',')}\n`;

let room: RingRoom;
let s3: S3Client;
let server: Awaited<ReturnType<typeof serveSftp>>;
let triggers: SftpTriggers;
let now = NOON;
let landing: string;
const told: TransferEvent[] = [];
const logged: RefusalLine[] = [];

beforeAll(async () => {
  room = await startRingRoom({ parties, remedies: [{ on: 'forbidden-access', do: 'suspend-party' }] });
  const { local } = room;
  triggers = findSftpTriggers(local);
  s3 = new S3Client(local.clientConfig);
  landing = local.environmentOf('authorize-sftp').LANDING_BUCKET ?? '';
  await room.agree();
  await room.reconcile();
  await room.publishFirst();
  await room.reconcile();
  let busy: Promise<unknown> = Promise.resolve();
  server = await serveSftp({
    hostKey: HOST.private,
    serverId: 's-0123456789abcdef0',
    // A test's function does one thing at a time.
    authorize: (request) => {
      busy = busy.catch(() => undefined).then(() => triggers.authorize.invoke(request, now));
      return busy;
    },
    statementsOf: (arn) => {
      const role = local.templates
        .listResources('AWS::IAM::Role')
        .find(({ stack, id }) => local.templates.resolve(stack, { 'Fn::GetAtt': [id, 'Arn'] }) === arn);
      return role && local.templates.statementsOf(role.stack, role.id);
    },
    s3,
    tell: (event) => void told.push(event),
    log: (line) => void logged.push(line),
  });
}, 300_000);

afterAll(async () => {
  await server.stop();
  await room.local.stop();
});

beforeEach(() => {
  now = NOON;
  told.length = 0;
  logged.length = 0;
});

const as = <T>(party: keyof typeof SFTP, work: (files: SftpFiles) => Promise<T>, privateKey = KEYS[party]) =>
  withSftp({ port: server.port, username: `${AGREEMENT}.${party}`, privateKey }, work);
const KEYS = { telco: TELCO.private, retail: RETAIL.private, clinic: CLINIC.private };

test('a party uploads with its key: the file lies in its own folder, and the intake takes it', async () => {
  const before = await listDecisions();
  await as('telco', async (files) => {
    expect([...(await files.list('/'))].sort()).toEqual(['inbox', 'usage']);
    await files.put('/usage/usage-2026-01.csv', CSV);
  });
  const path = `/${landing}/${AGREEMENT}/usage/sftp/usage-2026-01.csv`;
  expect(told).toMatchObject([{ detail: { 'file-path': path, bytes: CSV.length } }]);
  const head = { Bucket: landing, Key: path.slice(landing.length + 2) };
  expect((await s3.send(new HeadObjectCommand(head))).ContentLength).toBe(CSV.length);
  const checkIntake = () => room.local.functionOf('check-intake').invoke({ event: told[0], run: 'run-1' }, now);
  // The year's round is out: another file is for no round. While its release waits, one takes its place.
  expect(await checkIntake()).toMatchObject({ kind: 'refused', reason: 'no-round-left' });
  const releases = room.registry.releases(AGREEMENT);
  const usage = PLAN.legs.find(({ dataset }) => dataset === 'usage')!.id;
  const out = (await releases.read(DAY, usage))!;
  const { sealed: _, ...waits } = out;
  await releases.change([DAY, usage], () => ({ ...waits, state: 'prepared' }));
  expect(await checkIntake()).toMatchObject({ kind: 'accepted', run: { dataset: 'usage' } });
  await releases.change([DAY, usage], () => out);
  const decisions = await listNew(before);
  expect(decisions.length).toBeGreaterThan(0);
  for (const decision of decisions)
    expect(decision).toMatchObject({
      effect: 'permit',
      operation: 'connect-sftp',
      party: 'telco',
      clause: 'parties.telco.sftp',
      agreement: { id: AGREEMENT, version: PLAN.agreement.version },
    });
});

test('what was released to it is there to read, and not to write or remove; what it handed in it cannot read back', async () => {
  const inbox = `/inbox/${AGREEMENT}/visits`;
  await as('telco', async (files) => {
    expect((await files.get(`${inbox}/${DAY}/part-0.parquet`)).length).toBeGreaterThan(0);
    expect(JSON.parse(String(await files.get(`${inbox}/${DAY}/certificate.json`)))).toMatchObject({
      worth: { subjects: 7 },
    });
    await expect(files.put(`${inbox}/${DAY}/part-9.parquet`, 'x')).rejects.toThrow('Permission denied');
    await expect(files.remove(`${inbox}/${DAY}/part-0.parquet`)).rejects.toThrow();
    await files.put('/usage/secret.csv', CSV);
    await expect(files.get('/usage/secret.csv')).rejects.toThrow('Permission denied');
  });
});

describe('refused, and on record', () => {
  const refusedFor = async (reason: string, clause: string, signIn: () => Promise<unknown>, agreement = AGREEMENT) => {
    const before = await listDecisions(agreement);
    await expect(signIn()).rejects.toThrow('All configured authentication methods failed');
    const after = await listNew(before, agreement);
    expect(after.length).toBeGreaterThan(0);
    for (const decision of after) expect(decision).toMatchObject({ effect: 'forbid', door: 'sftp', reason, clause });
    expect(told).toEqual([]);
  };
  const nothing = async () => undefined;

  test('another network', () =>
    refusedFor('foreign-network', 'parties.retail.sftp.cidrs', () => as('retail', nothing)));

  test('strangers are counted, by day, reason and network', async () => {
    const countOf = async (reason: string) => {
      const counted = (await room.registry.knocks(NO_AGREEMENT).list()).filter((each) => each.reason === reason);
      return counted.flatMap(({ day, networks }) => networks.map(({ network, count }) => ({ day, network, count })));
    };
    for (const [reason, username] of [
      ['unknown-user', 'root'],
      ['unknown-agreement', 'another-2026.telco'],
      ['unknown-party', `${AGREEMENT}.bank`],
    ] as const) {
      const before = await listDecisions();
      const knock = () => withSftp({ port: server.port, username, privateKey: TELCO.private }, nothing);
      for (const count of [1, 2]) {
        await expect(knock()).rejects.toThrow('All configured authentication methods failed');
        expect(await countOf(reason)).toEqual([{ day: DAY, network: '127.0.0.0/24', count }]);
      }
      expect(await listNew(before)).toEqual([]);
    }
    expect(await listDecisions(NO_AGREEMENT)).toEqual([]);
  });

  test('outside the term', async () => {
    now = '2025-12-31T23:59:59Z';
    await refusedFor('outside-term', 'term', () => as('telco', nothing));
  });

  test('a suspended agreement', async () => {
    await room.registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'suspended' }));
    await refusedFor('suspended', 'term', () => as('telco', nothing));
    await room.registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  });
});

test('another key: whoever does not hold an agreed one is not let in, though the name is known', async () => {
  await expect(as('telco', async () => undefined, STRANGER.private)).rejects.toThrow('authentication methods failed');
  await expect(as('telco', async () => undefined, CLINIC.private)).rejects.toThrow('authentication methods failed');
  const password = { port: server.port, username: `${AGREEMENT}.telco`, password: 'letmein' };
  await expect(withSftp(password, async () => undefined)).rejects.toThrow('authentication methods failed');
  expect(await tellLogged()).toMatchObject([
    { effect: 'forbid', party: 'telco', reason: 'wrong-key', clause: 'parties.telco.sftp.publicKeys', at: NOON_MS },
    { effect: 'forbid', party: 'telco', reason: 'wrong-key' },
  ]);
  expect(await room.registry.knocks(AGREEMENT).list()).toContainEqual(
    expect.objectContaining({ slot: 'telco:wrong-key', count: 2 }),
  );
});

test('who holds the key leaves no refusal, and whom the room refused leaves one, not two', async () => {
  await as('telco', async (files) => void (await files.list('/')));
  await expect(as('retail', async () => undefined)).rejects.toThrow('authentication methods failed');
  expect(logged).toMatchObject([{ user: `${AGREEMENT}.retail` }]);
  expect(await tellLogged()).toEqual([]);
});

const NOON_MS = `${DAY}T12:00:00.000Z`;

let serial = 0;

/** What the server has logged, as a subscription brings it. */
function describeLog() {
  serial += 1;
  const logEvents = logged.map((line, index) => ({
    id: `line-${serial}-${index}`,
    timestamp: Date.parse(now),
    message: JSON.stringify(line),
  }));
  return {
    awslogs: { data: gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents })).toString('base64') },
  };
}

/** Brings what the server has logged to the function that its log group is subscribed to; what is on record then. */
async function tellLogged(): Promise<readonly DecisionRecord[]> {
  const before = await listDecisions();
  await triggers.hearLog.invoke(describeLog(), now);
  return listNew(before);
}

test('a party that is suspended delivers what it owes, and finds nothing to take', async () => {
  const breach = breachOf(PLAN, {
    report: 'a-breach',
    kind: 'forbidden-access',
    trigger: 'forbidden-access',
    party: 'telco',
    since: NOON,
  });
  await room.registry.breaches(AGREEMENT).create(breach);
  now = `${DAY}T13:00:00Z`;
  await as('telco', async (files) => {
    expect(await files.list('/')).toEqual(['usage']);
    await expect(files.get(`/inbox/${AGREEMENT}/visits/${DAY}/part-0.parquet`)).rejects.toThrow();
    await files.put('/usage/owed.csv', CSV);
  });
  expect(told).toHaveLength(1);
  const overruled = { by: 'operator', at: now, reason: 'a test' };
  await room.registry.breaches(AGREEMENT).change(['a-breach'], (each) => ({ ...each, overruled }));
});

const HOSTILE = [
  '../../other-agreement/usage/sftp/x.csv',
  '/usage/../../../x.csv',
  '/usage/..',
  '/visits/x.csv',
  '/purchases/x.csv',
  `/${'x'.repeat(300)}`,
  '/usage/%2e%2e/%2e%2e/x.csv',
  '/usage/a\u0000b.csv',
  '/usage/line\nbreak.csv',
  '/usage/\u202Evsc.exe',
  '/usage/\uFF0E\uFF0E\uFF0Fx.csv',
  '/usage/ünïcode ✓.csv',
  '/usage/deep/er/x.csv',
  "/usage/'; drop table x; --.csv",
];
test.each(HOSTILE)('a file name that means ill stays in the folder of its dataset, or is refused: %j', async (name) => {
  await as('telco', (files) => files.put(name, CSV)).catch(() => undefined);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: landing }));
  const keys = Contents.map(({ Key = '' }) => Key).filter((key) => !key.startsWith('_'));
  for (const key of keys) expect(key).toMatch(new RegExp(`^${AGREEMENT}/usage/sftp/.`, 's'));
  for (const event of told) {
    const run = `run-hostile-${HOSTILE.indexOf(name)}`;
    const answer = await room.local.functionOf('check-intake').invoke({ event, run }, now);
    expect(answer).toMatchObject({ kind: expect.stringMatching(/^(accepted|refused)$/) });
  }
});

test('broken off at any call, throttled or unanswered, it lets nobody in without a decision on record, and lets in who asks again', async () => {
  const request = { username: `${AGREEMENT}.telco`, protocol: 'SFTP', serverId: 's-1', sourceIp: '127.0.0.1' };
  const known = await listDecisions();
  let answer: unknown;
  const { end } = await tryFaults({
    name: 'the door of SFTP',
    rooms: [room.local],
    steps: [
      async () => {
        answer = await triggers.authorize.invoke(request, now);
      },
    ],
    look: async () => ({
      answer,
      decisions: [...new Set((await listNew(known)).map(({ effect, reason }) => `${effect}: ${reason}`))],
    }),
  });
  expect(end).toMatchObject({ answer: { HomeDirectoryType: 'LOGICAL' }, decisions: ['permit: agreed'] });
}, 1_800_000);

test('a key that the server refused: broken off, throttled or unanswered, it is on record once for each line', async () => {
  await expect(as('telco', async () => undefined, STRANGER.private)).rejects.toThrow('authentication methods failed');
  const event = describeLog();
  const known = await listDecisions();
  const { end } = await tryFaults({
    name: 'a key that the SFTP server refused',
    rooms: [room.local],
    steps: [() => triggers.hearLog.invoke(event, now)],
    look: async () => (await listNew(known)).map(({ effect, party, reason, at }) => ({ effect, party, reason, at })),
  });
  expect(end).toEqual(logged.map(() => ({ effect: 'forbid', party: 'telco', reason: 'wrong-key', at: NOON_MS })));
  expect(end.length).toBeGreaterThan(0);
}, 1_800_000);

test('after its end nobody is let in', async () => {
  await room.reconcile('2027-01-01T00:05:00Z');
  now = '2027-01-02T00:00:00Z';
  await expect(as('telco', async () => undefined)).rejects.toThrow('authentication methods failed');
  expect((await listDecisions()).at(-1)).toMatchObject({ effect: 'forbid', reason: 'not-active' });
});

test('no function asked for more than its role has', () => {
  const { calls } = room.local.gateway;
  expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
});

async function listDecisions(agreement = AGREEMENT) {
  const decisions = await room.registry.decisions(agreement).list();
  return decisions.filter(({ door }) => door === 'sftp').sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Those that were recorded since `before`. */
async function listNew(before: readonly DecisionRecord[], agreement = AGREEMENT) {
  const known = new Set(before.map(({ id }) => id));
  return (await listDecisions(agreement)).filter(({ id }) => !known.has(id));
}
