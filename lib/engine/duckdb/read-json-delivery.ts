import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PlannedDataset } from '../../domain/agreement/plan';
import { compareColumns } from '../intake/compare-columns';
import type { DeliveryProblem } from '../intake/delivery-problem';
import type { FoundFile } from '../intake/list-delivered-files';
import { type JsonLinesScan, scanJsonLinesFile } from '../intake/scan-json-lines-file';
import { UTF8_BOM } from '../intake/scan-text-file';
import { InvalidDelivery } from '../invalid-delivery';
import { givenName } from '../sql/dataset-columns';
import { type DeliveryRows, placeFiles } from './delivery-rows';
import { type DuckDbSession, LARGE } from './duckdb-session';
import { listPaths, listTexts, selectFrom } from './sql-text';

/** The lines in parts, so that JSON is parsed once. */
const LINES = `${LARGE}.json_lines`;

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
  await session.run(
    `CREATE TABLE ${LINES} AS ${selectLines(dataset, paths, Math.max(...scans.map((scan) => scan.longest)))}`,
  );
  const problems = await findShapeProblems(dataset, found, session);
  if (problems.length > 0) throw new InvalidDelivery(dataset.id, problems);
  const given = dataset.columns.map((_, index) => ({ name: givenName(index), sql: givenName(index) }));
  const flawed = `${LINES} WHERE flaw IS NOT NULL`;
  const [flaws] = await (await session.run(`SELECT count(*) FROM ${flawed}`)).getColumns();
  return {
    select: selectFrom([{ name: 'position', sql: 'CAST(NULL AS BIGINT)' }, ...given], LINES),
    types: 'texts',
    files: placeFiles(
      scans.map(({ sha256, rows }, index) => ({ file: found[index]!.file, bytes: found[index]!.bytes, sha256, rows })),
    ),
    ...(flaws?.[0] !== 0n && {
      bad: selectFrom([{ name: 'position', sql: 'rowid' }, { name: 'reason', sql: 'flaw' }, ...given], flawed),
    }),
  };
}

async function scanFiles(dataset: PlannedDataset, found: readonly FoundFile[]): Promise<readonly JsonLinesScan[]> {
  const scans: JsonLinesScan[] = [];
  const problems: DeliveryProblem[] = [];
  for (const file of found) {
    const scan = await scanJsonLinesFile(file);
    if (scan.kind === 'refused') problems.push(scan.problem);
    else scans.push(scan);
  }
  if (problems.length > 0) throw new InvalidDelivery(dataset.id, problems);
  return scans;
}

/**
 * Per line the given texts, its `flaw` if it is no object with distinct names, names that are no columns (`others`), and
 * its `shape`: per column `n` for a nested value, `v` for another and `-` for none.
 */
function selectLines({ columns }: PlannedDataset, paths: readonly string[], longest: number): string {
  const pointers = listTexts(columns.map(({ name }) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  const parts = selectFrom(
    [
      { name: 'kind', sql: 'json_type(json)' },
      { name: 'names', sql: 'json_keys(json)' },
      { name: 'texts', sql: `json_extract_string(json, ${pointers})` },
      { name: 'kinds', sql: `json_type(json, ${pointers})` },
    ],
    `read_ndjson_objects(${listPaths(paths)}, ignore_errors = true, maximum_object_size = ${longest + 1024 * 1024})`,
  );
  const kindCode = `CASE WHEN kind IS NULL THEN '-' WHEN kind IN ('OBJECT', 'ARRAY') THEN 'n' ELSE 'v' END`;
  const known = listTexts(columns.map(({ name }) => name));
  return selectFrom(
    [
      {
        name: 'flaw',
        sql: `CASE WHEN kind IS DISTINCT FROM 'OBJECT' THEN 'not a JSON object'
WHEN len(names) <> len(list_distinct(names)) THEN 'a name is there more than once' END`,
      },
      { name: 'others', sql: `list_filter(names, lambda name: NOT list_contains(${known}, name))` },
      { name: 'shape', sql: `array_to_string(list_transform(kinds, lambda kind: ${kindCode}), '')` },
      ...columns.map((_, index) => ({ name: givenName(index), sql: `texts[${index + 1}]` })),
    ],
    `(${parts})`,
  );
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
