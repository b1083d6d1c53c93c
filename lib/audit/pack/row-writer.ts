import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RowFile } from '../audit-run';

/** Writes the same rows to several files. */
interface RowWriter<T> {
  readonly write: (row: T) => void;
  readonly close: () => void;
}

const FLUSH_AT = 256 * 1024;

/** @param onWritten is told whenever rows have come to be in a file */
export function openRowWriter<T>(folder: string, files: readonly RowFile<T>[], onWritten?: () => void): RowWriter<T> {
  const writers = files.map(({ name, head, formatRow }) => ({
    file: openSync(join(folder, name), 'w'),
    formatRow,
    held: [head],
    length: head.length,
  }));
  const flush = (writer: (typeof writers)[number]) => {
    writeSync(writer.file, writer.held.join(''));
    writer.held = [];
    writer.length = 0;
    onWritten?.();
  };
  return {
    write: (row) => {
      for (const writer of writers) {
        const text = writer.formatRow(row);
        writer.held.push(text);
        writer.length += text.length;
        if (writer.length > FLUSH_AT) flush(writer);
      }
    },
    close: () => {
      for (const writer of writers) {
        flush(writer);
        closeSync(writer.file);
      }
    },
  };
}
