import { type LogicalType, parquetMetadataAsync } from 'hyparquet';
import type { ParquetColumn } from '../../lib/engine/glue/select-parquet';

/** The top-level columns of a Parquet file, by its footer. `readRange`: bytes from the first offset up to the second, excluded. */
export async function readSchema(
  bytes: number,
  readRange: (start: number, end: number) => Promise<Uint8Array>,
): Promise<readonly ParquetColumn[]> {
  const file = {
    byteLength: bytes,
    slice: async (start: number, end = bytes) => {
      const read = await readRange(start, end);
      const buffer = new ArrayBuffer(read.byteLength);
      new Uint8Array(buffer).set(read);
      return buffer;
    },
  };
  const { schema } = await parquetMetadataAsync(file, { geoparquet: false });
  const columns: ParquetColumn[] = [];
  for (let at = 1; at < schema.length; at += 1) {
    const {
      name,
      type,
      converted_type,
      logical_type,
      precision,
      scale,
      repetition_type,
      num_children = 0,
    } = schema[at]!;
    columns.push({
      name,
      ...(type !== undefined && { type }),
      ...(converted_type !== undefined && { converted: converted_type }),
      ...(logical_type !== undefined && { logical: describeLogical(logical_type) }),
      ...(precision !== undefined && { precision }),
      ...(scale !== undefined && { scale }),
      ...(repetition_type === 'REPEATED' && { repeated: true }),
    });
    // What is inside a nested column is no column of the file.
    for (let children = num_children; children > 0; children -= 1) children += schema[++at]?.num_children ?? 0;
  }
  return columns;
}

function describeLogical(logical: LogicalType): NonNullable<ParquetColumn['logical']> {
  if (logical.type !== 'TIMESTAMP') return { type: logical.type };
  return { type: logical.type, isAdjustedToUTC: logical.isAdjustedToUTC, unit: logical.unit };
}
