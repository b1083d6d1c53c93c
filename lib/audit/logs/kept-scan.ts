import type { NoteSigner } from '../ledger/note-signer';
import type { FoundLog } from './list-log-files';
import type { ScannedFile, ScanResult, ScanSetting } from './scan-files';
import { openSealed, sealText } from './sealed-text';

/** A log in a store. */
export interface StoredLog extends FoundLog {
  /** Changes with its content. Absent: nothing tells, so that it is read when the report is written. */
  readonly tag?: string;
}

/** Logs in a store, day by day. */
export interface StoredLogs {
  /** How the names of its files begin. */
  readonly prefix: string;
  /** UTC, `YYYY-MM-DD`: all that may tell of the period. */
  readonly days: readonly string[];
  /** In order of their names. */
  readonly list: (day: string) => Promise<readonly StoredLog[]>;
  /** One after the other; a file is here until the next is asked for. */
  readonly fetch: (files: readonly FoundLog[]) => AsyncIterable<FoundLog>;
}

/** Where scans are kept, by name. */
export interface ScanStore {
  readonly list: (folder: string) => Promise<readonly string[]>;
  readonly read: (name: string) => Promise<string>;
  /** Onto this disk. */
  readonly fetch: (name: string, path: string) => Promise<void>;
  /** What is there already stays. */
  readonly putNew: (name: string, content: { readonly path: string } | string) => Promise<void>;
}

/** What was found in some logs of a day, once; the accesses lie beside it. */
export interface KeptScan
  extends Pick<ScanResult, 'internal' | 'unknown' | 'malformed' | 'unread' | 'reached' | 'summaries'> {
  readonly name: string;
  readonly ground: ScanGround;
  readonly files: readonly (ScannedFile & { readonly tag: string })[];
  /** Where they lie, gzip, one a line; the hash is of that. */
  readonly accesses: { readonly name: string; readonly sha256: string };
}

/** What a scan depends on beside the logs. */
export interface ScanGround extends Pick<ScanSetting, 'roomAccounts' | 'buckets' | 'hashContent'> {
  readonly toolVersion: string;
}

/** With what it is made of: scans of an older make are made anew. */
const KIND = 'scanned logs, hashed, with what was not read';

/** The folder of a day; what is named in it begins with a hash of the logs that were scanned. */
export function scanFolder(day: string): string {
  return `${day}/`;
}

export async function formatKept(scan: KeptScan, signer: NoteSigner): Promise<string> {
  return sealText(signer, KIND, JSON.stringify(scan));
}

/**
 * The scans of a day that can stand for reading its logs again: signed by this room, on the same ground, and of logs as they
 * are now, none of them in two.
 */
export async function readKept(
  store: ScanStore,
  day: string,
  listed: readonly StoredLog[],
  ground: ScanGround,
  signer: NoteSigner,
): Promise<readonly KeptScan[]> {
  const left = new Map(listed.flatMap(({ file, tag }) => (tag === undefined ? [] : [[file, tag] as const])));
  const usable: KeptScan[] = [];
  const names = (await store.list(scanFolder(day))).filter((name) => /\/[0-9a-f]{64}\.json$/.test(name));
  for (const name of names.toSorted()) {
    const line = openSealed(signer.key, KIND, await store.read(name));
    if (line === undefined) continue;
    const scan: KeptScan = JSON.parse(line);
    if (scan.name !== name || JSON.stringify(scan.ground) !== JSON.stringify(ground)) continue;
    if (!scan.files.every(({ file, tag }) => left.get(file) === tag)) continue;
    for (const { file } of scan.files) left.delete(file);
    usable.push(scan);
  }
  return usable;
}
