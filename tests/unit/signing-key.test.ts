import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeStatement } from '../../lib/domain/agreement/signature';
import { openPartySigner } from '../../lib/registry/party-signer';
import { verifySignature } from '../../lib/registry/verify-signature';
import { makeSigningKey } from '../../lib/signing-key';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-signing-'));
  file = join(folder, 'keys', 'telco.pem');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SIGNED = { agreement: 'swap', version: 1, content: 'ab'.repeat(32), party: 'telco' };
const MESSAGE = writeStatement(SIGNED);

test('a key is made once, for its owner alone, and signs what its public half verifies', async () => {
  makeSigningKey(file);
  const before = readFileSync(file);
  makeSigningKey(file);
  expect(readFileSync(file)).toEqual(before);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { algorithm, publicKey, sign: make } = openPartySigner(file);
  const signature = await make(MESSAGE);
  expect(verifySignature(MESSAGE, { algorithm, publicKey, signature })).toBe(true);
  expect(verifySignature(writeStatement({ ...SIGNED, version: 2 }), { algorithm, publicKey, signature })).toBe(false);
  expect(verifySignature(writeStatement({ ...SIGNED, party: 'retail' }), { algorithm, publicKey, signature })).toBe(
    false,
  );
  expect(verifySignature(MESSAGE, { algorithm: 'rsa-pss-sha256', publicKey, signature })).toBe(false);
});

test.each([
  ['is missing', () => rmSync(file), 'is not there'],
  ['can be read by others', () => chmodSync(file, 0o640), 'can be read by others'],
  ['is cut off', () => truncateSync(file, 40), 'is damaged'],
  ['is empty', () => truncateSync(file, 0), 'is damaged'],
  ['is something else', () => writeFileSync(file, 'barter-room-key-1:00'), 'is damaged'],
  ['is a key of another kind', () => writeFileSync(file, makeOther()), 'is no Ed25519 key'],
])('a key that %s is refused, and nothing of it is shown', (_, spoil, problem) => {
  makeSigningKey(file);
  const secret = readFileSync(file, 'utf8').split('\n')[1]!;
  spoil();
  expect(() => openPartySigner(file)).toThrow(problem);
  try {
    openPartySigner(file);
  } catch (error) {
    expect(String(error)).not.toContain(secret);
    expect(String(error)).toContain(file);
  }
});

function makeOther(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

test('a place where no key can be made is named', () => {
  writeFileSync(join(folder, 'keys'), '');
  expect(() => makeSigningKey(file)).toThrow(`The signing key ${file} cannot be made`);
});

test('OpenSSL verifies what was signed', async () => {
  makeSigningKey(file);
  const { publicKey, sign: make } = openPartySigner(file);
  writeFileSync(join(folder, 'message'), MESSAGE);
  writeFileSync(join(folder, 'signature'), Buffer.from(await make(MESSAGE), 'base64'));
  writeFileSync(join(folder, 'public.der'), Buffer.from(publicKey, 'base64'));
  const said = execFileSync('openssl', [
    ...['pkeyutl', '-verify', '-rawin', '-pubin', '-keyform', 'DER'],
    ...['-inkey', join(folder, 'public.der'), '-in', join(folder, 'message'), '-sigfile', join(folder, 'signature')],
  ]).toString();
  expect(said).toContain('Verified Successfully');
});

test('keys as AWS KMS makes them are taken: P-256 in DER, and RSA-PSS', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = (key: typeof ec.publicKey) => key.export({ format: 'der', type: 'spki' }).toString('base64');
  const signed = {
    algorithm: 'ecdsa-p256-sha256' as const,
    publicKey: spki(ec.publicKey),
    signature: sign('sha256', MESSAGE, ec.privateKey).toString('base64'),
  };
  expect(verifySignature(MESSAGE, signed)).toBe(true);
  expect(verifySignature(MESSAGE, { ...signed, signature: signed.signature.replace(/^..../, 'AAAA') })).toBe(false);
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  expect(verifySignature(MESSAGE, { ...signed, algorithm: 'rsa-pss-sha256', publicKey: spki(weak.publicKey) })).toBe(
    false,
  );
});
