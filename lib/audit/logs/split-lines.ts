import type { LogParts } from './split-log';

/** Longest line that is looked at. */
const MAX_LINE = 2 * 1024 * 1024;

/** Splits a log into its lines, in constant memory; empty ones are none. For one log after the other. */
export function splitLines(
  take: (line: string) => void,
  onMalformed: (problem: string, isUnseen: boolean) => void,
): LogParts {
  let rest: Buffer = NOTHING;
  let isTooLong = false;
  const takeLine = (line: Buffer) => {
    if (isTooLong || line.length > MAX_LINE) {
      isTooLong = false;
      return onMalformed(`a line is longer than ${MAX_LINE} bytes`, true);
    }
    const text = line.toString('utf8').trim();
    if (text !== '') take(text);
  };
  return {
    push: (chunk) => {
      const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      let from = 0;
      for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
        takeLine(rest.length === 0 ? piece.subarray(from, end) : Buffer.concat([rest, piece.subarray(from, end)]));
        rest = NOTHING;
        from = end + 1;
      }
      rest = Buffer.concat([rest, piece.subarray(from)]);
      if (rest.length > MAX_LINE) {
        isTooLong = true;
        rest = NOTHING;
      }
      return true;
    },
    finish: () => {
      takeLine(rest);
      rest = NOTHING;
      return undefined;
    },
  };
}

const NOTHING: Buffer = Buffer.alloc(0);
