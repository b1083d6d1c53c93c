import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Writes a private file piece by piece, no faster than the disk takes it. */
interface LineWriter {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

export function openLineWriter(path: string): LineWriter {
  const stream = createWriteStream(path, { mode: 0o600 });
  const done = finished(stream);
  // Awaited at the latest by `close`; an error in between must not end the process.
  done.catch(() => {});
  return {
    async write(text) {
      if (stream.errored) await done;
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), done]);
    },
    async close() {
      stream.end();
      await done;
    },
  };
}
