import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkOverlaps } from '../../../../lib/domain/agreement/checks/check-overlaps';
import { parseAgreement } from '../../../../lib/domain/agreement/parse-agreement';
import type { Agreement } from '../../../../lib/domain/agreement/schema/agreement';
import { sha256 } from '../../audit/sha256';

const FOLDER = join(__dirname, '../../../../examples/telco-retail');

function readExample(): Agreement {
  const reading = parseAgreement({
    text: readFileSync(join(FOLDER, 'agreement.yaml'), 'utf8'),
    file: 'agreement.yaml',
    readText: (name) => readFileSync(join(FOLDER, name), 'utf8'),
    sha256,
  });
  if (reading.kind !== 'valid') throw new Error(JSON.stringify(reading.findings));
  return reading.agreement;
}

const AGREEMENT = readExample();
const [LEG] = AGREEMENT.legs;
const usage = AGREEMENT.datasets[LEG!.dataset]!;

/** The same, and a second dataset of the same giver to the same receiver. */
function addTwin(changes: Partial<typeof usage>): Agreement {
  return {
    ...AGREEMENT,
    datasets: { ...AGREEMENT.datasets, twin: { ...usage, ...changes } },
    legs: [...AGREEMENT.legs, { ...LEG!, dataset: 'twin' }],
  };
}

test('an agreement in which nobody gets the same people twice is not remarked upon', () => {
  expect(checkOverlaps([AGREEMENT])).toEqual([]);
});

test('two datasets by one subject that share quasi-identifiers are, at the later leg', () => {
  const twin = addTwin({});
  const [found, ...more] = checkOverlaps([twin]);
  expect(more).toEqual([]);
  expect(found!.agreement).toBe(twin);
  expect(found!.remark).toMatchObject({ severity: 'warning', path: ['legs', AGREEMENT.legs.length] });
  const quasi = Object.entries(usage.columns).filter(([, { role }]) => role === 'quasi');
  expect(quasi.length).toBeGreaterThan(1);
  for (const [name] of quasi) expect(found!.remark.problem).toContain(`\`${name}\``);
});

test.each<[string, Partial<typeof usage>]>([
  ['another subject', { subject: 'other' }],
  ['no subject', { subject: undefined }],
  ['no quasi-identifier in common', { columns: { msisdn: usage.columns.msisdn! } }],
])('%s: no remark', (_case, changes) => {
  expect(checkOverlaps([addTwin(changes)])).toEqual([]);
});

test('a second agreement between the same accounts is remarked upon, whatever it calls them; with others it is not', () => {
  const renamed: Agreement = {
    ...AGREEMENT,
    agreement: 'second',
    parties: { ...AGREEMENT.parties, giver: AGREEMENT.parties[LEG!.from]!, taker: AGREEMENT.parties[LEG!.to]! },
    legs: [{ ...LEG!, from: 'giver', to: 'taker' }],
  };
  const found = checkOverlaps([AGREEMENT, renamed]);
  expect(found).toHaveLength(1);
  expect(found[0]!.agreement).toBe(renamed);
  expect(found[0]!.remark.problem).toContain(`of agreement \`${AGREEMENT.agreement}\``);
  const elsewhere = {
    ...renamed,
    parties: { ...renamed.parties, taker: { ...renamed.parties.taker!, account: '999999999999' } },
  };
  expect(checkOverlaps([AGREEMENT, elsewhere])).toEqual([]);
});
