import type { RegistryItemKey } from './registry-keys';

/**
 * Where records lie: a table on AWS, a folder on one machine. A record is plain JSON. Nothing is ever deleted, and every
 * write is conditional: of two that differ the first stands, and the second is told.
 */
export interface RecordStore {
  read(key: RegistryItemKey): Promise<StoredRecord | undefined>;
  /** All records of a partition whose sort key begins so, and is not less than `from`, in the order of their keys. */
  list(partition: string, prefix: string, from?: string): Promise<readonly StoredRecord[]>;
  /** Writes what is not there yet; false where something is. */
  create(key: RegistryItemKey, record: unknown): Promise<boolean>;
  /** Replaces what was read; false where it is another by now. */
  replace(key: RegistryItemKey, revision: number, record: unknown): Promise<boolean>;
}

export interface StoredRecord {
  readonly sk: string;
  readonly record: unknown;
  /** 1 for what was created, one more with every change. */
  readonly revision: number;
}
