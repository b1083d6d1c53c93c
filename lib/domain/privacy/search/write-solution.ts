import type { Solution } from './solution';

/** A solution as files for an engine that runs elsewhere: two tables in JSON lines, and the rest of it. */
interface WrittenSolution {
  readonly tables: readonly { readonly name: 'class_of' | 'classes'; readonly lines: readonly string[] }[];
  readonly summary: { readonly solutionVersion: 1 } & Omit<Solution, 'kind' | 'classOf' | 'shown'>;
}

/** Below the run's work: which of the solution's classes a leg's marks may fall on. */
export function markablePath(leg: string): string {
  return `solution/markable/${leg}`;
}

/** `{"class":3,"markable":1}` for every class; see `findMarkable`. */
export function writeMarkable(markable: Uint8Array): readonly string[] {
  return Array.from(markable, (spared, number) => `{"class":${number},"markable":${spared}}`);
}

/**
 * `class_of`: `{"tuple":7,"class":3}` for every tuple that is released; `classes`: `{"class":3,"shown_0":"[20,30)"}`, a
 * column of it per class column, null where it shows null.
 */
export function writeSolution({ kind: _, classOf, shown, ...summary }: Solution): WrittenSolution {
  const released: string[] = [];
  for (const [tuple, number] of classOf.entries())
    if (number >= 0) released.push(`{"tuple":${tuple},"class":${number}}`);
  const classes = Array.from({ length: summary.classes }, (_, number) =>
    JSON.stringify({
      class: number,
      ...Object.fromEntries(
        shown.map(({ codes, values }, index) => [`shown_${index}`, values[codes[number]!] ?? null]),
      ),
    }),
  );
  return {
    tables: [
      { name: 'class_of', lines: released },
      { name: 'classes', lines: classes },
    ],
    summary: { solutionVersion: 1, ...summary },
  };
}
