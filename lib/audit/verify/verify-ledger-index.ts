import { createHash, type Hash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { sizeOfIndexPage } from '../../domain/audit/ledger/append-accesses';
import { type Checkpoint, formatCheckpoint } from '../../domain/audit/ledger/checkpoint';
import type { NoteKey } from '../../domain/audit/ledger/signed-note';
import { formatVerifierKey } from '../../domain/audit/ledger/verifier-key';
import { VERIFIER_KEY } from '../ledger/publish-checkpoint';
import { sha256 } from '../node-crypto';
import { CHECKPOINTS } from '../pack/sign-pack';

/** A file of the ledger, by its path in there, and what is wrong with it. */
interface FileFinding {
  readonly path: string;
  readonly problem: string;
}

/** An entry as the index tells of it. */
export interface IndexedPair {
  /** `YYYY/MM/DD/HH` of the access; what has no time is on no page. */
  readonly hour: string | undefined;
  /** Hash of the access's id. */
  readonly key: Uint8Array;
  /** Hash of its leaf. */
  readonly leaf: Uint8Array;
}

const HEAD = 'head';
const INDEX = 'index';
const TILES = 'tile';

/** Holds the pages of a ledger's index against its entries, as they come: of one append at a time no more than hashes are held. */
export function openIndexCheck(ledger: string): {
  /** Entries, all of them, in their order. */
  readonly add: (pair: IndexedPair, entry: number) => void;
  readonly finish: () => readonly FileFinding[];
} {
  const left = new Set(listFiles(ledger, INDEX));
  const ends = [...new Set([...left].map((path) => sizeOfIndexPage(path) ?? 0))].toSorted((one, other) => one - other);
  const findings: FileFinding[] = [];
  const pages = new Map<string, Hash>();
  let append = 0;
  const close = () => {
    for (const [path, hash] of pages) {
      if (!left.delete(path)) findings.push({ path, problem: 'it is missing' });
      else if (!isSame(join(ledger, path), hash))
        findings.push({ path, problem: 'it is not what the entries of the ledger give' });
    }
    pages.clear();
  };
  return {
    add: ({ hour, key, leaf }, entry) => {
      if (entry >= (ends[append] ?? Number.POSITIVE_INFINITY)) close();
      while (entry >= (ends[append] ?? Number.POSITIVE_INFINITY)) append += 1;
      if (hour === undefined) return;
      const path = `${INDEX}/${hour}/${ends[append] ?? 'SIZE'}`;
      const page = pages.get(path) ?? createHash('sha256');
      pages.set(path, page.update(key).update(leaf));
    },
    finish: () => {
      close();
      return [...findings, ...[...left].map((path) => ({ path, problem: 'no entry of the ledger accounts for it' }))];
    },
  };
}

/** @param last the latest state of the ledger that is signed */
export function checkHead(ledger: string, last: Checkpoint): readonly FileFinding[] {
  const path = join(ledger, HEAD);
  // It is written with the first entry.
  if (!existsSync(path)) return last.size === 0 ? [] : [{ path: HEAD, problem: 'it is missing' }];
  return isSame(path, createHash('sha256').update(formatCheckpoint(last)))
    ? []
    : [{ path: HEAD, problem: `it does not say what was signed at ${last.size} entries` }];
}

/** What is no part of a ledger. @param key of whoever signs it: a room keeps it there, too */
export function listForeign(ledger: string, key: NoteKey): readonly FileFinding[] {
  const own = [TILES, INDEX, CHECKPOINTS].map((folder) => `${folder}/`);
  return listFiles(ledger)
    .filter((path) => path !== HEAD && !(path === VERIFIER_KEY && isKey(join(ledger, path), key)))
    .filter((path) => !own.some((folder) => path.startsWith(folder)))
    .map((path) => ({ path, problem: 'it is no part of a ledger' }));
}

function isKey(file: string, key: NoteKey): boolean {
  return lstatSync(file).isFile() && readFileSync(file, 'utf8').trimEnd() === formatVerifierKey(sha256, key);
}

function isSame(file: string, hash: Hash): boolean {
  if (!lstatSync(file).isFile()) return false;
  return createHash('sha256').update(readFileSync(file)).digest().equals(hash.digest());
}

function listFiles(ledger: string, folder = ''): readonly string[] {
  const root = join(ledger, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(ledger, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
