import { HISTOGRAM_VERSION } from '../../lib/domain/privacy/histogram/histogram-layout';
import { listParquet } from '../shared/list-parquet';
import type { Objects } from '../shared/objects';
import type { ReadColumns } from '../solve-generalisation/read-histogram';

/** A file that a run of the job read or wrote, by its own name. */
interface ReportedFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** The tables that a run of the job left in a folder. */
export interface JobTables {
  readonly engine: string;
  readonly files: readonly ReportedFile[];
  /** How many earlier releases a written one was laid beside. */
  readonly beside: number;
  has(table: string): boolean;
  /** By the manifest; 0 for a table that is not there. */
  rows(table: string): number;
  /** All values of some columns. */
  read<Name extends string>(
    table: string,
    columns: readonly Name[],
  ): Promise<Readonly<Record<Name, readonly unknown[]>>>;
}

export class IncompleteWork extends Error {
  override readonly name = 'IncompleteWork';
}

const VERSIONS = {
  cleaningVersion: 1,
  histogramVersion: HISTOGRAM_VERSION,
  measureVersion: 1,
  mappingVersion: 1,
} as const;

/**
 * Opens a folder by its manifest, which was written last.
 * @param version Name of the number in the manifest that says what its tables are.
 * @throws IncompleteWork where something is missing: what was counted in part would make people look less alone than they are.
 */
export async function openTables(
  prefix: string,
  version: keyof typeof VERSIONS,
  objects: Pick<Objects, 'list' | 'read'>,
  readColumns: ReadColumns,
): Promise<JobTables> {
  const manifest: Record<string, unknown> = JSON.parse(
    new TextDecoder().decode(await objects.read(`${prefix}manifest.json`)),
  );
  const { tables, engine, files, beside = 0 } = manifest;
  const isRead = typeof engine === 'string' && typeof beside === 'number' && isCounts(tables) && Array.isArray(files);
  if (manifest[version] !== VERSIONS[version] || !isRead)
    throw new IncompleteWork(
      `What the job left has no manifest with ${version} ${VERSIONS[version]}. Run the delivery again.`,
    );
  return {
    engine,
    files,
    beside,
    has: (table) => tables[table] !== undefined,
    rows: (table) => tables[table] ?? 0,
    async read(table, columns) {
      const keys = await listParquet(objects, prefix, table);
      const found = await readColumns(await Promise.all(keys.map((key) => objects.read(key))), columns);
      for (const column of columns)
        if (found[column]?.length !== tables[table])
          throw new IncompleteWork(`The job did not leave all of ${column} of ${table}. Run the delivery again.`);
      return found;
    },
  };
}

function isCounts(value: unknown): value is Readonly<Record<string, number>> {
  return typeof value === 'object' && value !== null && Object.values(value).every(Number.isSafeInteger);
}
