import { EngineFailure } from '../engine-failure';
import { DamagedFile } from './damaged-file';

/** The last three are of Thrift, in which the headers of a Parquet file's pages are written. */
const DAMAGED =
  /corrupted|decompression failure|Out of buffer|Invalid string encoding|Failed to read file|TProtocolException|^Invalid Error: (don't know what type|Variable-length int)/i;

/** DuckDB's messages may quote values of the data: they stay in `cause`, for `--debug`. */
export function describeDuckDbError(error: unknown): EngineFailure {
  const message = String((error as Partial<Error> | undefined)?.message ?? error);
  const options = { cause: error };
  if (/^INTERRUPT|Interrupted/i.test(message)) {
    return describeInterruption(options);
  }
  if (/No space left|disk is full|max_temp_directory_size/i.test(message)) {
    return new EngineFailure('The disk is full', 'Free some space and start again.', options);
  }
  if (/^Out of Memory/i.test(message)) {
    return new EngineFailure(
      'The data does not fit into the memory that the engine may use',
      'Allow it more (--memory), or free some space for what it puts aside on disk.',
      options,
    );
  }
  if (DAMAGED.test(message)) {
    return new DamagedFile(options);
  }
  if (/^IO Error/i.test(message)) {
    return new EngineFailure(
      'A file could not be read or written',
      'Check that the disk is sound and the folders can be written, and start again.',
      options,
    );
  }
  return new EngineFailure(
    'The embedded database refused a query',
    'Report it, with the agreement; its own message may quote data and shows with --debug only.',
    options,
  );
}

export function describeInterruption(options?: ErrorOptions): EngineFailure {
  return new EngineFailure('The work was interrupted', 'Start it again.', options);
}
