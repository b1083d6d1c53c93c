import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlannedDataset, PlannedLeg } from '../domain/agreement/plan';
import type { LegKeys } from '../engine/engine';
import { errorCode } from '../error-code';

const KEY_BYTES = 32;
const HEADER = 'barter-room-key-1:';

/** A key file is missing its promise: private, whole and readable. The message never holds key material. */
export class UnusableKeyFile extends Error {
  override readonly name = 'UnusableKeyFile';
}

/**
 * The giver's master secret for one agreement, from `<folder>/<agreement>/<giver>.key`, made on first use with mode 0600.
 * The same file gives the same tokens in every round; without it no later release can be linked to this one.
 * @throws UnusableKeyFile when it is truncated, readable by others, or cannot be made.
 */
export function readMasterKey(folder: string, agreement: string, giver: string): Uint8Array {
  const file = join(folder, agreement, `${giver}.key`);
  try {
    if (!existsSync(file)) createKeyFile(file);
    return parseKeyFile(file);
  } catch (error) {
    if (error instanceof UnusableKeyFile) throw error;
    throw new UnusableKeyFile(
      `Key file ${file} can be neither read nor made (${errorCode(error) ?? 'unknown'}). Choose another folder with --keys.`,
    );
  }
}

/** HKDF-SHA256 (RFC 5869): one secret per agreement, receiver, dataset, dataset version and use, so no two releases link. */
export function deriveLegKeys(
  master: Uint8Array,
  agreement: string,
  leg: PlannedLeg,
  dataset: PlannedDataset,
): LegKeys {
  const derive = (use: string) => {
    const info = JSON.stringify([use, agreement, leg.to, dataset.id, dataset.version]);
    return new Uint8Array(hkdfSync('sha256', master, 'barter-room/leg-keys/1', info, KEY_BYTES));
  };
  return {
    token: derive('token'),
    dateShift: derive('date-shift'),
    noise: derive('noise'),
    formatPreserving: derive('format-preserving'),
  };
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

function parseKeyFile(file: string): Uint8Array {
  const { mode } = statSync(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new UnusableKeyFile(
      `Key file ${file} can be read by others. Make it private (chmod 600); if others may have read it, delete it: a new one gives new tokens.`,
    );
  }
  const text = readFileSync(file, 'utf8');
  const hex = text.startsWith(HEADER) ? text.slice(HEADER.length).trimEnd() : '';
  if (!/^[0-9a-f]{64}$/.test(hex)) {
    throw new UnusableKeyFile(
      `Key file ${file} is damaged: it should be one line, "${HEADER}" and 64 hexadecimal digits. Restore it from a backup, or delete it: a new one gives new tokens.`,
    );
  }
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
