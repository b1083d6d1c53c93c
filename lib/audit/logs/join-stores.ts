import type { StoredLogs } from './kept-scan';

/** Several kinds of logs as one. Each knows its files by how their names begin. */
export function joinStores(kinds: readonly StoredLogs[]): StoredLogs {
  return {
    prefix: '',
    days: [...new Set(kinds.flatMap(({ days }) => days))].toSorted(),
    list: async (day) => (await Promise.all(kinds.map((kind) => kind.list(day)))).flat(),
    async *fetch(files) {
      for (const kind of kinds) yield* kind.fetch(files.filter(({ file }) => file.startsWith(kind.prefix)));
    },
  };
}
