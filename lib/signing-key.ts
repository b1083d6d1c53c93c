import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from './error-code';

/** A signing key's file is missing its promise: private, whole and readable. The message never holds key material. */
export class UnusableSigningKey extends Error {
  override readonly name = 'UnusableSigningKey';
}

/** Makes a key where there is none; one that stands stays. Two makers at once end with one key. */
export function makeSigningKey(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (existsSync(file)) return;
    // A key that is committed is a key that is known.
    writeFileSync(join(dirname(file), '.gitignore'), '*\n');
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    const draft = `${file}.${randomBytes(8).toString('hex')}.draft`;
    writeFileSync(draft, pem, { mode: 0o600, flag: 'wx', flush: true });
    try {
      linkSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && existsSync(file)) return;
    throw new UnusableSigningKey(
      `The signing key ${file} cannot be made (${errorCode(error) ?? 'unknown'}). Name another place with --key.`,
      {
        cause: error,
      },
    );
  }
}

/**
 * The Ed25519 key (PKCS#8, PEM) by which a party or a room signs, in a file that only its owner can read.
 * @throws UnusableSigningKey where there is none, others can read it, or it is damaged
 */
export function readSigningKey(file: string): KeyObject {
  const pem = readPem(file);
  try {
    const key = createPrivateKey({ key: pem, format: 'pem' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What the library says may quote what it read.
  }
  throw new UnusableSigningKey(
    `The signing key ${file} is damaged, or is no Ed25519 key in PEM (PKCS#8). Restore it from a backup; a new key is one that the other parties have to be told of.`,
  );
}

function readPem(file: string): Buffer {
  try {
    const { mode } = statSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new UnusableSigningKey(
        `The signing key ${file} can be read by others, who can then sign in your name. Make it private (chmod 600); if others may have read it, agree on a new one.`,
      );
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UnusableSigningKey) throw error;
    const what = errorCode(error) === 'ENOENT' ? 'is not there' : `cannot be read (${errorCode(error) ?? 'unknown'})`;
    throw new UnusableSigningKey(`The signing key ${file} ${what}. Name it with --key.`, { cause: error });
  }
}
