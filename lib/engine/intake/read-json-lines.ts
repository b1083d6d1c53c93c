import { createReadStream } from 'node:fs';

const NEWLINE = '\n'.charCodeAt(0);
const SPACE = /^[\t-\r ]*$/;

/**
 * Some lines of a text file, whole but for their line ends.
 * @param rows Ascending, from 0; lines that hold nothing but space are not counted.
 */
export async function* readJsonLines(path: string, rows: readonly number[]): AsyncGenerator<string> {
  let row = 0;
  let next = 0;
  let begun: Buffer[] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = takeLine([...begun, chunk.subarray(start, end)]);
      begun = [];
      start = end + 1;
      if (line === undefined) continue;
      if (row++ !== rows[next]) continue;
      yield line;
      if (++next === rows.length) return;
    }
    begun.push(chunk.subarray(start));
  }
  const last = takeLine(begun);
  if (last !== undefined && row === rows[next]) yield last;
}

function takeLine(pieces: readonly Buffer[]): string | undefined {
  const line = Buffer.concat(pieces).toString('utf8').replace(/\r$/, '');
  return SPACE.test(line) ? undefined : line;
}
