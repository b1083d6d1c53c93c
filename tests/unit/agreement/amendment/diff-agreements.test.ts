import { diffAgreements as diff } from '../../../../lib/domain/agreement/amendment/diff-agreements';
import type { Plan, PlannedDataset, PlannedLeg, PlannedParty } from '../../../../lib/domain/agreement/plan/plan';
import { TELCO_RETAIL_PLAN as OLD } from '../../../fixtures/plan';
import { makeColumn, makeLeg, makeParty } from '../../../fixtures/sample-plan';
import { sha256 } from '../../audit/sha256';

const diffAgreements = (old: Plan, next: Plan) => diff(old, next, sha256);

const USAGE = 'telco-retail-usage';
const dataset = (changed: Partial<PlannedDataset>): Plan => ({
  ...OLD,
  datasets: [{ ...OLD.datasets[0]!, ...changed }, OLD.datasets[1]!],
});
const floor = (changed: object) => dataset({ privacy: { ...OLD.datasets[0]!.privacy!, ...changed } });
const leg = (changed: Partial<PlannedLeg>): Plan => ({ ...OLD, legs: [{ ...OLD.legs[0]!, ...changed }, OLD.legs[1]!] });
const term = (changed: object): Plan => ({ ...OLD, term: { ...OLD.term, ...changed } });
const telco = (changed: Partial<PlannedParty>, from: Plan = OLD): Plan => ({
  ...from,
  parties: from.parties.map((each) => (each.id === 'telco' ? { ...each, ...changed } : each)),
});
const columns = (replace: (columns: PlannedDataset['columns']) => PlannedDataset['columns']) =>
  dataset({ columns: replace(OLD.datasets[0]!.columns) });

test('nothing changes where nothing does', () => {
  expect(diffAgreements(OLD, OLD)).toEqual({ changes: [], resources: [], anew: [], signers: ['telco', 'retail'] });
});

test.each<[string, Plan, string, string, string[]]>([
  ['a lower k', floor({ k: 5 }), 'loosens', 'datasets.usage.privacy.k', ['retail']],
  ['a higher k', floor({ k: 20 }), 'tightens', 'datasets.usage.privacy.k', []],
  ['no l any more', floor({ l: [] }), 'loosens', 'datasets.usage.privacy.l.churned', ['retail']],
  [
    'a t where there was none',
    floor({ t: [{ column: 'churned', atMost: 0.2, distance: 'equal' }] }),
    'tightens',
    'datasets.usage.privacy.t.churned',
    [],
  ],
  [
    'more rows may be faulty',
    dataset({ clean: { ...OLD.datasets[0]!.clean, rejectAbove: 0.5 } }),
    'loosens',
    'datasets.usage.clean.rejectAbove',
    ['telco'],
  ],
  ['longer retention', leg({ retain: 'P1Y' }), 'loosens', `legs.${USAGE}.retain`, ['retail']],
  ['shorter retention', leg({ retain: 'P1M' }), 'tightens', `legs.${USAGE}.retain`, []],
  [
    'another purpose',
    leg({ purposes: [...OLD.legs[0]!.purposes, 'Marketing'] }),
    'loosens',
    `legs.${USAGE}.purposes`,
    ['retail'],
  ],
  ['fewer prohibitions', leg({ forbids: ['resale'] }), 'loosens', `legs.${USAGE}.forbids`, ['retail']],
  ['a quota', leg({ quota: { requests: 10 } }), 'tightens', `legs.${USAGE}.quota.requests`, []],
  ['a longer term', term({ ends: '2027-06-30' }), 'loosens', 'term.ends', ['telco', 'retail']],
  ['a shorter term', term({ ends: '2026-06-30' }), 'tightens', 'term.ends', []],
  [
    'a new column',
    columns((all) => [...all, makeColumn({ name: 'plan' })]),
    'loosens',
    'datasets.usage.columns.plan',
    ['retail'],
  ],
  [
    'a dropped column',
    columns((all) => all.filter(({ name }) => name !== 'minutes')),
    'tightens',
    'datasets.usage.columns.minutes',
    [],
  ],
  [
    'a column that is released now',
    columns((all) =>
      all.map((each) => (each.name === 'name' ? makeColumn({ name: 'name', role: 'identifier' }) : each)),
    ),
    'loosens',
    'datasets.usage.columns.name.treatment',
    ['retail'],
  ],
  [
    'milder remedies',
    { ...OLD, remedies: [{ on: 'late-delivery', do: 'warn' }] },
    'loosens',
    'remedies.late-delivery',
    ['telco', 'retail'],
  ],
  [
    'a wider tolerance',
    { ...OLD, fairness: { ...OLD.fairness, tolerance: 0.5 } },
    'loosens',
    'fairness.tolerance',
    ['telco', 'retail'],
  ],
  [
    'a weight',
    { ...OLD, fairness: { ...OLD.fairness, weights: { usage: 2, purchases: 1 } } },
    'changes',
    'fairness.weights.usage',
    ['telco'],
  ],
])('%s', (_, next, effect, place, gains) => {
  expect(diffAgreements(OLD, next).changes).toEqual([expect.objectContaining({ effect, place, gains })]);
});

const KEYS = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
test.each<[string, Partial<PlannedParty>, Partial<PlannedParty>, string, string]>([
  ['another account', {}, { account: '999999999999' }, 'loosens', 'account'],
  ['another key', { signingKey: 'MCow' }, { signingKey: 'MCox' }, 'loosens', 'signingKey'],
  ['a key where none was named', {}, { signingKey: 'MCow' }, 'loosens', 'signingKey'],
  ['any network', { networks: ['203.0.113.0/24'] }, { networks: undefined as never }, 'loosens', 'networks'],
  ['every network', { networks: ['203.0.113.0/24'] }, { networks: ['0.0.0.0/0'] }, 'loosens', 'networks'],
  [
    'one network more',
    { networks: ['203.0.113.0/24'] },
    { networks: ['203.0.113.0/24', '10.0.0.0/8'] },
    'loosens',
    'networks',
  ],
  ['a smaller network', { networks: ['203.0.113.0/24'] }, { networks: ['203.0.113.128/25'] }, 'tightens', 'networks'],
  ['a network where any was right', {}, { networks: ['2001:db8::/32'] }, 'tightens', 'networks'],
  ['a wider SFTP range', { sftp: KEYS }, { sftp: { ...KEYS, cidrs: ['203.0.0.0/16'] } }, 'loosens', 'sftp.cidrs'],
  [
    'one SFTP range less',
    { sftp: { ...KEYS, cidrs: [...KEYS.cidrs, '10.0.0.0/8'] } },
    { sftp: KEYS },
    'tightens',
    'sftp.cidrs',
  ],
  [
    'one SFTP key more',
    { sftp: KEYS },
    { sftp: { ...KEYS, publicKeys: [...KEYS.publicKeys, 'ssh-ed25519 BBBB'] } },
    'loosens',
    'sftp.publicKeys',
  ],
  ['other contacts', {}, { contacts: { exchange: 'x@example.com', privacy: 'y@example.com' } }, 'changes', 'contacts'],
  ['another jurisdiction', {}, { jurisdiction: 'US-CA' }, 'loosens', 'jurisdiction'],
])('of a party, %s', (_, before, after, effect, key) => {
  const bare = telco({ sftp: undefined as never, networks: undefined as never, ...before });
  const { changes } = diffAgreements(bare, telco(after, bare));
  const gains = effect === 'loosens' ? ['telco'] : [];
  expect(changes).toEqual([expect.objectContaining({ effect, place: `parties.telco.${key}`, gains })]);
});

test('SFTP where there was none is looser, and without it tighter', () => {
  const [bare, open] = [telco({ sftp: undefined as never }), telco({ sftp: KEYS })];
  expect(diffAgreements(bare, open).changes.map(({ effect }) => effect)).toEqual(['loosens', 'loosens']);
  expect(diffAgreements(open, bare).changes.map(({ effect }) => effect)).toEqual(['tightens', 'tightens']);
});

test('a new party and its leg: who gains, what has to be made, and who signs', () => {
  const next = {
    ...OLD,
    parties: [...OLD.parties, makeParty('bank', 'Bank', 7)],
    legs: [...OLD.legs, makeLeg('telco', 'bank', 'usage')],
  };
  const { changes, resources, anew, signers } = diffAgreements(OLD, next);
  expect(changes).toContainEqual({
    effect: 'loosens',
    place: 'legs.telco-bank-usage',
    before: 'none',
    after: 'telco gives bank usage',
    gains: ['bank'],
  });
  expect(resources).toContainEqual({ change: 'added', what: 'role', id: 'bank' });
  expect(resources).toContainEqual({ change: 'added', what: 'key', id: 'telco-bank-usage' });
  expect(anew.map(({ party, leg }) => `${party} ${leg}`)).toEqual(['bank telco-bank-usage']);
  expect(signers).toEqual(['telco', 'retail', 'bank']);
  expect(diffAgreements(next, OLD).signers).toEqual(['telco', 'retail', 'bank']);
});
