import { Stack } from 'aws-cdk-lib';
import { planForSide, type SidePlan } from '../../lib/domain/agreement/plan/plan-for-side';
import { AgreementCatalogue } from '../../lib/stacks/agreement/agreement-catalogue';
import { CatalogueStack } from '../../lib/stacks/catalogue/catalogue-stack';
import { findingsOf } from '../fixtures/findings';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { ARN, ENV, standIns } from '../fixtures/stand-ins';
import { newApp, resourcesOf, statementsOf } from '../fixtures/template';

describe('what the catalogues of all agreements rest on', () => {
  const app = newApp();
  const stack = new CatalogueStack(app, 'Catalogue', { env: ENV, ...standIns(app) });
  const only = (type: string) => {
    const [resource, ...others] = resourcesOf(stack, type);
    expect(others).toEqual([]);
    return resource!;
  };

  test('the role that deploys and the one that grants administer the data lake, nobody else', () => {
    const settings = only('Custom::DataLakeSettings');
    expect(JSON.stringify(settings.properties.Admins)).toMatch(/cdk-hnb659fds-cfn-exec-role-/);
    expect(settings.properties.Admins).toHaveLength(2);
    expect(JSON.stringify(settings.properties.Admins)).toContain(ARN.grantor);
    expect(settings.deletionPolicy).toBe('Delete');
  });

  test('nothing is made of Lake Formation before its settings are', () => {
    const settings = only('Custom::DataLakeSettings').id;
    for (const type of ['AWS::LakeFormation::Resource', 'AWS::LakeFormation::Tag'])
      expect(only(type).dependsOn).toContain(settings);
  });

  test('releases are registered under a role of our own, and nothing is left to IAM; raw data are not registered', () => {
    const { properties, dependsOn } = only('AWS::LakeFormation::Resource');
    expect(properties).toEqual({
      ResourceArn: ARN.lake,
      RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^Reader/), 'Arn'] },
      UseServiceLinkedRole: false,
      HybridAccessEnabled: false,
    });
    expect(dependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^Reading/)]));
    expect(JSON.stringify(resourcesOf(stack))).not.toContain(ARN.landing);
  });

  test('that role reads releases, and writes and deletes nothing', () => {
    const allowed = statementsOf(stack).filter(({ resource }) => resource.id.startsWith('Reading'));
    expect(allowed.map(({ actions, resources }) => [actions, resources])).toEqual([
      [['s3:GetObject'], [`${ARN.lake}/*`]],
      [['s3:ListBucket'], [ARN.lake]],
      [['kms:Decrypt'], [ARN.key]],
    ]);
    const trust = statementsOf(stack).filter(({ resource }) => /^Reader/.test(resource.id));
    expect(trust).not.toEqual([]);
    for (const { principals, conditions } of trust) {
      expect(principals).toEqual([['Service', 'lakeformation.amazonaws.com']]);
      expect(conditions).toEqual({ StringEquals: { 'aws:SourceAccount': [ENV.account] } });
    }
  });

  test('what it was handed out for ends within an hour after it was taken back', () => {
    const [reader] = resourcesOf(stack, 'AWS::IAM::Role').filter(({ id }) => /^Reader/.test(id));
    expect(reader?.properties.MaxSessionDuration).toBe(3600);
  });

  test('the function that sets them may read and put them, nothing else of Lake Formation', () => {
    const actions = statementsOf(stack).flatMap((statement) => statement.actions);
    expect(actions.filter((action) => action.startsWith('lakeformation:'))).toEqual([
      'lakeformation:GetDataLakeSettings',
      'lakeformation:PutDataLakeSettings',
    ]);
  });

  test('there is no finding of the AwsSolutions rules', () => {
    expect(findingsOf(stack)).toEqual([]);
  });
});

function catalogueOf(plan: SidePlan): Stack {
  const app = newApp();
  const stack = new Stack(app, 'Agreement', { env: ENV });
  new AgreementCatalogue(stack, 'Catalogue', { plan, ...standIns(app) });
  return stack;
}

describe('the catalogue of an agreement', () => {
  const legs = TELCO_RETAIL_PLAN.legs.map((leg, index) =>
    index === 0 ? { ...leg, via: { kind: 'lake-formation' as const } } : leg,
  );
  const stack = catalogueOf(planForSide({ ...TELCO_RETAIL_PLAN, legs }, { kind: 'hosted' }));
  const tables = resourcesOf(stack, 'AWS::Glue::Table');
  const associations = resourcesOf(stack, 'AWS::LakeFormation::TagAssociation');

  test('has raw and released tables in databases apart, over Parquet, a partition for every round', () => {
    expect(tables.map(({ properties }) => properties)).toEqual([
      tableOf('barter_telco_retail_2026__raw', 'usage', 's3://the-landing/_cleaned/telco-retail-2026/usage/'),
      tableOf('barter_telco_retail_2026__raw', 'purchases', 's3://the-landing/_cleaned/telco-retail-2026/purchases/'),
      tableOf('barter_telco_retail_2026', 'telco_retail_usage', 's3://the-lake/telco-retail-2026/telco-retail-usage/'),
      tableOf(
        'barter_telco_retail_2026',
        'retail_telco_purchases',
        's3://the-lake/telco-retail-2026/retail-telco-purchases/',
      ),
    ]);
    const databases = resourcesOf(stack, 'AWS::Glue::Database').map(({ id }) => id);
    expect(databases).toHaveLength(2);
    for (const { dependsOn } of tables) expect(dependsOn).toEqual(expect.arrayContaining(databases));
  });

  test('nothing of a dropped column is in what may be granted', () => {
    const released = tables.filter(({ properties }) => properties.DatabaseName === 'barter_telco_retail_2026');
    expect(JSON.stringify(released)).not.toContain('"name"');
    expect(JSON.stringify(tables)).toContain('"Name":"name"');
    expect(JSON.stringify(released)).not.toContain('"Name":"name"');
  });

  test('each database is raw or released as a whole; each released column carries its role', () => {
    const sensitivities = associations.flatMap(({ properties }) => {
      const { LFTags, Resource } = properties;
      const text = JSON.stringify(LFTags);
      return text.includes('barter:sensitivity') ? [[JSON.parse(text)[0].TagValues[0], Object.keys(Resource!)[0]]] : [];
    });
    expect(sensitivities).toEqual([
      ['raw', 'Database'],
      ['released', 'Database'],
      ...['identifier', 'quasi', 'sensitive', 'plain'].map((role) => [role, 'TableWithColumns']),
      ...['identifier', 'quasi', 'sensitive', 'plain'].map((role) => [role, 'TableWithColumns']),
    ]);
  });

  test('tags are there before anything is tagged, and tables before they are', () => {
    const created = resourcesOf(stack, 'AWS::LakeFormation::Tag').map(({ id }) => id);
    expect(created).toHaveLength(2);
    const tagged = associations.filter(({ properties }) => !JSON.stringify(properties.Resource).includes('"Database"'));
    expect(tagged.length).toBeGreaterThan(8);
    for (const { dependsOn } of tagged) {
      expect(dependsOn).toEqual(expect.arrayContaining(created));
      expect(dependsOn.filter((id) => tables.some((table) => table.id === id))).toHaveLength(1);
    }
  });

  test('Lake Formation, which refuses changes at the same time, gets them one by one', () => {
    const changes = [...associations, ...resourcesOf(stack, 'AWS::LakeFormation::DataCellsFilter')];
    const follows = (id: string) => changes.filter(({ dependsOn }) => dependsOn.includes(id)).length;
    expect(changes.map(({ id }) => follows(id)).sort()).toEqual([0, ...changes.slice(1).map(() => 1)]);
  });

  test('a leg that is queried in place has a filter, by which no row is seen until a round is complete', () => {
    expect(resourcesOf(stack, 'AWS::LakeFormation::DataCellsFilter').map(({ properties }) => properties)).toEqual([
      {
        TableCatalogId: ENV.account,
        DatabaseName: 'barter_telco_retail_2026',
        TableName: 'telco_retail_usage',
        Name: 'telco_retail_usage',
        ColumnNames: ['msisdn', 'age', 'postcode', 'churned', 'minutes'],
        RowFilter: { FilterExpression: "round = ''" },
      },
    ]);
  });

  test('nobody is granted anything by it', () => {
    expect(resourcesOf(stack).filter(({ type }) => /Permissions|IAM/.test(type))).toEqual([]);
  });
});

function tableOf(database: string, name: string, location: string) {
  return expect.objectContaining({
    CatalogId: ENV.account,
    DatabaseName: database,
    TableInput: expect.objectContaining({
      Name: name,
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: [{ Name: 'round', Type: 'string' }],
      StorageDescriptor: expect.objectContaining({ Location: location }),
    }),
  });
}

test('an own room of a party has no table of what others give', () => {
  const stack = catalogueOf(planForSide(TELCO_RETAIL_PLAN, { kind: 'peer', party: 'telco' }));
  expect(resourcesOf(stack, 'AWS::Glue::Table')).toHaveLength(2);
  expect(JSON.stringify(resourcesOf(stack))).not.toMatch(/retail.telco.purchases|cleaned.*purchases\//);
});

test('a side that neither gives nor holds anything has an empty catalogue', () => {
  expect(resourcesOf(catalogueOf(planForSide(TELCO_RETAIL_PLAN, { kind: 'peer', party: 'nobody' })))).toEqual([]);
});
