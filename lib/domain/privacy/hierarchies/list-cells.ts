import type { ColumnType } from '../../agreement/plan/plan';
import { compareDecimals, type Decimal, formatDecimal, parseDecimal } from '../treatments/decimal';
import type { Ladder, LadderLevel } from './ladder';

/** The finest that a column's regions are made of: see `Ladder.grid`. */
interface RegionCells {
  readonly cells: readonly (string | null)[];
  /** Per value of the column. */
  readonly cellOf: Uint32Array;
  /** The ladder from there on, with `codes` per cell. */
  readonly levels: readonly LadderLevel[];
  /** Missing values, and numbers and dates that lie nowhere: they are shown with others only where everything is. */
  readonly isOdd: (cell: number) => boolean;
  /** Of numbers: where each cell begins, and the next one, which the delivery may lack. `from` is 0 for what is odd. */
  readonly bounds?: readonly CellBounds[];
  /** Whether the cells are periods, whose texts sort as they follow one another. */
  readonly areDates: boolean;
}

export interface CellBounds {
  readonly from: Decimal;
  /** Absent: nothing lies above. */
  readonly to?: Decimal;
}

const NOWHERE: CellBounds = { from: { digits: 0n, scale: 0 } };
const INTERVAL = /^\[([^,]+),([^,]+)\)$/;
/** Years before Christ and after 9999 would sort among others; engines read none. */
const PERIOD = /^\d{4}(?:-[\dQW]+)*s?$/;

export function listCells({ levels, grid = 0, absent = [] }: Ladder, type: ColumnType): RegionCells {
  const { shown: cells, codes: cellOf } = levels[grid]!;
  const first = new Uint32Array(cells.length);
  for (const [value, cell] of cellOf.entries()) first[cell] = value;
  const above = levels
    .slice(grid)
    .map(({ codes, ...level }) => ({ ...level, codes: first.map((value) => codes[value]!) }));
  const common = { cells, cellOf, levels: above };
  if (type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'double') {
    const bounds = grid > 0 ? cells.map(readInterval) : placeLeaves(cells, absent);
    return {
      ...common,
      bounds: bounds.map((each) => each ?? NOWHERE),
      isOdd: (cell) => !bounds[cell],
      areDates: false,
    };
  }
  const areDates = grid > 0 && (type.kind === 'date' || type.kind === 'timestamp');
  return {
    ...common,
    isOdd: (cell) => cells[cell] === null || (areDates && !PERIOD.test(cells[cell] ?? '')),
    areDates,
  };
}

function readInterval(cell: string | null): CellBounds | undefined {
  const [, from, to] = INTERVAL.exec(cell ?? '') ?? [];
  const [start, end] = [parseDecimal(from ?? ''), parseDecimal(to ?? '')];
  return start && end && { from: start, to: end };
}

/** Leaves of a hierarchy of numbers: each reaches to the next that its file has. */
function placeLeaves(
  cells: readonly (string | null)[],
  absent: readonly string[],
): readonly (CellBounds | undefined)[] {
  const numbers = cells.map((cell) => (cell === null ? undefined : parseDecimal(cell.trim())));
  const all = [...numbers, ...absent.map((leaf) => parseDecimal(leaf))].flatMap((number) => number ?? []);
  all.sort(compareDecimals);
  const next = new Map(all.map((number, place) => [formatDecimal(number), all[place + 1]]));
  return numbers.map((from) => {
    const to = from && next.get(formatDecimal(from));
    return from && { from, ...(to && { to }) };
  });
}
