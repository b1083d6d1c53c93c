import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerRequest } from '../../../../lambda/decide/answer-request';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import { sha256 } from '../../../../lib/audit/node-crypto';
import { API_CONTRACTS } from '../../../../lib/domain/enforcement/api/api-contracts';
import { API_OPERATIONS, type ApiOperation } from '../../../../lib/domain/enforcement/api/api-operations';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { verifySignature } from '../../../../lib/registry/verify-signature';
import { releaseOf, roundOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

/* The commands of docs/handover.md: a partner signs with OpenSSL what the API gives back, and sends that. */

const [USAGE] = PLAN.legs.map(({ id }) => id) as [string];
const RETAIL = PLAN.parties.find(({ id }) => id === 'retail')!.account;
const DAY = '2026-03-05';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-openssl-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The blocks of the page that use OpenSSL, in their order. */
const COMMANDS = [
  ...readFileSync(join(__dirname, '../../../../docs/handover.md'), 'utf8').matchAll(/```sh\n([^`]*?openssl[^`]*?)```/g),
].map(([, command = '']) => command);

function shell(command: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', command], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({ command, status: 0, stderr: '' });
  return stdout.trim();
}

async function openRoom() {
  const { registry, agreement } = await registerSigned(PLAN, ['telco']);
  const { log } = recordLog();
  const ask = async (operation: ApiOperation, body: object) => {
    const { method, path } = API_OPERATIONS.find(({ id }) => id === operation)!;
    const answer = await answerRequest(
      {
        routeKey: `${method} ${path}`,
        pathParameters: { agreement },
        body: JSON.stringify(body),
        requestContext: { accountId: '999900001111', requestId: 'r', authorizer: { iam: { accountId: RETAIL } } },
      },
      {
        registry,
        record: openDoorRecorder(),
        policiesOf: rememberPolicies(),
        verify: verifySignature,
        listAccesses: async () => ({}),
        tell: async () => {},
        readCertificate: async () => undefined,
        sha256,
        now: () => new Date('2026-04-10T10:00:00Z'),
        log,
      },
    );
    const said = JSON.parse(answer.body ?? '');
    const contract = API_CONTRACTS[operation].answers[String(answer.statusCode)];
    expect({ said, fits: contract?.schema.safeParse(said).success }).toEqual({ said, fits: true });
    return { status: answer.statusCode, ...said };
  };
  return { registry, agreement, ask };
}

/** As the page says: the answer in a file, signed by the key, and sent with it. */
async function signAndSend(room: Awaited<ReturnType<typeof openRoom>>, operation: ApiOperation, said: object) {
  const { status, reason, toSign, version, content } = await room.ask(operation, said);
  expect([status, reason]).toEqual([409, 'unsigned']);
  writeFileSync(join(folder, 'toSign'), toSign);
  const signature = shell(COMMANDS[1]!);
  const publicKey = shell(COMMANDS[2]!);
  return room.ask(operation, { ...said, version, content, algorithm: 'ed25519', publicKey, signature });
}

test('a partner signs a version, what arrived and what it has destroyed, with OpenSSL alone', async () => {
  expect(COMMANDS).toHaveLength(3);
  shell(COMMANDS[0]!);
  const room = await openRoom();
  const { registry, agreement } = room;
  expect(await signAndSend(room, 'sign-version', { version: 1 })).toMatchObject({ status: 201, unsigned: [] });
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  await registry.rounds(agreement).create(roundOf(PLAN, DAY));
  await registry.releases(agreement).create(releaseOf(PLAN, USAGE, DAY));
  const arrived = { leg: USAGE, round: DAY, sha256: 'a1'.repeat(32) };
  expect(await signAndSend(room, 'confirm-receipt', arrived)).toMatchObject({ status: 201, received: 'as-promised' });
  const destroyed = { leg: USAGE, by: 'Ä. Keeper', statement: 'geschreddert, auch die Sicherung', releases: [DAY] };
  expect(await signAndSend(room, 'attest-destruction', destroyed)).toMatchObject({ status: 201 });
  expect(await registry.releaseAttestations(agreement).list()).toMatchObject([{ round: DAY, party: 'retail' }]);
});

test('what is not signed is not on record, and another key, or other bytes, are refused', async () => {
  const room = await openRoom();
  const { registry, agreement } = room;
  shell(COMMANDS[0]!);
  await signAndSend(room, 'sign-version', { version: 1 });
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'ended' }));
  const said = { leg: USAGE, by: 'A. Keeper', statement: 'shredded' };
  expect(await room.ask('attest-destruction', said)).toMatchObject({ status: 409, reason: 'unsigned' });
  const { toSign, version, content } = await room.ask('attest-destruction', said);
  writeFileSync(join(folder, 'toSign'), `${toSign}\n`);
  const signed = {
    version,
    content,
    algorithm: 'ed25519',
    publicKey: shell(COMMANDS[2]!),
    signature: shell(COMMANDS[1]!),
  };
  expect(await room.ask('attest-destruction', { ...said, ...signed })).toMatchObject({ reason: 'not-genuine' });
  shell(COMMANDS[0]!);
  expect(await signAndSend(room, 'attest-destruction', said)).toMatchObject({ status: 409, reason: 'other-key' });
  expect(await registry.attestations(agreement).list()).toEqual([]);
});
