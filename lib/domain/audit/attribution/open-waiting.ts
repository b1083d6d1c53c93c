/** What waits for an explanation, by names, any of which may bring it: in a window of time before and after. */
interface Waiting<T> {
  /** Time has come so far. @returns what waited in vain */
  readonly pass: (time: number) => readonly T[];
  readonly explain: (name: string, time: number) => void;
  readonly put: (names: readonly string[], time: number, value: T) => void;
  /** What still waits. */
  readonly finish: () => readonly T[];
}

interface Entry<T> {
  readonly time: number;
  readonly names: readonly string[];
  readonly value: T;
}

/** Memory is of what comes within the window, since all comes in order of time. @param window milliseconds */
export function openWaiting<T>(window: number): Waiting<T> {
  /** In order of time. */
  const waiting = new Set<Entry<T>>();
  const byName = new Map<string, Set<Entry<T>>>();
  /** When each name was heard last, the longest ago first. */
  const heard = new Map<string, number>();
  const forget = (entry: Entry<T>) => {
    waiting.delete(entry);
    for (const name of entry.names) {
      const others = byName.get(name);
      others?.delete(entry);
      if (others?.size === 0) byName.delete(name);
    }
  };
  return {
    pass: (time) => {
      for (const [name, last] of heard) {
        if (time - last <= window) break;
        heard.delete(name);
      }
      const vain: T[] = [];
      for (const entry of waiting) {
        if (time - entry.time <= window) break;
        forget(entry);
        vain.push(entry.value);
      }
      return vain;
    },
    explain: (name, time) => {
      heard.delete(name);
      heard.set(name, time);
      // All of them came within the window: the others have passed.
      for (const entry of byName.get(name) ?? []) forget(entry);
    },
    put: (names, time, value) => {
      if (names.some((name) => heard.has(name))) return;
      const entry = { time, names, value };
      waiting.add(entry);
      for (const name of names) byName.set(name, (byName.get(name) ?? new Set()).add(entry));
    },
    finish: () => [...waiting].map(({ value }) => value),
  };
}
