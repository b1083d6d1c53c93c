import { formatBase64, parseBase64 } from '../../bytes';
import type { TreeHead } from './verify-proof';

/** What is signed of a ledger: which one, how many entries, and the hash over all of them. */
export interface Checkpoint extends TreeHead {
  /** Names the ledger for good, e.g. `audit.example.com/telco-retail-2026`; no blanks, no plus sign. */
  readonly origin: string;
}

/** The body of a C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint): three lines, each ended. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!isOrigin(origin)) {
    throw new RangeError(`${JSON.stringify(origin)} cannot name a ledger: write one word without plus signs.`);
  }
  return `${origin}\n${size}\n${formatBase64(root)}\n`;
}

/** Undefined for anything but such a body. Extension lines are refused: this ledger writes none. */
export function parseCheckpoint(body: string): Checkpoint | undefined {
  const [origin = '', count = '', hash = '', end, ...more] = body.split('\n');
  const root = parseBase64(hash);
  const size = Number(count);
  if (end !== '' || more.length > 0 || root?.length !== 32 || !isOrigin(origin)) return undefined;
  if (!/^(0|[1-9]\d*)$/.test(count) || !Number.isSafeInteger(size)) return undefined;
  return { origin, size, root };
}

function isOrigin(origin: string): boolean {
  return /^[^\s+\p{Cc}]+$/u.test(origin);
}
