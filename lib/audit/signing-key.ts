import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatNote, type NoteKey, noteMessage } from '../domain/audit/ledger/signed-note';
import { errorCode } from '../error-code';
import { rawPublicKey, sha256 } from './node-crypto';

/** Signs as one name. */
export interface Signer {
  readonly key: NoteKey;
  /** A signed note (https://c2sp.org/signed-note). */
  readonly signNote: (text: string) => string;
}

/** The file of a signing key is missing its promise: private, whole and readable. The message never holds key material. */
export class UnusableSigningKey extends Error {
  override readonly name = 'UnusableSigningKey';
}

/**
 * The Ed25519 key in a PEM file (PKCS #8), made on first use with mode 0600.
 * @throws UnusableSigningKey when it is truncated, of another kind, readable by others, or cannot be made.
 */
export function readSigningKey(file: string, name: string): Signer {
  try {
    if (!existsSync(file)) createKeyFile(file);
    const secret = parseKeyFile(file);
    const key: NoteKey = { kind: 'ed25519', name, publicKey: rawPublicKey(secret) };
    const signNote = (text: string) => {
      const signature = new Uint8Array(sign(null, noteMessage(text), secret));
      return formatNote(sha256, text, [{ key, signature }]);
    };
    return { key, signNote };
  } catch (error) {
    if (error instanceof UnusableSigningKey || errorCode(error) === undefined) throw error;
    throw new UnusableSigningKey(
      `Signing key ${file} can be neither read nor made (${errorCode(error)}). Name another file with --key.`,
      { cause: error },
    );
  }
}

/** Written whole under another name and linked into place: two first uses at once end with one key, not two. */
function createKeyFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // A key that is committed is a key that is known.
  const ignore = join(dirname(file), '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function parseKeyFile(file: string): KeyObject {
  const stat = statSync(file);
  if (!stat.isFile()) throw new UnusableSigningKey(`Signing key ${file} is no file. Name another with --key.`);
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw new UnusableSigningKey(
      `Signing key ${file} can be read by others. Make it private (chmod 600); if others may have read it, sign with a new one and tell the parties its public key.`,
    );
  }
  const damaged = new UnusableSigningKey(
    `Signing key ${file} is damaged: it should be an Ed25519 key in PEM (PKCS #8). Restore it from a backup; with another key the parties have to be told its public key.`,
  );
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(file));
  } catch {
    throw damaged;
  }
  if (key.asymmetricKeyType !== 'ed25519') throw damaged;
  return key;
}
