import { closeSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';

export type Format = 'csv' | 'json-lines' | 'parquet';

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.jsonl': 'json-lines',
  '.ndjson': 'json-lines',
  '.json': 'json-lines',
  '.parquet': 'parquet',
};

/** By extension, else by its head: Parquet's magic number, a brace that opens an object, or CSV. */
export function detectFormat(path: string, bytes: Buffer): Format {
  const known = BY_EXTENSION[extname(path).toLowerCase()];
  if (known) return known;
  const head = bytes.toString('latin1');
  if (head.startsWith('PAR1')) return 'parquet';
  return /^(?:ï»¿)?\s*\{/.test(head) ? 'json-lines' : 'csv';
}

export function readHead(path: string, bytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(file, head, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}
