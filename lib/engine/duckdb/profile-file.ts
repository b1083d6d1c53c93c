import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { chooseSubject } from '../../domain/discovery/choose-subject';
import type { ColumnProfile, FileProfile } from '../../domain/discovery/column-profile';
import { findDataNames } from '../../domain/discovery/find-data-names';
import type { DeliveryProblem } from '../intake/delivery-problem';
import { listDeliveredFiles } from '../intake/list-delivered-files';
import { InvalidDelivery } from '../invalid-delivery';
import { givenName } from '../sql/dataset-columns';
import { countCombinations } from './count-combinations';
import { datasetOf } from './dataset-of';
import { type DuckDbSession, openDuckDbSession } from './duckdb-session';
import { type GivenColumn, listGivenColumns } from './list-given-columns';
import { profileColumn } from './profile-column';
import { readDelivery } from './read-delivery';
import { SCANNED, scannedName } from './scanned-names';
import { listTexts, quoteText } from './sql-text';

interface FileScanOptions {
  /** A private folder, which is left empty. */
  readonly directory: string;
  readonly memoryLimit?: string;
  readonly onProgress: (done: string) => void;
}

/** Texts that people write for a missing value. */
const MISSING_TEXTS = ['', 'NA', 'N/A', 'n/a', 'NULL', 'null', 'NaN', 'None', '-'];

/**
 * What is in a file that no agreement speaks of yet.
 * @throws InvalidDelivery for a file that cannot be read at all.
 */
export async function profileFile(path: string, options: FileScanOptions): Promise<FileProfile> {
  const { directory, onProgress } = options;
  const name = basename(path);
  const found = listDeliveredFiles(path);
  if (found.kind === 'refused') throw new InvalidDelivery(name, found.problems);
  const session = await openDuckDbSession({
    directory,
    readable: found.files.map((file) => file.path),
    memoryLimit: options.memoryLimit,
    threads: availableParallelism(),
  });
  try {
    onProgress('reading');
    const given = await listGivenColumns(session, name, found);
    const delivery = await readDelivery(session, datasetOf(name, given), found, directory);
    // Parquet is hashed while it is queried; a scan vouches for nothing, but must not leave a hash running.
    await Promise.all(delivery.files.map(({ sha256 }) => sha256));
    const missingTexts = await storeScanned(session, given, delivery.select, delivery.bad, delivery.types === 'texts');
    const rows = await session.countRows(SCANNED);
    if (rows === 0) {
      throw new InvalidDelivery(name, [
        {
          where: name,
          problem: 'the file has no rows',
          remedy: 'Name a file with data of the kind that is to be given.',
        },
      ]);
    }
    const columns: ColumnProfile[] = [];
    onProgress('looking at each column');
    for (const [index, column] of given.entries()) {
      columns.push(await profileColumn(session, column, index, rows));
    }
    const values = findDataNames(columns);
    if (values.length > 0) throw new InvalidDelivery(name, [describeDataNames(found.files[0]!.file, values)]);
    const subject = chooseSubject(columns);
    const related = await relateToSubject(session, columns, subject, onProgress);
    const risk = await countCombinations(session, related, subject, rows, onProgress);
    const unread = delivery.bad === undefined ? undefined : await countUnread(session, delivery.bad);
    return {
      name,
      rows,
      missingTexts,
      ...(unread && { unread }),
      columns: related,
      ...(subject !== undefined && { subject }),
      risk,
    };
  } finally {
    await session.close();
  }
}

/** By their places: names that are values are shown to nobody, and written into no draft. */
function describeDataNames(where: string, places: readonly number[]): DeliveryProblem {
  const columns = places.map((place) => String(place + 1)).join(', ');
  return {
    where,
    problem: `names of columns are values, as in a file whose first line is a row (column ${columns})`,
    remedy: 'Write a line with the names of the columns above the rows, and scan again.',
  };
}

async function countUnread(session: DuckDbSession, bad: string): Promise<FileProfile['unread']> {
  const found = await session.run(`SELECT count(*), min(position) + 1, arg_min(reason, position) FROM (${bad})`);
  const [[records] = [], [record] = [], [reason] = []] = await found.getColumns();
  return { records: Number(records), first: { record: Number(record), reason: String(reason) } };
}

/** Returns the texts that stand for missing values, the empty one always. Records that are broken are left out. */
async function storeScanned(
  session: DuckDbSession,
  given: readonly GivenColumn[],
  select: string,
  bad: string | undefined,
  isText: boolean,
): Promise<readonly string[]> {
  const texts = given.map((_, index) => `CAST(${givenName(index)} AS VARCHAR) AS ${scannedName(index)}`);
  await session.storeRows('all_rows', `SELECT position, ${texts.join(', ')} FROM (${select})`);
  const good = bad === undefined ? '' : ` WHERE position NOT IN (SELECT position FROM (${bad}))`;
  if (!isText) {
    await session.run(`CREATE VIEW ${SCANNED} AS SELECT * FROM all_rows${good}`);
    return [''];
  }
  const counts = MISSING_TEXTS.map((text) => {
    const among = given.map((_, index) => `${scannedName(index)} = ${quoteText(text)}`);
    return `count(*) FILTER (WHERE ${among.join(' OR ')})`;
  });
  const found = await (await session.run(`SELECT ${counts.join(', ')} FROM all_rows${good}`)).getColumns();
  const missing = MISSING_TEXTS.filter((text, index) => text === '' || Number(found[index]?.[0]) > 0);
  const kept = given.map((_, index) => {
    const value = scannedName(index);
    return `CASE WHEN NOT list_contains(${listTexts(missing)}, ${value}) THEN ${value} END AS ${value}`;
  });
  await session.run(`CREATE VIEW ${SCANNED} AS SELECT position, ${kept.join(', ')} FROM all_rows${good}`);
  return missing;
}

/** Whether an attribute is the subject's own, or its rows'. One subject in fifty may have changed. */
async function relateToSubject(
  session: DuckDbSession,
  columns: readonly ColumnProfile[],
  subject: string | undefined,
  onProgress: (done: string) => void,
): Promise<readonly ColumnProfile[]> {
  const place = columns.findIndex(({ name }) => name === subject);
  if (place < 0) return columns;
  const subjects = columns[place]!.distinct;
  const related: ColumnProfile[] = [];
  onProgress(`telling what belongs to a ${subject} from what happens to it`);
  for (const [index, column] of columns.entries()) {
    related.push({ ...column, constant: await isConstant(session, place, index, subjects) });
  }
  return related;
}

async function isConstant(session: DuckDbSession, subject: number, index: number, subjects: number): Promise<boolean> {
  const pair = `${scannedName(subject)}, ${scannedName(index)}`;
  const present = `${scannedName(subject)} IS NOT NULL AND ${scannedName(index)} IS NOT NULL`;
  const [[pairs] = []] = await (
    await session.run(`SELECT count(*) FROM (SELECT DISTINCT ${pair} FROM ${SCANNED} WHERE ${present})`)
  ).getColumns();
  return Number(pairs) <= subjects * 1.02;
}
