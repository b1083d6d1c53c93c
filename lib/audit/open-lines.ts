import { appendFileSync, createReadStream, existsSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Values that are read as they were put; what is more than fits into memory lies in a file. */
interface Lines<T> extends AsyncIterable<T> {
  readonly put: (value: T) => void;
  readonly remove: () => void;
}

const HELD = 4096;

export function openLines<T extends object>(path: string): Lines<T> {
  let held: T[] = [];
  return {
    put: (value) => {
      held.push(value);
      if (held.length < HELD) return;
      appendFileSync(path, held.map((each) => `${JSON.stringify(each)}\n`).join(''));
      held = [];
    },
    remove: () => rmSync(path, { force: true }),
    async *[Symbol.asyncIterator]() {
      if (existsSync(path)) {
        const input = createReadStream(path);
        for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
          const value: T = JSON.parse(line);
          yield value;
        }
      }
      yield* held;
    },
  };
}
