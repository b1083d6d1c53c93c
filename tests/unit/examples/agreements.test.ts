import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parseAgreement } from '../../../lib/domain/agreement/parse-agreement';
import type { PlannedDataset } from '../../../lib/domain/agreement/plan/plan';
import { planAgreement } from '../../../lib/domain/agreement/plan/plan-agreement';
import type { Agreement } from '../../../lib/domain/agreement/schema/agreement';
import { sha256 } from '../audit/sha256';

const EXAMPLES = join(__dirname, '../../../examples');
const names = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'agreement.yaml')));

test('there are the three examples', () => {
  expect(names.sort()).toEqual(['consortium', 'hospital-pharma', 'telco-retail']);
});

test.each(names)('%s: the agreement is valid, without a warning', (name) => {
  const reading = readExample(name);
  expect(reading.kind === 'valid' ? reading.warnings : reading.findings).toEqual([]);
  expect(reading.kind).toBe('valid');
});

test.each(['consortium', 'hospital-pharma'])(
  '%s: the files have the columns of the agreement, and are small',
  (name) => {
    for (const dataset of planAgreement(takeExample(name)).datasets) {
      const text = readFileSync(join(EXAMPLES, name, `${dataset.id}.csv`), 'utf8');
      expect(text.slice(0, text.indexOf('\n')).split(',').sort()).toEqual(
        dataset.columns.map((column) => column.name).sort(),
      );
      expect(text.length).toBeLessThan(100_000);
    }
  },
);

test.each(names)('%s: of every dataset whose rows are about somebody it says about whom', (name) => {
  const { datasets } = planAgreement(takeExample(name));
  expect(datasets.filter(({ subject, persons }) => (subject === undefined) !== (persons === undefined))).toEqual([]);
});

test('hospital-pharma: one diagnosis is missing from the hierarchy, and that is all that is missing anywhere', () => {
  const unknown = names
    .filter((name) => name !== 'telco-retail')
    .flatMap((name) =>
      planAgreement(takeExample(name)).datasets.flatMap((dataset) => findUnknownValues(name, dataset)),
    );
  expect(unknown).toEqual(['hospital-pharma admissions.diagnosis: U09.9']);
});

function findUnknownValues(name: string, dataset: PlannedDataset): readonly string[] {
  const rows: Record<string, string>[] = parse(readFileSync(join(EXAMPLES, name, `${dataset.id}.csv`)), {
    columns: true,
  });
  return dataset.classColumns.flatMap(({ column, generalisation }) => {
    if (generalisation.kind !== 'hierarchy') return [];
    const leaves = new Set(generalisation.rows.map(([leaf]) => leaf));
    const unknown = new Set(rows.map((row) => row[column]!).filter((value) => !leaves.has(value)));
    return [...unknown].map((value) => `${name} ${dataset.id}.${column}: ${value}`);
  });
}

function takeExample(name: string): Agreement {
  const reading = readExample(name);
  if (reading.kind !== 'valid') throw new Error(`${name} is not valid.`);
  return reading.agreement;
}

function readExample(name: string) {
  const folder = join(EXAMPLES, name);
  return parseAgreement({
    sha256,
    text: readFileSync(join(folder, 'agreement.yaml'), 'utf8'),
    file: `${name}/agreement.yaml`,
    readText: (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined),
  });
}
