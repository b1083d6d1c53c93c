import { parquetMetadata, parquetRead } from 'hyparquet';
import type { ReadColumns } from '../solve-generalisation/read-histogram';

/** Parquet in plain JavaScript. A column that a file lacks ends shorter than the others. */
export const readColumns: ReadColumns = async (files, columns) => {
  const found = Object.fromEntries(columns.map((column) => [column, [] as unknown[]]));
  for (const bytes of files) {
    const file = toBuffer(bytes);
    const metadata = parquetMetadata(file);
    const present = new Set(metadata.schema.slice(1).map(({ name }) => name));
    await parquetRead({
      file,
      metadata,
      columns: columns.filter((column) => present.has(column)),
      // Row groups come in order, and a column's chunk in one piece.
      onChunk: ({ columnName, columnData }) => {
        for (const value of columnData) found[columnName]?.push(value);
      },
    });
  }
  return found;
};

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
