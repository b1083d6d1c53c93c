import { MOST_TOLD, tellGates, tellProblems } from '../../../../lib/domain/exchange/report/tell-problems';
import { compareColumns } from '../../../../lib/engine/intake/compare-columns';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const USAGE = PLAN.datasets.find(({ id }) => id === 'usage')!;
const NAMES = USAGE.columns.map(({ name }) => name);
const told = (names: readonly string[]) => tellProblems(USAGE, compareColumns('march.csv', names, USAGE));

test.each<[string, readonly string[], readonly string[]]>([
  [
    'a column is missing',
    NAMES.slice(1),
    [`column "${NAMES[0]}" is missing: Add it to the file, or take it out of the agreement.`],
  ],
  ['one is there twice', [...NAMES, NAMES[0]!], [`column "${NAMES[0]}" is there more than once: Leave one of them.`]],
  ['one is not agreed', [...NAMES, 'Alice Example'], ['1 in columns whose names the agreement does not have.']],
  ['two are not', [...NAMES, '+49 170 1', 'x"y'], ['2 in columns whose names the agreement does not have.']],
])('where %s, its giver is told', (_, names, lines) => {
  expect(told(names)).toEqual(lines);
});

test('a file without a header has values for names: none is repeated, however near to a name', () => {
  const values = NAMES.map((name) => `${name}1`);
  const text = told(values).join('\n');
  for (const value of values) expect(text).not.toContain(value);
  expect(text).toContain(`column "${NAMES[0]}" is missing.`);
});

test('what fits on a page, and no character that ends a line', () => {
  const problem = `the file is a spreadsheet\u0007${'x'.repeat(400)}`;
  const lines = tellProblems(USAGE, Array(30).fill({ problem, remedy: 'Save it as CSV.' }));
  expect(lines).toHaveLength(MOST_TOLD);
  expect(lines.at(-1)).toBe('21 more.');
  for (const line of lines) expect(line).toMatch(/^\P{Cc}{1,300}$/u);
});

test('of gates what is for every party’s eyes, of those that are not passed', () => {
  const gates = [
    { gate: 'cleaning', passed: true, finding: 'None was rejected.' },
    { gate: 'hierarchy', passed: false, finding: 'A value is lacking.', remedy: 'Add it.', detail: 'It is "Gotham".' },
    { gate: 'privacy', passed: false, finding: 'The floor cannot be met.' },
  ] as const;
  expect(tellGates(gates)).toEqual([
    'gate hierarchy: A value is lacking. Add it.',
    'gate privacy: The floor cannot be met.',
  ]);
});
