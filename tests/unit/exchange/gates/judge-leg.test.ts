import { judgeLeg, type LegEvidence } from '../../../../lib/domain/exchange/gates/judge-leg';
import { readFigures } from '../../../../lib/domain/exchange/gates/release-figures';
import { valueRelease } from '../../../../lib/domain/exchange/gates/value-release';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const [leg] = PLAN.legs;
const { privacy, ...open } = PLAN.datasets.find(({ id }) => id === leg!.dataset)!;
const dataset = {
  ...open,
  classColumns: [],
  columns: open.columns.map((column) => ({ ...column, mayIdentifyBy: '2.1' })),
};
const searched = dataset.columns.map(({ name }) => ({ column: name, distinct: 3, looked: 3, identifiers: [] }));
const PASSED = { gate: 'cleaning', passed: true, finding: 'Nothing was rejected.' } as const;

const EVIDENCE: LegEvidence = {
  plan: PLAN,
  dataset,
  leg: leg!,
  cleaning: { received: 20, rejected: 2, rejectedBy: [{ reason: 'age: missing', rows: 2 }] },
  measurement: { rows: 18, sha256: 'a'.repeat(64), completeness: 1, searched, subjects: 9 },
  marked: 0,
  passed: [PASSED],
  hashes: { input: 'c'.repeat(64), plan: 'b'.repeat(64), output: 'a'.repeat(64) },
  tool: { name: 'barter-room', version: '0.1.0', engine: 'none' },
};

test.each<[string, Partial<LegEvidence>, readonly string[], boolean]>([
  ['all is kept', {}, ['cleaning', 'verification', 'discovery'], true],
  ['a gate before failed', { passed: [{ ...PASSED, passed: false }] }, ['cleaning'], false],
  ['rows are missing', { measurement: { ...EVIDENCE.measurement, rows: 17 } }, ['cleaning', 'verification'], false],
  [
    'a column was not searched',
    { measurement: { ...EVIDENCE.measurement, searched: [] } },
    ['cleaning', 'verification', 'discovery'],
    false,
  ],
  [
    'its receiver expects what it holds',
    { leg: { ...leg!, expects: { subjects: 9, completeness: 1, lossAtMost: 0 } } },
    ['cleaning', 'verification', 'discovery', 'expectation'],
    true,
  ],
  [
    'its receiver expects more',
    { leg: { ...leg!, expects: { subjects: 10 } } },
    ['cleaning', 'verification', 'discovery', 'expectation'],
    false,
  ],
])('%s: gates end at the first that fails, and only all of them certify', (_case, changes, names, isCertified) => {
  const { gates, certified } = judgeLeg({ ...EVIDENCE, ...changes });
  expect(gates.map(({ gate }) => gate)).toEqual(names);
  expect(gates.every(({ passed }) => passed)).toBe(isCertified);
  expect(certified?.value).toBe(certified && valueRelease(PLAN, leg!, readFigures(certified.certificate)));
  expect(certified !== undefined).toBe(isCertified);
});

test('marked rows are told where the leg has a watermark, and nowhere else', () => {
  const measurement = { ...EVIDENCE.measurement, rows: 17 };
  const marked = judgeLeg({ ...EVIDENCE, measurement, marked: 1, leg: { ...leg!, watermark: 0.05 } });
  expect(marked.certified?.certificate.rows).toMatchObject({ suppressed: 0, marked: 10, released: 17 });
  expect(marked.rows).toMatchObject({ received: 20, marked: 1 });
  expect(judgeLeg({ ...EVIDENCE, marked: 1 }).rows.marked).toBeUndefined();
});
