import type { PlannedDataset } from '../../lib/domain/agreement/plan/plan';
import { assembleHistogram, InconsistentHistogram } from '../../lib/domain/privacy/histogram/assemble-histogram';
import type { Histogram } from '../../lib/domain/privacy/histogram/histogram';
import {
  codeName,
  HISTOGRAM_TABLES,
  HISTOGRAM_VERSION,
  type HistogramManifest,
  type HistogramTable,
  type ValueTable,
} from '../../lib/domain/privacy/histogram/histogram-layout';
import { listSensitive } from '../../lib/domain/privacy/histogram/list-sensitive';
import { listParquet } from '../shared/list-parquet';
import type { Objects } from '../shared/objects';

/** The named columns of some Parquet files, one after the other, as the files hold them. */
export type ReadColumns = (
  files: readonly Uint8Array[],
  columns: readonly string[],
) => Promise<Readonly<Record<string, readonly unknown[]>>>;

/**
 * Reads the histogram that an engine left under a prefix.
 * @throws InconsistentHistogram where it is not whole.
 */
export async function readHistogram(
  dataset: PlannedDataset,
  prefix: string,
  objects: Pick<Objects, 'list' | 'read'>,
  readColumns: ReadColumns,
): Promise<Histogram> {
  const manifest = readManifest(new TextDecoder().decode(await objects.read(`${prefix}manifest.json`)));
  const read = async (table: HistogramTable, more: readonly string[] = []) => {
    const keys = await listParquet(objects, prefix, table);
    const files = await Promise.all(keys.map((key) => objects.read(key)));
    const columns = [...HISTOGRAM_TABLES[table], ...more];
    const found = await readColumns(files, columns);
    return (column: string) => {
      const values = found[column];
      if (values?.length !== manifest.tables[table])
        throw new InconsistentHistogram(`The histogram has not all of ${column} of ${table}. Run the delivery again.`);
      return values;
    };
  };
  const codes = dataset.classColumns.map((_, index) => codeName(index));
  const tuples = await read('tuples', codes);
  const spanning = await read('spanning');
  const sensitive = await read('sensitive');
  const holders = await read('holders');
  return assembleHistogram(dataset, {
    tuples: {
      tuple: toNumbers(tuples('tuple')),
      rows: toNumbers(tuples('rows')),
      subjects: toNumbers(tuples('subjects')),
      codes: codes.map((code) => toNumbers(tuples(code))),
    },
    values: toClassValues(dataset, pick(await read('values'))),
    spanning: { subject: toNumbers(spanning('subject')), tuple: toNumbers(spanning('tuple')) },
    sensitive: {
      column: toNumbers(sensitive('column')),
      tuple: toNumbers(sensitive('tuple')),
      code: toNumbers(sensitive('code')),
      rows: toNumbers(sensitive('rows')),
      subjects: toNumbers(sensitive('subjects')),
    },
    holders: {
      column: toNumbers(holders('column')),
      holder: toNumbers(holders('holder')),
      tuple: toNumbers(holders('tuple')),
      code: toNumbers(holders('code')),
    },
    sensitiveValues: toValues(
      pick(await read('sensitive_values')),
      listSensitive(dataset.privacy).map((column) => isDouble(dataset, column)),
    ),
  });
}

function readManifest(text: string): HistogramManifest {
  const manifest: Partial<HistogramManifest> = JSON.parse(text);
  const { histogramVersion, tables } = manifest;
  const names = Object.keys(HISTOGRAM_TABLES) as HistogramTable[];
  if (
    histogramVersion !== HISTOGRAM_VERSION ||
    tables === undefined ||
    !names.every((name) => Number.isSafeInteger(tables[name]))
  )
    throw new InconsistentHistogram(
      `The histogram has no manifest of version ${HISTOGRAM_VERSION}. Run the delivery again.`,
    );
  return { histogramVersion, tables };
}

type ValueColumns = Readonly<Record<keyof ValueTable, readonly unknown[]>>;

function pick(read: (column: string) => readonly unknown[]): ValueColumns {
  return { column: read('column'), code: read('code'), value: read('value') };
}

/** The table of a histogram's class values, as its files hold it. */
export function toClassValues(dataset: PlannedDataset, found: ValueColumns): ValueTable {
  const doubles = dataset.classColumns.map(({ column }) => isDouble(dataset, column));
  return toValues(found, doubles);
}

/** Engines differ in how they print doubles: here all print alike. `doubles`: per place of `column`, whether it is one. */
function toValues(found: ValueColumns, doubles: readonly boolean[]): ValueTable {
  const column = toNumbers(found.column);
  const value = found.value.map((text, row) => {
    if (text === null || text === undefined) return null;
    if (typeof text !== 'string') throw new InconsistentHistogram('The histogram has a value that is no text.');
    return doubles[column[row]!] === true ? String(Number(text)) : text;
  });
  return { column, code: toNumbers(found.code), value };
}

function isDouble({ columns }: PlannedDataset, name: string): boolean {
  const column = columns.find((candidate) => candidate.name === name);
  return column?.type.kind === 'double' && column.treatment.kind !== 'mask';
}

/** INT32 comes as numbers, INT64 as big integers; anything else is no count and no code. */
function toNumbers(values: readonly unknown[]): Uint32Array {
  return Uint32Array.from(values, (value) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number >= 2 ** 32)
      throw new InconsistentHistogram('The histogram has a number that cannot be a count or a code.');
    return number;
  });
}
