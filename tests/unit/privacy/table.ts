import type { Generalisation } from '../../../lib/domain/privacy/hierarchies/generalisation';
import type { Histogram, ValueHolders } from '../../../lib/domain/privacy/histogram/histogram';
import type { PrivacyFloor } from '../../../lib/domain/privacy/models/privacy-floor';
import type { MetricKind } from '../../../lib/domain/privacy/search/metric';

/** A small delivery, row by row, with what is asked of it: what histograms and ladders are made from. */
export interface Table<Way extends Generalisation = Hierarchy> {
  readonly columns: readonly { readonly name: string; readonly hierarchy: Way; readonly weight: number }[];
  readonly rows: readonly TableRow[];
  /** Values of the sensitive column `s`, in their order; null last, if at all. */
  readonly sensitive: readonly (string | null)[];
  readonly floor: PrivacyFloor;
  /** Whether a receiver can tell which rows are one subject's. Default: not. */
  readonly isFollowed?: boolean;
  /** Default: loss. */
  readonly metric?: MetricKind;
}

export type Hierarchy = Extract<Generalisation, { kind: 'hierarchy' | 'none' }>;

export interface TableRow {
  /** Per class column. */
  readonly values: readonly (string | null)[];
  readonly subject: string;
  /** Index into `Table.sensitive`. */
  readonly sensitive: number;
}

/** Counts a table's histogram the way an engine would. */
export function countHistogram({ columns, rows, sensitive }: Table<Generalisation>): Histogram {
  const distinct = columns.map((_, column) => [...new Set(rows.map((row) => row.values[column]!))]);
  const tuples = new Map<string, TableRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.values);
    tuples.set(key, [...(tuples.get(key) ?? []), row]);
  }
  const groups = [...tuples.values()];
  const tuplesOf = new Map<string, Set<number>>();
  for (const [tuple, group] of groups.entries()) {
    for (const { subject } of group) tuplesOf.set(subject, (tuplesOf.get(subject) ?? new Set()).add(tuple));
  }
  const spanning = [...tuplesOf.values()].filter((found) => found.size > 1).map((found) => [...found]);
  const whole = [...tuplesOf.values()].filter((found) => found.size === 1).map(([tuple]) => tuple);
  const present = sensitive.flatMap((_, code) => (rows.some((row) => row.sensitive === code) ? [code] : []));
  const cells = groups.map((group) =>
    present
      .map((code, index) => ({ code: index, rows: group.filter((row) => row.sensitive === code).length }))
      .filter((cell) => cell.rows > 0),
  );
  return {
    tuples: groups.length,
    columns: columns.map(({ name }, column) => ({
      name,
      values: distinct[column]!,
      codes: Uint32Array.from(groups, ([first]) => distinct[column]!.indexOf(first!.values[column]!)),
    })),
    rows: Uint32Array.from(groups, (group) => group.length),
    subjects: Uint32Array.from(groups, (_, tuple) => whole.filter((other) => other === tuple).length),
    spanning: { offsets: listOffsets(spanning), tuples: Uint32Array.from(spanning.flat()) },
    sensitive: [
      {
        name: 's',
        values: present.map((code) => sensitive[code]!),
        offsets: listOffsets(cells),
        codes: Uint32Array.from(cells.flat(), ({ code }) => code),
        rows: Uint32Array.from(cells.flat(), (cell) => cell.rows),
        holders: countHolders(groups, present),
      },
    ],
  };
}

/** Of cells in the order of tuples and then of codes. */
function countHolders(groups: readonly (readonly TableRow[])[], present: readonly number[]): ValueHolders {
  const cells = groups.flatMap((group) =>
    present.flatMap((code) => {
      const held = new Set(group.filter((row) => row.sensitive === code).map(({ subject }) => subject));
      return held.size === 0 ? [] : [{ code, held }];
    }),
  );
  const placesOf = new Map<string, number[]>();
  for (const [place, { code, held }] of cells.entries())
    for (const subject of held) {
      const key = JSON.stringify([code, subject]);
      placesOf.set(key, [...(placesOf.get(key) ?? []), place]);
    }
  const alone = [...placesOf.values()].filter((places) => places.length === 1).flat();
  const several = [...placesOf.values()].filter((places) => places.length > 1);
  return {
    subjects: Uint32Array.from(cells, (_, place) => alone.filter((other) => other === place).length),
    spanning: { offsets: listOffsets(several), cells: Uint32Array.from(several.flat()) },
  };
}

function listOffsets(lists: readonly (readonly unknown[])[]): Uint32Array {
  let end = 0;
  return Uint32Array.from([0, ...lists.map((list) => (end += list.length))]);
}
