import { certifyRelease, type ReleaseEvidence } from '../../../../lib/domain/privacy/certificate/certify-release';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const [leg] = PLAN.legs;
const dataset = PLAN.datasets.find(({ id }) => id === leg!.dataset)!;

const EVIDENCE: ReleaseEvidence = {
  plan: PLAN,
  dataset,
  leg: leg!,
  rows: { received: 20, rejected: 0, rejectedBy: [], suppressed: 0, released: 20 },
  measurement: {
    rows: 20,
    sha256: 'a'.repeat(64),
    classes: { k: 10, classes: 2, squaredRows: 200, l: [], t: [], classSizes: [] },
    completeness: 1,
    searched: [],
    subjects: 20,
  },
  solution: {
    levels: dataset.classColumns.map(() => 0),
    levelCounts: dataset.classColumns.map(() => 2),
    loss: 0,
    search: { mode: 'full-domain', metric: 'loss', cost: 0 },
  },
  hashes: { input: 'c'.repeat(64), plan: 'b'.repeat(64), output: 'a'.repeat(64) },
  tool: { name: 'barter-room', version: '0.1.0', engine: 'none' },
};
const { subject: _, ...unnamed } = dataset;

test.each<[string, Partial<ReleaseEvidence>, string]>([
  ['no record', {}, 'Made without the record: what came before is not known, and its levels bind nobody.'],
  ['none before', { earlier: 0 }, 'This is the first release'],
  ['one certified meanwhile', { earlier: 1 }, 'certified while this one was made'],
  ['nothing to follow', { earlier: 2, dataset: unnamed }, 'No column ties'],
])('%s: the certificate says what it knows of other releases', (_case, changes, said) => {
  expect(certifyRelease({ ...EVIDENCE, ...changes }).assumptions.at(-1)).toContain(said);
});

test.each([
  ['several rows under one token', dataset, true],
  ['one row each', { ...dataset, clean: { ...dataset.clean, dedupe: [dataset.subject!] } }, false],
  ['nobody to follow', unnamed, false],
])('that numbers of rows are taken as unknown is said where a token shows them: %s', (_case, changed, said) => {
  const { assumptions } = certifyRelease({ ...EVIDENCE, dataset: changed });
  expect(assumptions.some((each) => each.startsWith('How many rows'))).toBe(said);
});

test('that persons and values are taken as they are written is said, where they are counted', () => {
  const { measurement } = EVIDENCE;
  const classes = { ...measurement.classes!, l: [{ column: 'churned', distinct: 2, shared: 0.5 }] };
  const { assumptions } = certifyRelease({ ...EVIDENCE, measurement: { ...measurement, classes } });
  expect(assumptions).toContain(
    `Persons are told apart by ${dataset.subject} as it is written: who is written in two ways counts as two.`,
  );
  expect(assumptions.find((each) => each.startsWith('l counts'))).toContain('two spellings being two values');
  const { assumptions: others } = certifyRelease({ ...EVIDENCE, dataset: unnamed });
  expect(others.join()).not.toContain('written');
});
