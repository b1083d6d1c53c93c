import type { ColumnProfile, Combination, CombinationRisk } from '../../domain/discovery/column-profile';
import { listCombinations, rankCombinations } from '../../domain/discovery/list-combinations';
import { proposeColumn } from '../../domain/discovery/propose-column';
import type { DuckDbSession } from './duckdb-session';
import { SCANNED, scannedName, valuesName } from './scanned-names';

const CODES = 'scanned_codes';
const MOST_COLUMNS = 10;
const MOST_AT_ONCE = 4;
const MOST_SHOWN = 6;
/** Rows × combinations of the largest size: about a minute. */
const MOST_WORK = 1.5e9;

/** Which few columns single people out: shares of rows that stand alone, exactly counted, as numbers in place of values. */
export async function countCombinations(
  session: DuckDbSession,
  columns: readonly ColumnProfile[],
  subject: string | undefined,
  rows: number,
  onProgress: (done: string) => void,
): Promise<CombinationRisk> {
  const candidates = chooseCandidates(columns, subject);
  const place = columns.findIndex(({ name }) => name === subject);
  await storeCodes(session, columns, candidates, place);
  const names = candidates.map((index) => columns[index]!.name);
  const counted: Combination[] = [];
  let upTo = 0;
  for (let size = 1; size <= Math.min(MOST_AT_ONCE, names.length); size++) {
    const combinations = listCombinations(names, size, counted);
    if (size > 2 && combinations.length * rows > MOST_WORK) break;
    onProgress(`counting who stands alone by ${combinations.length} combinations of ${size}`);
    for (const chosen of combinations) {
      counted.push({
        columns: chosen,
        alone: await countAlone(
          session,
          chosen.map((name) => names.indexOf(name)),
          place >= 0,
          rows,
        ),
      });
    }
    upTo = size;
  }
  return { columns: names, upTo, counted: counted.length, worst: rankCombinations(counted, MOST_SHOWN) };
}

/** Attributes that somebody else may know: not what is a key by itself, nor what will not leave. */
function chooseCandidates(columns: readonly ColumnProfile[], subject: string | undefined): readonly number[] {
  return columns
    .flatMap((column, index) => {
      const { role, treatment } = proposeColumn(column, subject);
      const isOpen = role !== 'identifier' && treatment !== 'drop' && column.distinct > 1;
      return isOpen ? [{ index, isQuasi: role === 'quasi', entropy: column.entropy }] : [];
    })
    .toSorted(
      (left, right) =>
        Number(right.isQuasi) - Number(left.isQuasi) || right.entropy - left.entropy || left.index - right.index,
    )
    .slice(0, MOST_COLUMNS)
    .map(({ index }) => index)
    .toSorted((left, right) => left - right);
}

async function storeCodes(
  session: DuckDbSession,
  columns: readonly ColumnProfile[],
  candidates: readonly number[],
  subject: number,
): Promise<void> {
  const coded = [...candidates, ...(subject >= 0 ? [subject] : [])];
  const joins = coded.map(
    (index) => `LEFT JOIN ${valuesName(index)} ON ${SCANNED}.${scannedName(index)} = ${valuesName(index)}.value`,
  );
  const codes = candidates.map((index, place) => `coalesce(${valuesName(index)}.code, 0) AS code_${place}`);
  const who = subject >= 0 ? `coalesce(${valuesName(subject)}.code, -position)` : 'position';
  await session.run(
    `CREATE TABLE ${CODES} AS SELECT ${[...codes, `${who} AS who`].join(', ')} FROM ${SCANNED} ${joins.join(' ')}`,
  );
  for (const [index] of columns.entries()) await session.dropTable(valuesName(index));
}

async function countAlone(
  session: DuckDbSession,
  places: readonly number[],
  hasSubject: boolean,
  rows: number,
): Promise<number> {
  const group = places.map((place) => `code_${place}`).join(', ');
  const alone = hasSubject ? 'min(who) = max(who)' : 'count(*) = 1';
  const [[sum] = []] = await (
    await session.run(
      `SELECT coalesce(sum(rows), 0) FROM (SELECT count(*) AS rows FROM ${CODES} GROUP BY ${group} HAVING ${alone})`,
    )
  ).getColumns();
  return Number(sum) / rows;
}
