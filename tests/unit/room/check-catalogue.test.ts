import { join } from 'node:path';
import { loadAgreement } from '../../../lib/cli/read/load-agreement';
import type { Agreement } from '../../../lib/domain/agreement/schema/agreement';
import { DPV_PURPOSES } from '../../../lib/domain/agreement/schema/dpv-purposes';
import { checkCatalogue } from '../../../lib/domain/room/check-catalogue';
import { checkSftp } from '../../../lib/domain/room/check-sftp';

const reading = loadAgreement(join(__dirname, '../../fixtures/small-swap/agreement.yaml'));
if (reading.kind === 'invalid') throw new Error(reading.findings[0]?.problem);
const SWAP: Agreement = reading.agreement;
const [LEG] = SWAP.legs;
const [DATASET] = Object.values(SWAP.datasets);
const [PARTY] = Object.values(SWAP.parties);
const [OWNER] = Object.keys(SWAP.parties);
const HOSTED = { kind: 'hosted' } as const;
const found = (changed: Partial<Agreement>) =>
  checkCatalogue({ ...SWAP, ...changed }).map(({ path, problem }) => [path, problem] as const);
const many = <T>(count: number, value: T) =>
  Object.fromEntries(Array.from({ length: count }, (_, index): [string, T] => [`x${index}`, value]));

test('an agreement that a room can hold has no remark', () => {
  expect(found({})).toEqual([]);
  expect(checkSftp(SWAP, HOSTED)).toEqual([]);
});

test('datasets and legs that SQL cannot tell apart are named, at the second of them', () => {
  expect(found({ datasets: { 'a-b': DATASET!, a_b: DATASET! }, legs: [] })).toEqual([
    [['datasets', 'a_b'], 'SQL would call `a_b` and `a-b` both `a_b`: it knows no hyphens'],
  ]);
  const legs = [
    { ...LEG!, from: 'x', to: 'y', dataset: 'a-b' },
    { ...LEG!, from: 'x', to: 'y-a', dataset: 'b' },
  ];
  expect(found({ legs })).toEqual([[['legs', 1], expect.stringContaining('both `x_y_a_b`')]]);
});

test.each(['round', 'Round', 'ROUND'])('a column %s would be taken for the round', (name) => {
  const [column] = Object.values(DATASET!.columns);
  const datasets = { visits: { ...DATASET!, columns: { [name]: column! } } };
  expect(found({ datasets }).map(([path]) => path)).toEqual([['datasets', 'visits', 'columns', name]]);
});

test('more parties, or lists of purposes, than a tag has values are refused', () => {
  expect(found({ parties: many(50, PARTY!) })).toEqual([]);
  expect(found({ parties: many(51, PARTY!) })).toEqual([[['parties'], expect.stringContaining('51 parties')]]);
  const legs = Array.from({ length: 51 }, (_, index) => ({
    ...LEG!,
    to: `p${index}`,
    purposes: [DPV_PURPOSES[index]!],
  }));
  expect(found({ legs }).map(([path]) => path)).toEqual([['legs']]);
  expect(found({ legs: legs.slice(1) })).toEqual([]);
});

test.each([
  ['x'.repeat(27 - OWNER!.length - 1), []],
  ['x'.repeat(27 - OWNER!.length), [[['parties', OWNER, 'sftp'], expect.stringContaining('room for 27 characters')]]],
])('a party that signs in under a name which the logs would cut is refused: %s', (agreement, remarks) => {
  const sftp = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
  const parties = { ...SWAP.parties, [OWNER!]: { ...PARTY!, sftp } };
  const found = checkSftp({ ...SWAP, agreement, parties }, HOSTED);
  expect(found.map(({ path, problem }) => [path, problem])).toEqual(remarks);
});

test('a party with more folders than the policy of an SFTP session has room for is refused', () => {
  const sftp = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
  const parties = { ...SWAP.parties, [OWNER!]: { ...PARTY!, sftp } };
  const with_ = (count: number) => {
    const datasets = many(count, { ...DATASET!, owner: OWNER! });
    const legs = Object.keys(datasets).map((dataset) => ({ ...LEG!, from: OWNER!, dataset }));
    return checkSftp({ ...SWAP, parties, datasets, legs }, HOSTED).map(({ path, problem }) => [path, problem]);
  };
  expect(with_(5)).toEqual([]);
  expect(with_(20)).toEqual([[['parties', OWNER, 'sftp'], expect.stringContaining('has 20 folders by SFTP')]]);
});
