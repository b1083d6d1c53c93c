import type { PlannedColumn, PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import type { SearchedColumn } from '../../../../lib/domain/discovery/search-release';
import { judgeDiscovery } from '../../../../lib/domain/exchange/gates/judge-discovery';

const makeColumn = (name: string, kind: 'string' | 'date', more: Partial<PlannedColumn> = {}): PlannedColumn => ({
  name,
  title: name,
  type: { kind },
  role: 'plain',
  treatment: { kind: 'keep' },
  missing: { kind: 'keep' },
  checks: [],
  releasedAs: { kind },
  ...more,
});
const makeDataset = (columns: readonly PlannedColumn[]): PlannedDataset => ({
  id: 'notes',
  owner: 'shop',
  title: 'Notes',
  version: 1,
  columns,
  clean: { dedupe: [], rejectAbove: 1, missingTexts: [''] },
  classColumns: [],
});
const NOTE = (more: Partial<PlannedColumn> = {}) =>
  makeDataset([makeColumn('note', 'string', more), makeColumn('day', 'date')]);
const clean: SearchedColumn = { column: 'note', distinct: 20, looked: 20, identifiers: [] };
const found: SearchedColumn = {
  column: 'note',
  distinct: 40_000,
  looked: 10_000,
  identifiers: [{ kind: 'email', title: 'e-mail address', by: 'inside', matched: 3 }],
};

describe('the discovery gate', () => {
  it.each([
    ['nothing found', NOTE(), [clean], true, /No undeclared identifier was found in 1 released column \(all/],
    ['something found', NOTE(), [found], false, /texts of column note hold a e-mail address: 3 of the 10,000/],
    ['a clause lets it out', NOTE({ mayIdentifyBy: '2.1' }), [found], true, /clause 2.1 lets it out/],
    ['a sample only', NOTE(), [{ ...clean, distinct: 40_000, looked: 9_900 }], true, /but a sample in note/],
    ['a column not searched', NOTE(), [], false, /was not searched for identifiers in note/],
    ['nothing to search', makeDataset([makeColumn('day', 'date')]), [], true, /No released column could hold/],
    [
      'a declared identifier',
      NOTE({ role: 'identifier', treatment: { kind: 'token' } }),
      [],
      true,
      /No released column/,
    ],
  ])('%s', (_, dataset, searched, passed, said) => {
    const gate = judgeDiscovery(dataset, searched);
    expect(gate).toMatchObject({ gate: 'discovery', passed });
    expect(gate.finding).toMatch(said);
    expect(gate.remedy !== undefined).toBe(!passed);
  });
});
