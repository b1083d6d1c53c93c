import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CreateKeyCommand, type CreateKeyCommandInput, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Moto, startMoto } from '../../local-cloud/start-moto';
import { makeSmallSwap, runBarter } from './small-swap';

/* `barter sign --kms`, as a party types it, with moto in place of AWS KMS. */

const BARTER = join(__dirname, '../../../bin/barter.js');
const REGION = 'eu-central-1';
const BEFORE = { ...process.env };
let moto: Moto;
let folder: string;
beforeAll(async () => {
  moto = await startMoto();
  // Both the client here and the one of the command take these.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: moto.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'north',
    AWS_SECRET_ACCESS_KEY: 'stands in',
  });
});
afterAll(async () => {
  process.env = BEFORE;
  await moto.stop();
});
beforeEach(() => {
  folder = makeSmallSwap();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function makeKey(input: CreateKeyCommandInput): Promise<string> {
  const { KeyMetadata } = await new KMSClient().send(new CreateKeyCommand(input));
  return KeyMetadata?.Arn ?? '';
}

/** A process has of the environment here only what it is given. */
const sign = (kms: string) =>
  spawnSync('node', [BARTER, 'sign', 'agreement.yaml', '--by', 'north', '--kms', kms], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env },
  });
const status = () => JSON.parse(runBarter(folder, 'status', 'agreement.yaml', '--json').stdout);

test('a key of KMS signs for a party, and the registry takes its signature for genuine', async () => {
  const key = await makeKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const { PublicKey = new Uint8Array() } = await new KMSClient().send(new GetPublicKeyCommand({ KeyId: key }));
  const { stdout, status: code } = sign(key);
  expect(code).toBe(0);
  expect(stdout).toContain(`with the key ${Buffer.from(PublicKey).toString('base64')}`);
  expect(stdout).toContain('"algorithm":"ecdsa-p256-sha256"');
  expect(stdout).toContain('Still to sign: south.');
  expect(status().signatures).toMatchObject([
    { party: 'north', state: 'signed' },
    { party: 'south', state: 'missing' },
  ]);
  const other = await makeKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const again = sign(other);
  expect(again.stderr).toContain('This is not the key that north holds');
  expect(again.status).toBe(2);
});

test.each<[string, CreateKeyCommandInput, string]>([
  ['RSA', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'make one of spec ECC_NIST_P256'],
  ['another curve', { KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' }, 'make one of spec ECC_NIST_P256'],
])('%s signs nothing: invalid input, said in a sentence, and nothing on record', async (_, input, problem) => {
  const key = await makeKey(input);
  const { status: code, stderr } = sign(key);
  expect(stderr).toContain(`error: The key ${key} cannot sign: ${problem}`);
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(2);
  expect(runBarter(folder, 'status', 'agreement.yaml').stderr).toContain('is not on record here');
});

test('a key that is not there signs nothing', () => {
  const none = `arn:aws:kms:${REGION}:123456789012:key/00000000-0000-4000-8000-000000000000`;
  const { status: code, stderr } = sign(none);
  expect(stderr).toContain(`The key ${none} cannot be used`);
  expect(stderr).toContain('does not exist');
  expect(code).toBe(2);
});
