import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import {
  noticeRequestSchema,
  problemRequestSchema,
  uploadRequestSchema,
} from '../../../lib/domain/enforcement/api/api-schemas';
import { planHandover } from '../../../lib/domain/exchange/handover/plan-handover';
import { writeHandoverGuide } from '../../../lib/domain/exchange/handover/write-handover-guide';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';

/* The commands of a partner's guide, as a shell takes them. Nothing goes out: curl only tells what it was given. */

const ROOM = { account: '999900001111', region: 'eu-central-1', sftp: { kind: 'public' } } as const;
const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
const DELIVERED = 'id,amount\n7,1.5\n';
const CALLS = PLAN.parties.map(({ id }) => id);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-guide-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function commandsFor(party: string): readonly string[] {
  const plan = { ...PLAN, parties: PLAN.parties.map((each) => ({ ...each, sftp: SFTP })) };
  const handover = planHandover(planForSide(plan, { kind: 'hosted' }), party, ROOM);
  const guide = writeHandoverGuide(handover!, { template: 'template.json', warehouses: {} });
  return [...guide.matchAll(/^```sh\n(.*?)^```/gms)].map(([, command = '']) => command);
}

/** What curl would be given. */
function argumentsOf(command: string): readonly string[] {
  const told = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const environment = {
    PATH: process.env.PATH ?? '',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'a/b+c',
    AWS_SESSION_TOKEN: 'IQoJ==',
  };
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-euc', told], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\0').slice(0, -1);
}

function findCall(party: string, path: string): readonly string[] {
  const [command, ...more] = commandsFor(party).filter((each) => each.includes(`/${path} `));
  expect(more).toEqual([]);
  return argumentsOf(command!);
}

test.each(CALLS)('every command for %s is one that the shell can read', (party) => {
  const commands = commandsFor(party);
  expect(commands.length).toBeGreaterThan(4);
  for (const command of commands) {
    const { status, stderr } = spawnSync('bash', ['--norc', '-n'], { input: command, encoding: 'utf8' });
    expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' });
  }
});

test.each(CALLS)('the link that %s asks for is for its file, as the API takes it', (party) => {
  const dataset = PLAN.datasets.find(({ owner }) => owner === party)!.id;
  writeFileSync(join(folder, `${dataset}.csv`), DELIVERED);
  const given = findCall(party, 'uploads');
  expect(given.slice(0, -1)).toEqual([
    '--aws-sigv4',
    'aws:amz:eu-central-1:execute-api',
    '--user',
    'AKIA:a/b+c',
    '-H',
    'x-amz-security-token: IQoJ==',
    '-H',
    'content-type: application/json',
    `API/agreements/${PLAN.agreement.id}/uploads`,
    '-d',
  ]);
  expect(uploadRequestSchema.parse(JSON.parse(given.at(-1)!))).toEqual({
    dataset,
    file: `${dataset}.csv`,
    bytes: DELIVERED.length,
    sha256: createHash('sha256').update(DELIVERED).digest('hex'),
  });
});

test.each(CALLS)('the notice that %s gives is as the API takes it', (party) => {
  const given = findCall(party, 'notices');
  expect(noticeRequestSchema.parse(JSON.parse(given.at(-1)!))).toEqual({ reason: 'WHY' });
});

test.each(CALLS)(
  'the problem that %s reports is as the API takes it, and what it reads is asked without a body',
  (party) => {
    const given = findCall(party, 'problems');
    expect(problemRequestSchema.parse(JSON.parse(given.at(-1)!))).toEqual({ text: 'WHAT IS WRONG' });
    const [command] = commandsFor(party).filter((each) => each.includes('/deliveries'));
    const asked = argumentsOf(command!);
    expect(asked.at(-1)).toBe(`API/agreements/${PLAN.agreement.id}/deliveries`);
    expect(asked).not.toContain('-d');
  },
);

test.each(CALLS)('the signature of %s goes where signatures go', (party) => {
  expect(findCall(party, 'signatures').slice(-3)).toEqual([
    `API/agreements/${PLAN.agreement.id}/signatures`,
    '-d',
    'WHAT BARTER SIGN PRINTED',
  ]);
});
