import { diffResources, type ResourceChange } from '../../lib/domain/agreement/amendment/diff-resources';
import type { Delivery, Plan, PlannedDataset, PlannedLeg, PlannedParty } from '../../lib/domain/agreement/plan/plan';
import type { ResourceKind } from '../../lib/domain/room/list-resources';
import { buildRoom } from '../../lib/stacks/build-room';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { makeRoom } from '../fixtures/room';
import { makeLeg, makeParty } from '../fixtures/sample-plan';
import { newApp } from '../fixtures/template';

const USAGE = 'telco-retail-usage';
const PURCHASES = 'retail-telco-purchases';
/** One with all that a room can have: what it has not, is told all the same. */
const ROOM = makeRoom({
  sftp: { kind: 'vpc', vpcId: 'vpc-1', subnetIds: ['subnet-1'] },
  warehouses: [`${TELCO_RETAIL_PLAN.agreement.id}/${USAGE}`],
});

/** Each told resource is one of this type, and each of this type is told. */
const ONE_OF: Readonly<Partial<Record<ResourceKind, string>>> = {
  schedule: 'AWS::Scheduler::Schedule',
  'address for letters': 'AWS::SNS::Subscription',
  role: 'AWS::IAM::Role',
  'role for signing': 'AWS::IAM::Role',
  'SFTP role': 'AWS::IAM::Role',
  'warehouse role': 'AWS::IAM::Role',
  'forwarded events': 'AWS::CloudWatch::Alarm',
  database: 'AWS::Glue::Database',
  table: 'AWS::Glue::Table',
  tag: 'AWS::LakeFormation::Tag',
  checks: 'AWS::Glue::DataQualityRuleset',
  key: 'AWS::KMS::Key',
  filter: 'AWS::LakeFormation::DataCellsFilter',
  'data set': 'AWS::DataExchange::DataSet',
};

/** A part of something that all share, or several of its parts. */
const PART_OF: Readonly<Partial<Record<ResourceKind, readonly string[]>>> = {
  'expiry of releases': ['AWS::S3::Bucket'],
  'SFTP network': ['AWS::EC2::SecurityGroup'],
  'place in the product': ['AWS::IAM::Policy'],
  'count of reads': ['AWS::Events::Rule'],
  'forwarded events': ['AWS::Events::EventBus'],
  'tags of table': ['AWS::LakeFormation::TagAssociation'],
};

/** Every version is put on record anew. */
const ON_RECORD = ['Custom::AgreementRecord', 'Custom::AgreementAdmission'];

const only = (by: string, to: Partial<PlannedLeg>): Plan => ({
  ...BASE,
  legs: BASE.legs.map((leg) => (leg.id === by ? { ...leg, ...to } : leg)),
});
const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
const BASE: Plan = {
  ...TELCO_RETAIL_PLAN,
  parties: TELCO_RETAIL_PLAN.parties.map((party) => ({ ...party, sftp: SFTP })),
};
const via = (to: Delivery) => only(USAGE, { via: to });
const LAKE = via({ kind: 'lake-formation' });
const retail = (to: Partial<PlannedParty>): Plan => ({
  ...BASE,
  parties: BASE.parties.map((party) => (party.id === 'retail' ? { ...party, ...to } : party)),
});
const usage = (to: Partial<PlannedDataset>): Plan => ({
  ...BASE,
  datasets: BASE.datasets.map((dataset) => (dataset.id === 'usage' ? { ...dataset, ...to } : dataset)),
});
const { columns } = BASE.datasets[0]!;
const CHECKED = usage({ columns: columns.map((column) => ({ ...column, missing: { kind: 'reject' } })) });
const WITHOUT_SFTP = { ...BASE, parties: [BASE.parties[0]!, TELCO_RETAIL_PLAN.parties[1]!] };
const BANK = makeParty('bank', 'Bank', 7);

const AMENDMENTS: readonly (readonly [string, Plan, Plan])[] = [
  ['a longer term', BASE, { ...BASE, term: { ...BASE.term, ends: '2027-12-31' } }],
  ['a later begin', BASE, { ...BASE, term: { ...BASE.term, starts: '2026-02-01' } }],
  ['a longer notice', BASE, { ...BASE, term: { ...BASE.term, notice: 'P60D' } }],
  ['a lower floor', BASE, usage({ privacy: { ...BASE.datasets[0]!.privacy!, k: 5 } })],
  ['other remedies', BASE, { ...BASE, remedies: [] }],
  ['another title of a dataset', BASE, usage({ title: 'Another' })],
  ['another title', BASE, { ...BASE, agreement: { ...BASE.agreement, title: 'Another' } }],
  ['a grant for queries', BASE, LAKE],
  ['queries alone for queries', via({ kind: 'query-only' }), LAKE],
  ['queries for a grant', LAKE, BASE],
  ['SFTP for a grant', BASE, via({ kind: 'sftp' })],
  ['the API for SFTP', via({ kind: 'sftp' }), via({ kind: 'api' })],
  ['a product for the API', via({ kind: 'api' }), via({ kind: 'product', productId: 'prod-abc' })],
  ['a warehouse', BASE, via({ kind: 'gcs', bucket: 'warehouse', serviceAccountSubjectId: '123' })],
  [
    'another warehouse',
    via({ kind: 'gcs', bucket: 'warehouse', serviceAccountSubjectId: '123' }),
    via({ kind: 'snowflake', storageAwsIamUserArn: 'arn:aws:iam::123456789012:user/x', externalId: 'x' }),
  ],
  ['a quota on queries', LAKE, { ...LAKE, legs: LAKE.legs.map((leg) => ({ ...leg, quota: { requests: 9 } })) }],
  ['a quota on a grant', BASE, only(USAGE, { quota: { bytes: 9 } })],
  ['a longer retain', BASE, only(USAGE, { retain: 'P1Y' })],
  ['other purposes', BASE, only(USAGE, { purposes: ['MarketResearch'] })],
  ['a more frequent round', BASE, only(USAGE, { every: 'P1D' })],
  ['another account', BASE, retail({ account: '777788889999' })],
  ['another address', BASE, retail({ contacts: { ...BASE.parties[1]!.contacts, exchange: 'new@retail.example' } })],
  ['one address for both', BASE, retail({ contacts: { exchange: 'a@b.example', privacy: 'a@b.example' } })],
  ['another network', BASE, retail({ sftp: { ...SFTP, cidrs: ['198.51.100.0/24'] } })],
  ['no SFTP', BASE, WITHOUT_SFTP],
  ['another key for SFTP', BASE, retail({ sftp: { ...SFTP, publicKeys: ['ssh-ed25519 BBBB'] } })],
  ['a new column', usage({ columns: columns.slice(1) }), BASE],
  ['another title of a column', BASE, usage({ columns: columns.map((each) => ({ ...each, title: 'Another' })) })],
  ['a check', BASE, CHECKED],
  ['a leg less', BASE, { ...BASE, legs: BASE.legs.filter(({ id }) => id !== PURCHASES) }],
  [
    'a party and a leg more',
    BASE,
    { ...BASE, parties: [...BASE.parties, BANK], legs: [...BASE.legs, makeLeg('telco', 'bank', 'usage')] },
  ],
  ['a party that only signs', BASE, { ...BASE, parties: [...BASE.parties, BANK] }],
];

/** Stack and logical id → type and what the template says of it. */
type Drawn = ReadonlyMap<string, readonly [type: string, text: string]>;

const drawnOf = new Map<Plan, Drawn>();

function drawOnce(plan: Plan): Drawn {
  const drawn = drawnOf.get(plan) ?? draw(plan);
  drawnOf.set(plan, drawn);
  return drawn;
}

function draw(plan: Plan): Drawn {
  const app = newApp();
  buildRoom(app, ROOM, [plan]);
  return new Map(
    app
      .synth()
      .stacks.flatMap((stack) =>
        Object.entries<{ readonly Type: string; readonly Properties?: object }>(stack.template.Resources).map(
          ([id, { Type, Properties = {} }]) => [`${stack.id} ${id}`, [Type, JSON.stringify(Properties)]] as const,
        ),
      ),
  );
}

/** `<type>` → how many are added, removed and changed. */
function count(changes: readonly (readonly [type: string, change: string])[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [type, change] of changes) counts[`${change} ${type}`] = (counts[`${change} ${type}`] ?? 0) + 1;
  return counts;
}

function compareTemplates(old: Plan, next: Plan): readonly (readonly [type: string, change: string])[] {
  const [before, after] = [drawOnce(old), drawOnce(next)];
  return [...new Map([...before, ...after])].flatMap(([id, [type]]) => {
    const [one, other] = [before.get(id), after.get(id)];
    const change = one === undefined ? 'added' : other === undefined ? 'removed' : 'changed';
    return one?.[1] === other?.[1] || ON_RECORD.includes(type) ? [] : [[type, change] as const];
  });
}

const typesOf = ({ what }: ResourceChange) => [
  ...(ONE_OF[what] === undefined ? [] : [ONE_OF[what]]),
  ...(PART_OF[what] ?? []),
];

test.each(AMENDMENTS)('%s changes in the templates what is told, and nothing else', (_, old, next) => {
  const drawn = compareTemplates(old, next);
  const told = diffResources(old, next);
  const single = new Set(Object.values(ONE_OF));
  expect(
    count(told.flatMap(({ what, change }) => (ONE_OF[what] === undefined ? [] : [[ONE_OF[what], change]]))),
  ).toEqual(count(drawn.filter(([type]) => single.has(type))));
  expect([...new Set(told.flatMap(typesOf))].sort()).toEqual([...new Set(drawn.map(([type]) => type))].sort());
});

test('each kind of which the stacks draw something is told of by one of these amendments', () => {
  const told = AMENDMENTS.flatMap(([, old, next]) => diffResources(old, next).map(({ what }) => what));
  expect(told).toEqual(expect.arrayContaining(Object.keys({ ...ONE_OF, ...PART_OF })));
});
