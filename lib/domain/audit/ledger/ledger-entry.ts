import canonicalize from 'canonicalize';
import { decodeText, encodeText, type Sha256 } from '../../bytes';
import type { Access } from '../access';
import { isFields } from '../records/record-fields';
import { MAX_ENTRY_BYTES } from './entry-bundle';

/** One access as the ledger keeps it. */
export interface LedgerEntry {
  readonly key: EntryKey;
  /** Canonical JSON (RFC 8785) of `{ entryVersion, access }`. */
  readonly bytes: Uint8Array;
}

/** By which an access is known again. */
interface EntryKey {
  /** SHA-256 of the access's id: 32 bytes. */
  readonly hash: Uint8Array;
  /** Shard of the index: the hour of the access, `YYYY/MM/DD/HH`. */
  readonly hour: string;
}

/** @throws RangeError for an access beyond 65,535 bytes, or without a UTC time. */
export function formatEntry(sha256: Sha256, access: Access): LedgerEntry {
  const bytes = encodeText(formatCanonical({ access, entryVersion: 1 }));
  if (bytes.length > MAX_ENTRY_BYTES) {
    throw new RangeError(`Access ${access.id} has ${bytes.length} bytes; the ledger takes ${MAX_ENTRY_BYTES}.`);
  }
  return { key: { hash: sha256(encodeText(access.id)), hour: readHour(access) }, bytes };
}

/** `YYYY/MM/DD/HH` of an access. @throws RangeError where its time is no UTC timestamp. */
export function readHour(access: Access): string {
  const hour = findHour(access);
  if (hour === undefined) throw new RangeError(`Access ${access.id} has no UTC time.`);
  return hour;
}

/** `YYYY/MM/DD/HH` of what was entered; undefined where it has no UTC timestamp. */
export function findHour({ at = '' }: EnteredAccess): string | undefined {
  return /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):/.exec(at)?.slice(1).join('/');
}

/** The id of the access in an entry; undefined where the bytes are no entry of this ledger in its one canonical form. */
export function readEntryId(bytes: Uint8Array): string | undefined {
  return readEntry(bytes)?.id;
}

/** The access in an entry, as `readEntryId` has its id. */
export function readEntry(bytes: Uint8Array): EnteredAccess | undefined {
  const text = decodeText(bytes);
  if (text === undefined) return undefined;
  try {
    const entry: unknown = JSON.parse(text);
    if (!hasAccess(entry) || formatCanonical(entry) !== text) return undefined;
    return entry.access;
  } catch {
    return undefined;
  }
}

/** What is certain of what was entered: an entry that has no time tells of none. */
export type EnteredAccess = Pick<Access, 'id'> & Partial<Pick<Access, 'at'>>;

function hasAccess(value: unknown): value is { readonly access: EnteredAccess } {
  if (typeof value !== 'object' || value === null || !('access' in value)) return false;
  const { access } = value;
  return typeof access === 'object' && access !== null && 'id' in access && typeof access.id === 'string';
}

/** Canonical JSON. What has its names in order, at every depth, is that as it is: accesses are read so. */
function formatCanonical(value: unknown): string {
  return (isOrdered(value) ? JSON.stringify(value) : canonicalize(value)) ?? '';
}

function isOrdered(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isOrdered);
  if (!isFields(value)) return true;
  let before = '';
  for (const name in value) {
    if (name < before || !isOrdered(value[name])) return false;
    before = name;
  }
  return true;
}
