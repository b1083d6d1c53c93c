import { EngineFailure } from '../engine-failure';

/** A Parquet file that opened well turns out to be damaged where it is read. */
export class DamagedFile extends EngineFailure {
  constructor(options?: ErrorOptions) {
    super('A file is damaged inside', 'Write it again and deliver the whole file.', options);
  }
}
