import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ColumnType, PlannedColumn, PlannedDataset, PlannedLeg } from '../../../lib/domain/agreement/plan/plan';
import { buildLadder } from '../../../lib/domain/privacy/hierarchies/build-ladder';
import type { Generalisation } from '../../../lib/domain/privacy/hierarchies/generalisation';
import type { Histogram } from '../../../lib/domain/privacy/histogram/histogram';
import type { Solution } from '../../../lib/domain/privacy/search/solution';
import { solveGeneralisation } from '../../../lib/domain/privacy/search/solve-generalisation';
import type { Treatment } from '../../../lib/domain/privacy/treatments/treatment';
import { openDuckDbEngine } from '../../../lib/engine/duckdb/duckdb-engine';
import type { Engine, LegKeys, ReleaseTask } from '../../../lib/engine/engine';

export type TypeName = 'string' | 'integer' | 'double' | 'boolean' | 'date' | 'timestamp' | 'decimal';

/** A kept plain column, unless it is said to be something else. */
export function makeColumn(
  name: string,
  type: TypeName,
  more: Partial<PlannedColumn> & { readonly treatment?: Treatment } = {},
): PlannedColumn {
  const columnType: ColumnType = type === 'decimal' ? { kind: 'decimal', precision: 18, scale: 4 } : { kind: type };
  const treatment = more.treatment ?? { kind: 'keep' };
  const asText = treatment.kind !== 'keep' && treatment.kind !== 'date-shift';
  return {
    name,
    title: name,
    type: columnType,
    role: 'plain',
    treatment,
    missing: { kind: 'keep' },
    checks: [],
    ...(treatment.kind !== 'drop' && { releasedAs: asText ? { kind: 'string' } : columnType }),
    ...more,
  };
}

export function generalise(generalisation: Generalisation): Partial<PlannedColumn> {
  return { role: 'quasi', treatment: { kind: 'generalise', generalisation } };
}

/** Its generalised columns make the classes, and those named in `classes`. */
export function makeDataset(
  columns: readonly PlannedColumn[],
  more: Partial<PlannedDataset> & { readonly classes?: readonly string[] } = {},
): PlannedDataset {
  const { classes = [], ...rest } = more;
  return {
    id: 'usage',
    owner: 'telco',
    title: 'Usage',
    version: 1,
    columns,
    clean: { dedupe: [], rejectAbove: 1, missingTexts: [''] },
    classColumns: columns.flatMap(({ name, treatment }) => {
      if (treatment.kind === 'generalise') {
        return [{ column: name, generalisation: treatment.generalisation, weight: 1 }];
      }
      return classes.includes(name) ? [{ column: name, generalisation: { kind: 'none' } as const, weight: 1 }] : [];
    }),
    ...rest,
  };
}

export interface Trial {
  readonly engine: Engine;
  /** Its own folder, gone afterwards. */
  readonly folder: string;
  /** What the engine may fill. */
  readonly scratch: string;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
}

/** Afterwards the engine must have left nothing behind. */
export async function withEngine(
  work: (trial: Trial) => Promise<void>,
  options: { readonly memoryLimit?: string; readonly threads?: number } = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const scratch = join(folder, 'scratch');
  const engine = await openDuckDbEngine({ directory: scratch, threads: 2, ...options });
  const path = (name: string) => join(folder, name);
  const write = (name: string, content: string | Uint8Array) => {
    writeFileSync(path(name), content);
    return path(name);
  };
  try {
    await work({ engine, folder, scratch, path, write });
  } finally {
    await engine.close();
    const left = readdirSync(scratch);
    rmSync(folder, { recursive: true, force: true });
    expect(left).toEqual([]);
  }
}

const keyOf = (fill: number) => new Uint8Array(32).fill(fill);

export const KEYS: LegKeys = {
  token: keyOf(7),
  dateShift: keyOf(9),
  noise: keyOf(11),
  watermark: keyOf(15),
  formatPreserving: keyOf(13),
};

export function makeTask(dataset: PlannedDataset, file: string, more: Partial<ReleaseTask> = {}): ReleaseTask {
  const leg: PlannedLeg = {
    id: 'telco-retail-usage',
    from: 'telco',
    to: 'retail',
    dataset: dataset.id,
    every: 'P7D',
    retain: 'P180D',
    via: { kind: 'data-grant' },
    purposes: [],
    forbids: [],
  };
  return { dataset, leg, keys: KEYS, file, ...more };
}

/** @throws Error where the floor cannot be met. */
export function solve(dataset: PlannedDataset, histogram: Histogram): Solution {
  const ladders = dataset.classColumns.map(({ column, generalisation }, index) => {
    const planned = dataset.columns.find(({ name }) => name === column)!;
    const type: ColumnType = planned.treatment.kind === 'mask' ? { kind: 'string' } : planned.type;
    const ladder = buildLadder(generalisation, type, histogram.columns[index]!);
    if (ladder.kind !== 'ladder') throw new Error(`The ladder of ${column} lacks values.`);
    return ladder;
  });
  const weights = dataset.classColumns.map(({ weight }) => weight);
  const solution = solveGeneralisation({ histogram, ladders, weights, floor: dataset.privacy! });
  if (solution.kind !== 'solved') throw new Error(solution.reason);
  return solution;
}

/** Every tuple is a class of its own and shows its values, but for those that are suppressed. */
export function keepTuples(histogram: Histogram, suppress: (tuple: number) => boolean = () => false): Solution {
  const classOf = new Int32Array(histogram.tuples).fill(-1);
  const released = [...classOf.keys()].filter((tuple) => !suppress(tuple));
  released.forEach((tuple, index) => {
    classOf[tuple] = index;
  });
  return {
    kind: 'solved',
    levels: histogram.columns.map(() => 0),
    levelCounts: histogram.columns.map(() => 1),
    classes: released.length,
    classOf,
    shown: histogram.columns.map(({ name, values, codes }) => ({
      name,
      values,
      codes: Uint32Array.from(released, (tuple) => codes[tuple]!),
    })),
    suppressedRows: 0,
    loss: 0,
    lattice: { nodes: 1, checked: 1 },
    search: { mode: 'full-domain', metric: 'loss', cost: 0, gap: 0 },
  };
}

/** Runs SQL in a database of its own: to make files of other formats, and to read what was written. */
export async function queryDuckDb(sql: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
