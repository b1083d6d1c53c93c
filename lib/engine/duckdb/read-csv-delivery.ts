import { join } from 'node:path';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { compareColumns } from '../intake/compare-columns';
import type { DeliveryProblem } from '../intake/delivery-problem';
import type { FoundFile } from '../intake/list-delivered-files';
import { type CsvLayout, readCsvLayout } from '../intake/read-csv-layout';
import { repairCsvFile } from '../intake/repair-csv-file';
import { type CsvScan, scanCsvFile } from '../intake/scan-csv-file';
import { InvalidDelivery } from '../invalid-delivery';
import { givenName } from '../sql/dataset-columns';
import { callCsvReader } from './call-csv-reader';
import { type DeliveryRows, placeFiles } from './delivery-rows';
import { openBadRecords } from './open-bad-records';
import { type NamedSql, selectFrom } from './sql-text';

interface CsvFile {
  readonly found: FoundFile;
  readonly layout: CsvLayout;
  readonly scan: CsvScan;
}

/** @throws InvalidDelivery with the problems of all files. */
export async function readCsvDelivery(
  dataset: PlannedDataset,
  found: readonly FoundFile[],
  scratch: string,
): Promise<DeliveryRows> {
  const groups = groupFiles(await scanFiles(dataset, found));
  const files = placeFiles(
    groups.flat().map(({ found: { file, bytes }, scan: { sha256, rows } }) => ({ file, bytes, sha256, rows })),
  );
  const badRecords = openBadRecords(dataset, scratch);
  let next = 0;
  const selects: string[] = [];
  for (const group of groups) {
    const paths: string[] = [];
    for (const { found, layout, scan } of group) {
      const { first } = files[next++]!;
      const copy = join(scratch, `repaired-${next}.csv`);
      paths.push(scan.plain ? found.path : copy);
      if (scan.plain) continue;
      await repairCsvFile(found.path, layout, copy, (records) =>
        badRecords.write(
          records.map(({ row, reason, fields }) => {
            return { position: first + row, reason, given: orderFields(dataset, layout, fields) };
          }),
        ),
      );
    }
    selects.push(selectGroup(dataset, group, paths));
  }
  const bad = await badRecords.close();
  return {
    select: selects.join('\nUNION ALL\n'),
    types: 'texts',
    files,
    ...(bad !== undefined && { bad }),
  };
}

/** @throws InvalidDelivery with the problems of all files. */
export async function inspectCsv(dataset: PlannedDataset, found: readonly FoundFile[]): Promise<number> {
  return (await scanFiles(dataset, found)).reduce((rows, { scan }) => rows + scan.rows, 0);
}

async function scanFiles(dataset: PlannedDataset, found: readonly FoundFile[]): Promise<readonly CsvFile[]> {
  const problems: DeliveryProblem[] = [];
  const files: CsvFile[] = [];
  for (const file of found) {
    const layout = readCsvLayout(file.path, dataset);
    // Scanned even without a layout: names mean little while the bytes are no text.
    const scan = await scanCsvFile(file, layout ?? NO_LAYOUT, dataset.columns.length);
    if (scan.kind === 'refused') problems.push(scan.problem);
    else if (!layout) problems.push({ where: file.file, problem: NO_HEADER, remedy: 'Begin the file with a header.' });
    else {
      problems.push(...compareColumns(file.file, layout.names, dataset));
      files.push({ found: file, layout, scan });
    }
  }
  if (problems.length > 0) throw new InvalidDelivery(dataset.id, problems);
  return files;
}

const NO_LAYOUT: CsvLayout = { delimiter: ',', names: [], skip: 0 };
const NO_HEADER = 'no header line ends within its first 256 KiB';

/** Files of one group look alike and are read by one reader. */
function groupFiles(files: readonly CsvFile[]): readonly (readonly CsvFile[])[] {
  const groups = new Map<string, CsvFile[]>();
  for (const file of files) {
    const { layout, scan } = file;
    const key = JSON.stringify([scan.plain, layout.delimiter, ...layout.names]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()];
}

function selectGroup(dataset: PlannedDataset, group: readonly CsvFile[], paths: readonly string[]): string {
  const { layout, scan } = group[0]!;
  const longest = Math.max(...group.map((file) => file.scan.longest));
  const read = callCsvReader({
    paths,
    delimiter: scan.plain ? layout.delimiter : ',',
    header: true,
    names: layout.names.map((_, place) => fieldName(place)),
    longest,
  });
  return selectFrom([{ name: 'position', sql: 'CAST(NULL AS BIGINT)' }, ...selectGiven(dataset, layout)], read);
}

function selectGiven(dataset: PlannedDataset, { names }: CsvLayout): readonly NamedSql[] {
  return dataset.columns.map(({ name }, index) => ({
    name: givenName(index),
    sql: fieldName(names.indexOf(name)),
  }));
}

/** Into the dataset's order. */
function orderFields({ columns }: PlannedDataset, { names }: CsvLayout, fields: readonly string[]): readonly string[] {
  return columns.map(({ name }) => fields[names.indexOf(name)] ?? '');
}

const fieldName = (place: number) => `field_${place}`;
