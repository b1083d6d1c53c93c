import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { Delivery, Plan } from '../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../lib/domain/agreement/plan/side';
import { type Handover, planHandover } from '../../lib/domain/exchange/handover/plan-handover';
import { PartnerHandover } from '../../lib/stacks/handover/partner-handover';
import { synthesizeHandover } from '../../lib/stacks/handover/partner-handover-stack';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { newApp, resourcesOf, statementsOf } from '../fixtures/template';

const HOSTED: Side = { kind: 'hosted' };
const ROOM = { account: '999900001111', region: 'eu-central-1', sftp: { kind: 'off' } } as const;
/** Of an agreement, and of a party. */
const LONGEST_IDS = ['a'.repeat(60), 'p'.repeat(31)] as const;
const DATA_SET = 'aae4c2cd145a48454f9369d4a4db5c66';

/** The barter with the retailer's leg coming another way. */
function planVia(via: Delivery): Plan {
  const [usage, purchases] = TELCO_RETAIL_PLAN.legs;
  return { ...TELCO_RETAIL_PLAN, legs: [{ ...usage!, via }, purchases!] };
}

function handoverOf(plan: Plan, side: Side = HOSTED, room: Parameters<typeof planHandover>[2] = ROOM): Handover {
  const handover = planHandover(planForSide(plan, side), 'retail', room);
  if (handover === undefined) throw new Error('nothing to hand over');
  return handover;
}

function drawn(handover: Handover, { dataSets = {}, isShared = false } = {}): Stack {
  const stack = new Stack(newApp(), 'Partner');
  new PartnerHandover(stack, 'Barter', {
    handover,
    room: ROOM,
    dataSets,
    ...(isShared ? { share: {} } : {}),
  });
  return stack;
}

function synthesized(handover: Handover) {
  const outdir = mkdtempSync(join(tmpdir(), 'handover-'));
  try {
    const template: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>> = JSON.parse(
      JSON.stringify(synthesizeHandover(handover, outdir)),
    );
    return template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const granted = drawn(handoverOf(TELCO_RETAIL_PLAN), { dataSets: { 'telco-retail-usage': { id: DATA_SET } } });
const allows = statementsOf(granted).filter(({ effect }) => effect === 'Allow');

test('nobody outside the account is let into anything of it', () => {
  expect(allows).not.toEqual([]);
  for (const { principals } of allows)
    for (const [kind, who] of principals)
      expect([kind, who]).toEqual(['Service', expect.stringMatching(/^(events|dataexchange)\./)]);
});

test('every release of a granted data set is exported to the party’s own bucket, under its leg', () => {
  const [action] = resourcesOf(granted, 'AWS::DataExchange::EventAction');
  const [bucket] = resourcesOf(granted, 'AWS::S3::Bucket');
  const keyPattern = `telco-retail-2026/telco-retail-usage/\${Revision.CreatedAt}/\${Asset.Name}`;
  expect(action?.properties).toMatchObject({
    Event: { RevisionPublished: { DataSetId: DATA_SET } },
    Action: { ExportRevisionToS3: { RevisionDestination: { Bucket: { Ref: bucket?.id }, KeyPattern: keyPattern } } },
  });
});

test('the bucket takes exports for this account alone, and keeps a release as long as the leg says', () => {
  const [bucket] = resourcesOf(granted, 'AWS::S3::Bucket');
  expect(bucket).toMatchObject({ deletionPolicy: 'Retain' });
  expect(bucket?.properties.LifecycleConfiguration).toMatchObject({
    Rules: [{ Id: 'tidy' }, { Prefix: 'telco-retail-2026/telco-retail-usage/', ExpirationInDays: 180 }],
  });
  const exports = allows.filter(({ sid }) => sid === 'ExportFromDataExchange');
  expect(exports.map(({ actions, conditions }) => [actions, conditions])).toEqual([
    [['s3:PutObject', 's3:PutObjectAcl'], { StringEquals: { 'aws:SourceAccount': [{ Ref: 'AWS::AccountId' }] } }],
  ]);
});

test("what is forwarded is the agreement's own: its data sets and its bucket, to its bus, by a role that can do no more", () => {
  const rules = resourcesOf(granted, 'AWS::Events::Rule').map(({ properties }) => properties);
  const bus = JSON.stringify({
    'Fn::Join': [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, ':events:eu-central-1:999900001111:event-bus/barter-telco-retail-2026'],
    ],
  });
  expect(rules).toHaveLength(4);
  for (const { EventPattern, Targets } of rules) {
    expect(JSON.stringify(EventPattern)).toMatch(
      new RegExp(`${DATA_SET}|"bucket":\\{"name":\\[\\{"Ref"|"bucketName":\\[\\{"Ref"`),
    );
    expect(JSON.stringify(Targets)).toContain(bus);
  }
  const role = resourcesOf(granted, 'AWS::IAM::Policy');
  expect(role).toHaveLength(1);
  const puts = allows.filter(({ actions }) => actions.includes('events:PutEvents'));
  expect(puts.map(({ actions, resources }) => [actions, JSON.stringify(resources)])).toEqual([
    [['events:PutEvents'], `[${bus}]`],
  ]);
});

test('patterns of what is forwarded fit EventBridge, whatever the names', () => {
  const [telco, retail] = TELCO_RETAIL_PLAN.parties;
  const [agreement, party] = LONGEST_IDS;
  const plan = {
    ...planVia({ kind: 'lake-formation' }),
    agreement: { ...TELCO_RETAIL_PLAN.agreement, id: agreement },
    parties: [{ ...telco!, id: party }, retail!],
  };
  const legs = plan.legs.map((leg) => (leg.from === 'telco' ? { ...leg, from: party } : { ...leg, to: party }));
  const datasets = plan.datasets.map((each) => (each.owner === 'telco' ? { ...each, owner: party } : each));
  const stack = drawn(handoverOf({ ...plan, legs, datasets }, { kind: 'peer', party }));
  const sizes = resourcesOf(stack, 'AWS::Events::Rule').map(
    ({ properties }) => JSON.stringify(properties.EventPattern).length,
  );
  expect(sizes).toHaveLength(3);
  expect(Math.max(...sizes)).toBeLessThan(2048);
});

test('before a grant is accepted there is nothing to export and no data set to forward', () => {
  const stack = drawn(handoverOf(TELCO_RETAIL_PLAN));
  expect(resourcesOf(stack, 'AWS::DataExchange::EventAction')).toEqual([]);
  const rules = resourcesOf(stack, 'AWS::Events::Rule').map(({ properties }) =>
    JSON.stringify(properties.EventPattern),
  );
  expect(rules).toHaveLength(2);
  for (const pattern of rules) expect(pattern).not.toContain('DataSetId');
});

test('a party may assume its own role in the room, and nothing else', () => {
  const assumes = allows.filter(({ actions }) => actions.includes('sts:AssumeRole') && actions.length === 1);
  const [policy] = assumes.filter(({ resource }) => resource.type === 'AWS::IAM::ManagedPolicy');
  expect(JSON.stringify(policy?.resources)).toContain(':iam::999900001111:role/barter-party-telco-retail-2026.retail');
});

test('where tables are shared, the owner sees who reads them, and a link is made once the share is accepted', () => {
  const handover = handoverOf(planVia({ kind: 'lake-formation' }));
  const [settings] = resourcesOf(drawn(handover), 'AWS::LakeFormation::DataLakeSettings');
  // REPLACE would take away the account's own administrators.
  expect(settings?.properties).toEqual({ MutationType: 'APPEND', TrustedResourceOwners: ['999900001111'] });
  expect(resourcesOf(drawn(handover), 'AWS::Glue::Database')).toEqual([]);
  const [link] = resourcesOf(drawn(handover, { isShared: true }), 'AWS::Glue::Database');
  expect(link?.properties.DatabaseInput).toMatchObject({
    TargetDatabase: { CatalogId: '999900001111', DatabaseName: 'barter_telco_retail_2026', Region: 'eu-central-1' },
  });
});

test("in a party's own room a partner is told to deliver nothing there", () => {
  const handover = handoverOf(TELCO_RETAIL_PLAN, { kind: 'peer', party: 'telco' });
  expect(handover.gives).toEqual([]);
});

test.each<[string, Side, string]>([
  ['the party whose room it is', { kind: 'peer', party: 'retail' }, 'retail'],
  ['the party that hosts it', { kind: 'hosted', operator: 'retail' }, 'retail'],
  ['somebody who is no party', HOSTED, 'bank'],
])('%s gets nothing', (_, side, party) => {
  expect(planHandover(planForSide(TELCO_RETAIL_PLAN, side), party, ROOM)).toBeUndefined();
});

test('hand-overs of two parties’ own rooms stand beside one another in one account', () => {
  const { parties, datasets, legs } = TELCO_RETAIL_PLAN;
  const third = { ...parties[0]!, id: 'bank', account: '777788889999' };
  const usage = { ...datasets[0]!, id: 'loans', owner: 'bank' };
  const via = { kind: 'lake-formation' } as const;
  const plan = {
    ...TELCO_RETAIL_PLAN,
    parties: [...parties, third],
    datasets: [...datasets, usage],
    legs: [
      { ...legs[0]!, via },
      { ...legs[0]!, id: 'bank-retail-loans', from: 'bank', dataset: 'loans', via },
    ],
  };
  const handovers = ['telco', 'bank'].map((party) => handoverOf(plan, { kind: 'peer', party }));
  expect(handovers.map(({ stackName }) => stackName)).toEqual([
    'barter-telco-retail-2026--from-telco',
    'barter-telco-retail-2026--from-bank',
  ]);
  const links = handovers.map((handover) =>
    resourcesOf(drawn(handover, { isShared: true }), 'AWS::Glue::Database').map(
      ({ properties }) => (properties.DatabaseInput as { Name: string }).Name,
    ),
  );
  // Beside the retailer's own room, whose tables are in `barter_telco_retail_2026`.
  expect(links).toEqual([['barter_telco_retail_2026__from_telco'], ['barter_telco_retail_2026__from_bank']]);
  // What has a name of its own would collide.
  const named = handovers.flatMap((handover) =>
    resourcesOf(drawn(handover)).filter(({ properties }) =>
      ['RoleName', 'BucketName', 'ManagedPolicyName', 'Name'].some((name) => name in properties),
    ),
  );
  expect(named).toEqual([]);
});

describe('as a template', () => {
  const template = synthesized(handoverOf(planVia({ kind: 'data-grant' })));

  test('needs no assets and no bootstrapping', () => {
    const text = JSON.stringify(template);
    expect(text).not.toMatch(/BootstrapVersion|cdk-hnb659fds|AWS::CDK|AWS::Lambda|AssetParameters/);
    expect(Object.keys(template.Parameters ?? {})).toEqual(['RoomAccount', 'RoomRegion', 'DataSetTelcoRetailUsage']);
  });

  test('knows what the room’s file says, and asks for what it does not', () => {
    expect(template.Parameters?.RoomAccount).toMatchObject({ Default: '999900001111' });
    const asking = synthesized(handoverOf(TELCO_RETAIL_PLAN, HOSTED, { sftp: { kind: 'off' } }));
    expect(asking.Parameters?.RoomAccount).not.toHaveProperty('Default');
  });

  test('exports as soon as the data set is filled in', () => {
    const conditional = Object.values(template.Resources ?? {}).filter(({ Condition }) => Condition !== undefined);
    expect(conditional.map(({ Type }) => Type).sort()).toEqual([
      'AWS::DataExchange::EventAction',
      'AWS::Events::Rule',
      'AWS::Events::Rule',
    ]);
  });

  test.each(['a-1b', 'a_1b'])('names two legs that differ by a hyphen or an underscore alone apart: %s', (like) => {
    const [usage] = TELCO_RETAIL_PLAN.legs;
    const legs = [like, 'a1b'].map((id) => ({ ...usage!, id }));
    const { Parameters } = synthesized(handoverOf({ ...TELCO_RETAIL_PLAN, legs }));
    expect(Object.keys(Parameters ?? {}).slice(2)).toEqual(['DataSetA1b', 'DataSetA1bNo2']);
  });

  test('is the same every time', () => {
    expect(synthesized(handoverOf(planVia({ kind: 'data-grant' })))).toEqual(template);
  });
});
