import type { PlannedColumn, PlannedDataset } from '../../../lib/domain/agreement/plan/plan';
import type { Treatment } from '../../../lib/domain/privacy/treatments/treatment';
import { countCells, countGroupedCells, groupWrittenCells } from '../../../lib/engine/sql/measure-cells';
import { WRITTEN, WRITTEN_GROUPS } from '../../../lib/engine/sql/measure-rows';
import { duckDbDialect } from '../../../lib/engine/sql/rendering/duckdb-dialect';
import { generalise, makeColumn, makeDataset, queryDuckDb } from './engine-trial';

const { renderQuery } = duckDbDialect;

const MASK: Treatment = { kind: 'mask', keepFirst: 1, keepLast: 0 };
const COMMON: Treatment = { kind: 'common-text', k: 2 };

/** By its name: what the column shows in row `r`, some of it missing and some hidden. */
const SHOWN = {
  who: "CASE WHEN r % 7 = 0 THEN NULL ELSE 'p' || (r % 5) END",
  age: "CASE WHEN r % 4 = 0 THEN NULL ELSE '[' || (r % 3) || ')' END",
  code: "CASE WHEN r % 5 = 0 THEN NULL WHEN r % 3 = 0 THEN '***' ELSE 'a***' END",
  illness: "CASE WHEN r % 6 = 0 THEN NULL WHEN r % 2 = 0 THEN '***' ELSE 'flu' END",
  note: "CASE WHEN r % 8 = 0 THEN NULL WHEN r % 3 = 1 THEN '***' ELSE 'n' || r END",
  badge: "CASE WHEN r % 9 = 0 THEN NULL WHEN r % 4 = 1 THEN '***' ELSE 'b***' END",
  pay: 'CASE WHEN r % 10 < 3 THEN NULL ELSE r END',
};

function makePaid(subject: Treatment): PlannedDataset {
  return makeDataset(
    [
      makeColumn('who', 'string', { role: 'identifier', treatment: subject }),
      makeColumn('age', 'integer', generalise({ kind: 'widths', widths: ['10'] })),
      makeColumn('code', 'string', { role: 'quasi', treatment: MASK }),
      makeColumn('illness', 'string', { role: 'sensitive', treatment: COMMON }),
      makeColumn('note', 'string', { treatment: COMMON }),
      makeColumn('badge', 'string', { treatment: MASK }),
      makeColumn('pay', 'integer'),
    ],
    {
      subject: 'who',
      classes: ['code'],
      privacy: { k: 2, l: [{ column: 'illness', atLeast: 2 }], t: [], suppressAtMost: 1 },
    },
  );
}

const showOf = ({ name }: PlannedColumn) => SHOWN[name as keyof typeof SHOWN];

function countBoth(dataset: PlannedDataset, rows: number) {
  const shown = dataset.columns.map((planned, index) => `${showOf(planned)} AS released_${index}`);
  const written = `${WRITTEN} AS (SELECT ${shown.join(', ')} FROM range(${rows}) AS of_rows(r))`;
  const groups = `${WRITTEN_GROUPS} AS (${renderQuery(groupWrittenCells(dataset))})`;
  return Promise.all([
    queryDuckDb(`WITH ${written} ${renderQuery(countCells(dataset))}`),
    queryDuckDb(`WITH ${written}, ${groups} ${renderQuery(countGroupedCells(dataset))}`),
  ]);
}

/** Counts are told as numbers or as texts, by how wide the engine adds up. */
const toTexts = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String));

test.each<Treatment>([{ kind: 'token' }, { kind: 'drop' }])(
  'cells of groups add up to those of the rows, hidden ones as good as empty (subject: %j)',
  async (subject) => {
    const dataset = makePaid(subject);
    const telling = dataset.columns
      .filter(({ releasedAs }) => releasedAs)
      .map((planned) => `count(*) FILTER (WHERE CAST(${showOf(planned)} AS VARCHAR) <> '***')`);
    const expected = await queryDuckDb(`SELECT count(*), ${telling.join(', ')} FROM range(2520) AS of_rows(r)`);
    const [ofRows, ofGroups] = await countBoth(dataset, 2520);
    expect(toTexts(ofRows)).toEqual(toTexts(expected));
    expect(toTexts(ofGroups)).toEqual(toTexts(expected));
  },
);

test('a file without rows has no cells, and says so by 0', async () => {
  const [ofRows, ofGroups] = await countBoth(makePaid({ kind: 'token' }), 0);
  expect(toTexts(ofGroups)).toEqual(toTexts(ofRows));
  expect(toTexts(ofGroups)[0]).toEqual(Array(8).fill('0'));
});
