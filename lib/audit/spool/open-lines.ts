import { existsSync, rmSync } from 'node:fs';
import { appendJsonLines, readJsonLines } from './json-lines';

/** Values that are read as they were put; what is more than fits into memory lies in a file. */
interface Lines<T> extends Iterable<T> {
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
      appendJsonLines(path, held);
      held = [];
    },
    remove: () => rmSync(path, { force: true }),
    *[Symbol.iterator]() {
      if (existsSync(path)) yield* readJsonLines<T>(path);
      yield* held;
    },
  };
}
