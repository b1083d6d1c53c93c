import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PlannedColumn, PlannedDataset } from '../../domain/agreement/plan/plan';
import { compareColumns } from '../intake/compare-columns';
import type { DeliveryProblem } from '../intake/delivery-problem';
import type { FoundFile } from '../intake/list-delivered-files';
import { readJsonLines } from '../intake/read-json-lines';
import { refuseWritten } from '../intake/refuse-written';
import { type JsonLinesScan, scanJsonLinesFile } from '../intake/scan-json-lines-file';
import { UTF8_BOM } from '../intake/scan-text-file';
import { InvalidDelivery } from '../invalid-delivery';
import { givenName } from '../sql/dataset-columns';
import { type DeliveryRows, type FileRows, placeFiles } from './delivery-rows';
import type { DuckDbSession } from './duckdb-session';
import { openBadRecords } from './open-bad-records';
import { listPaths, listTexts, quoteText, selectFrom } from './sql-text';

/** The lines in parts, so that JSON is parsed once. */
const LINES = 'json_lines';

/** @throws InvalidDelivery with the problems of all files. */
export async function readJsonDelivery(
  dataset: PlannedDataset,
  found: readonly FoundFile[],
  scratch: string,
  session: DuckDbSession,
): Promise<DeliveryRows> {
  const scans = await scanFiles(dataset, found);
  const paths: string[] = [];
  for (const [index, { path }] of found.entries()) {
    const copy = join(scratch, `unmarked-${index}.jsonl`);
    if (scans[index]!.marked)
      await pipeline(createReadStream(path, { start: UTF8_BOM.length }), createWriteStream(copy));
    paths.push(scans[index]!.marked ? copy : path);
  }
  await session.storeRows(LINES, selectLines(dataset, paths, Math.max(...scans.map((scan) => scan.longest))));
  const problems = await findShapeProblems(dataset, found, session);
  if (problems.length > 0) throw new InvalidDelivery(dataset.id, problems);
  const given = dataset.columns.map((_, index) => ({ name: givenName(index), sql: givenName(index) }));
  const files = placeFiles(
    scans.map(({ sha256, rows }, index) => ({ file: found[index]!.file, bytes: found[index]!.bytes, sha256, rows })),
  );
  const bad = await setFlawsAside(dataset, paths, files, scratch, session);
  return {
    select: selectFrom([{ name: 'position', sql: 'CAST(NULL AS BIGINT)' }, ...given], LINES),
    types: 'texts',
    files,
    ...(bad !== undefined && { bad }),
  };
}

/** Why a line has no values; its text is kept for its giver. */
const FLAWS = ['not a JSON object', 'a name is there more than once'] as const;

/** Finds the lines again in their files: the reader that parsed them kept nothing of what it could not parse. */
async function setFlawsAside(
  dataset: PlannedDataset,
  paths: readonly string[],
  files: readonly FileRows[],
  scratch: string,
  session: DuckDbSession,
): Promise<string | undefined> {
  const badRecords = openBadRecords(dataset, scratch);
  const others = dataset.columns.slice(1).map(() => '');
  for (const [index, { first, rows }] of files.entries()) {
    const within = `position >= ${first} AND position < ${first + rows}`;
    const flawed = await session.run(
      `SELECT CAST(position - ${first} AS DOUBLE), flaw FROM ${LINES} WHERE flaw IS NOT NULL AND ${within} ORDER BY position`,
    );
    const [places = [], flaws = []] = await flawed.getColumns();
    let next = 0;
    for await (const line of readJsonLines(paths[index]!, places as number[])) {
      const reason = `${FLAWS[flaws[next] as 0 | 1]}: the first column holds the whole line`;
      await badRecords.write([{ position: first + (places[next++] as number), reason, given: [line, ...others] }]);
    }
  }
  return badRecords.close();
}

/** @throws InvalidDelivery with the problems of all files. */
export async function inspectJson(dataset: PlannedDataset, found: readonly FoundFile[]): Promise<number> {
  return (await scanFiles(dataset, found)).reduce((sum, { rows }) => sum + rows, 0);
}

async function scanFiles(dataset: PlannedDataset, found: readonly FoundFile[]): Promise<readonly JsonLinesScan[]> {
  const scans: JsonLinesScan[] = [];
  const problems: DeliveryProblem[] = [...refuseWritten(found[0]!.file, dataset)];
  for (const file of found) {
    const scan = await scanJsonLinesFile(file);
    if (scan.kind === 'refused') problems.push(scan.problem);
    else scans.push(scan);
  }
  if (problems.length > 0) throw new InvalidDelivery(dataset.id, problems);
  return scans;
}

/**
 * Per line the given texts, its `flaw` (a place in `FLAWS`) if it is no object with distinct names, names that are no columns (`others`), and
 * its `shape`: per column `n` for a nested value, `v` for another and `-` for none.
 */
function selectLines({ columns }: PlannedDataset, paths: readonly string[], longest: number): string {
  const pointers = listTexts(columns.map(({ name }) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  const options = [
    'ignore_errors = true',
    "compression = 'uncompressed'",
    'hive_partitioning = false',
    `maximum_object_size = ${longest + 1024 * 1024}`,
  ];
  const parts = selectFrom(
    [
      { name: 'line', sql: 'CAST(json AS VARCHAR)' },
      { name: 'kind', sql: 'json_type(json)' },
      { name: 'names', sql: 'json_keys(json)' },
      { name: 'texts', sql: `json_extract_string(json, ${pointers})` },
      { name: 'kinds', sql: `json_type(json, ${pointers})` },
    ],
    `read_ndjson_objects(${listPaths(paths)}, ${options.join(', ')})`,
  );
  const kindCode = `CASE WHEN kind IS NULL THEN '-' WHEN kind IN ('OBJECT', 'ARRAY') THEN 'n' ELSE 'v' END`;
  const known = listTexts(columns.map(({ name }) => name));
  return selectFrom(
    [
      { name: 'position', sql: 'CAST(NULL AS BIGINT)' },
      {
        name: 'flaw',
        sql: "CASE WHEN kind IS DISTINCT FROM 'OBJECT' THEN 0 WHEN len(names) <> len(list_distinct(names)) THEN 1 END",
      },
      { name: 'others', sql: `list_filter(names, lambda name: NOT list_contains(${known}, name))` },
      { name: 'shape', sql: `array_to_string(list_transform(kinds, lambda kind: ${kindCode}), '')` },
      ...columns.map((column, index) => ({ name: givenName(index), sql: selectText(column, index + 1) })),
    ],
    `(${parts})`,
  );
}

/** The digits that a double keeps of every number. */
const KEPT_DIGITS = 15;

/**
 * A number's text as it is written, where it matters: the parser makes a double of it, so that `1.10` is `1.1` and digits
 * beyond the 15th may be lost. In a column of whole numbers `1e2` and `100.0` are `100`.
 */
function selectText(column: PlannedColumn, place: number): string {
  const text = `texts[${place}]`;
  const isExact = `kinds[${place}] IS DISTINCT FROM 'DOUBLE'`;
  const written = findNumber(column, text);
  switch (column.type.kind) {
    case 'double':
      return text;
    case 'decimal':
      return `CASE WHEN ${isExact} OR length(${text}) <= ${KEPT_DIGITS} THEN ${text} ELSE ${written} END`;
    case 'integer': {
      const value = `TRY_CAST(${text} AS DOUBLE)`;
      const isWhole = `abs(${value}) <= ${Number.MAX_SAFE_INTEGER} AND ${value} = floor(${value})`;
      const whole = `CAST(CAST(${value} AS BIGINT) AS VARCHAR)`;
      return `CASE WHEN ${isExact} THEN ${text} WHEN ${isWhole} THEN ${whole} ELSE ${written} END`;
    }
    default:
      return `CASE WHEN ${isExact} THEN ${text} ELSE ${written} END`;
  }
}

/** Looks for the name in the line; not for one that what stands between two texts of an object could be taken for. */
function findNumber({ name }: PlannedColumn, otherwise: string): string {
  if (/^\s*[:,]/.test(name)) return otherwise;
  const literal = JSON.stringify(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = `${literal}\\s*:\\s*(-?[0-9][0-9.eE+-]*)`;
  return `coalesce(nullif(regexp_extract(line, ${quoteText(pattern)}, 1), ''), ${otherwise})`;
}

/** A column counts as delivered when some line has it. */
async function findShapeProblems(
  dataset: PlannedDataset,
  found: readonly FoundFile[],
  session: DuckDbSession,
): Promise<readonly DeliveryProblem[]> {
  const where = found.length === 1 ? found[0]!.file : 'all files together';
  const readTexts = async (sql: string) => ((await (await session.run(sql)).getColumns())[0] ?? []) as string[];
  const shapes = await readTexts(`SELECT DISTINCT shape FROM ${LINES} WHERE flaw IS NULL`);
  const others = await readTexts(
    `SELECT DISTINCT unnest(others) AS name FROM ${LINES} WHERE flaw IS NULL AND len(others) > 0 ORDER BY name LIMIT 20`,
  );
  if (shapes.length === 0) return [];
  const names = dataset.columns.map(({ name }) => name);
  const present = names.filter((_, index) => shapes.some((shape) => shape[index] !== '-'));
  const nested = names.filter((_, index) => shapes.some((shape) => shape[index] === 'n'));
  return [
    ...compareColumns(where, [...present, ...others], dataset),
    ...nested.map((name) => ({
      where,
      problem: `column ${JSON.stringify(name)} holds an object or an array`,
      remedy: 'Write texts, numbers, true, false or null: one value per column.',
    })),
  ];
}
