import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code';

const KEY_BYTES = 32;
const HEADER = 'barter-room-key-1:';

/** A key file is missing its promise: private, whole and readable. The message never holds key material. */
export class UnusableKeyFile extends Error {
  override readonly name = 'UnusableKeyFile';
}

/** Where a giver's master secret for an agreement lies. */
export function masterKeyFile(folder: string, agreement: string, giver: string): string {
  return join(folder, agreement, `${giver}.key`);
}

/** The master secrets of an agreement that lie there, whoever gave by them. */
export function listMasterKeyFiles(folder: string, agreement: string): readonly string[] {
  const own = join(folder, agreement);
  if (!existsSync(own)) return [];
  const names = readdirSync(own).filter((name) => name.endsWith('.key'));
  return names.sort().map((name) => join(own, name));
}

/**
 * The giver's master secret for one agreement, from `<folder>/<agreement>/<giver>.key`, made on first use with mode 0600.
 * The same file gives the same tokens in every round; without it no later release can be linked to this one. Beside it
 * stands `<giver>.key.id`, from which nothing of the key follows, and by which it is known that there was one, and which.
 * @throws UnusableKeyFile when it is gone, another one, truncated, one that nobody drew, readable by others or in
 *   a folder that others can write to, or cannot be made.
 */
export function readMasterKey(folder: string, agreement: string, giver: string): Uint8Array {
  const file = masterKeyFile(folder, agreement, giver);
  try {
    for (const each of [folder, dirname(file)]) requireOwnFolder(each);
    const known = readId(file);
    if (!existsSync(file)) {
      if (known !== undefined) throw describeLoss(file);
      createKeyFile(file);
    }
    const key = parseKeyFile(file);
    const id = identifyKey(key);
    if (known === undefined) writeFileSync(`${file}.id`, `${id}\n`, { mode: 0o600 });
    else if (known !== id) throw describeExchange(file);
    return key;
  } catch (error) {
    if (error instanceof UnusableKeyFile) throw error;
    throw new UnusableKeyFile(
      `Key file ${file} can be neither read nor made (${errorCode(error) ?? 'unknown'}). Choose another folder with --keys.`,
    );
  }
}

/**
 * Holds that the giver's key is the one that releases on record were made with.
 * @param id theirs, as `identifyMasterKey` tells it
 * @throws UnusableKeyFile when it is gone, or another one
 */
export function requireMasterKey(folder: string, agreement: string, giver: string, id: string): void {
  const file = masterKeyFile(folder, agreement, giver);
  const isThere = existsSync(file);
  if (isThere && identifyMasterKey(folder, agreement, giver) === id) return;
  throw new UnusableKeyFile(
    `Key file ${file} ${isThere ? 'holds another key than' : 'is not there, with'} the one that releases on record were made with: tokens would be others, shifts and noise drawn anew, and erased persons not found. Restore it from a backup, or name its folder with --keys. Without it this agreement cannot go on: barter on by a new one, with an id of its own.`,
  );
}

/** 32 hex digits that follow from the giver's key, and do not lead back to it. @throws UnusableKeyFile as `readMasterKey` */
export function identifyMasterKey(folder: string, agreement: string, giver: string): string {
  return identifyKey(readMasterKey(folder, agreement, giver));
}

function identifyKey(key: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', key, 'barter-room/leg-keys/1', '["id"]', 16)).toString('hex');
}

function readId(file: string): string | undefined {
  return existsSync(`${file}.id`) ? readFileSync(`${file}.id`, 'utf8').trim() : undefined;
}

function describeLoss(file: string): UnusableKeyFile {
  return new UnusableKeyFile(
    `Key file ${file} is gone: releases made with another key could not be linked to the earlier ones. Restore it from a backup; or, to begin anew, delete ${file}.id as well and tell the receivers.`,
  );
}

function describeExchange(file: string): UnusableKeyFile {
  return new UnusableKeyFile(
    `Key file ${file} holds another key than the one that was made first: its releases could not be linked to the earlier ones. Restore that one from a backup; or, to begin anew, delete ${file}.id and tell the receivers.`,
  );
}

/** Written whole under another name and linked into place: two first uses at once end with one key, not two. */
function createKeyFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // A key that is committed is a key that is known.
  writeFileSync(join(dirname(file), '.gitignore'), '*\n');
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, `${HEADER}${randomBytes(KEY_BYTES).toString('hex')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whoever can write to a folder can put another key into it; in a sticky one only the file's owner can. */
function requireOwnFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (process.platform === 'win32' || !found?.isDirectory()) return;
  if ((found.mode & 0o022) === 0 || (found.mode & 0o1000) !== 0) return;
  throw new UnusableKeyFile(
    `Key folder ${folder} can be written to by others, who can put a key that they know in the place of yours. Take that from them (chmod go-w ${folder}), or choose another folder with --keys.`,
  );
}

function parseKeyFile(file: string): Uint8Array {
  const { mode } = statSync(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new UnusableKeyFile(
      `Key file ${file} can be read by others. Make it private (chmod 600); if others may have read it, delete it and its .id: a new one gives new tokens.`,
    );
  }
  const text = readFileSync(file, 'utf8');
  const hex = text.startsWith(HEADER) ? text.slice(HEADER.length).trimEnd() : '';
  if (!/^[0-9a-f]{64}$/.test(hex)) {
    throw new UnusableKeyFile(
      `Key file ${file} is damaged: it should be one line, "${HEADER}" and 64 hexadecimal digits. Restore it from a backup, or delete it and its .id: a new one gives new tokens.`,
    );
  }
  if (/^(.)\1*$/.test(hex)) {
    throw new UnusableKeyFile(
      `Key file ${file} holds one digit again and again, which no random key does: anybody can guess it. Restore the right one from a backup, or delete it and its .id: a new one gives new tokens.`,
    );
  }
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
