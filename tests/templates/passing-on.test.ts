import { Stack } from 'aws-cdk-lib';
import type { Delivery, Plan } from '../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../lib/domain/agreement/plan/plan-for-side';
import { placeAgreement } from '../../lib/domain/audit/attribution/place-agreement';
import { readBusEvent } from '../../lib/domain/audit/records/read-bus-event';
import { watchAccesses } from '../../lib/domain/enforcement/breaches/watch-accesses';
import { planHandover } from '../../lib/domain/exchange/handover/plan-handover';
import { PartnerBus } from '../../lib/stacks/agreement/partner-bus';
import { PartnerHandover } from '../../lib/stacks/handover/partner-handover';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { NOTHING_MADE } from '../fixtures/registered';
import { standIns } from '../fixtures/stand-ins';
import { type Json, newApp, resourcesOf } from '../fixtures/template';
import { matchesEvent } from '../local-cloud/matches-event';

/*
 * From what CloudTrail writes in a party's account, over what the hand-over's rules forward, to what the room finds: by which
 * calls a party that passes on what it received is in breach. Shapes of requests are those of the services' API references.
 */

const [OWN, ROOM, STRANGER, REGION] = ['444455556666', '999900001111', '666677778888', 'eu-central-1'];
const [USAGE, ENTITLED, BUCKET] = ['telco-retail-usage', 'aae4c2cd145a48454f9369d4a4db5c66', 'barter-received-1a2b'];
const LINK = 'barter_telco_retail_2026';
const AT = '2026-03-01T09:05:00Z';

function planVia(via: Delivery): Plan {
  const [usage, purchases] = TELCO_RETAIL_PLAN.legs;
  return { ...TELCO_RETAIL_PLAN, legs: [{ ...usage!, via }, purchases!] };
}
const EXPORTED = planVia({ kind: 'data-grant' });
const SHARED = planVia({ kind: 'lake-formation' });

/** Patterns of all that the hand-over forwards, as they are in the account: the bucket by its name. */
function listPatterns(plan: Plan): readonly Json[] {
  const room = { account: ROOM, region: REGION };
  const handover = planHandover(planForSide(plan, { kind: 'hosted' }), 'retail', { ...room, sftp: { kind: 'off' } });
  if (handover === undefined) throw new Error('nothing to hand over');
  const stack = new Stack(newApp(), 'Partner');
  new PartnerHandover(stack, 'Barter', { handover, room, dataSets: { [USAGE]: { id: ENTITLED } }, share: {} });
  return resourcesOf(stack, 'AWS::Events::Rule').map(({ properties }) =>
    JSON.parse(JSON.stringify(properties.EventPattern).replaceAll(/\{"Ref":"BarterReceived[^"]*"\}/g, `"${BUCKET}"`)),
  );
}
/** Two legs into one bucket. */
const EXPORTED_TWICE: Plan = {
  ...EXPORTED,
  legs: [...EXPORTED.legs, { ...EXPORTED.legs[0]!, id: 'telco-retail-calls' }],
};
const PATTERNS = new Map([EXPORTED, EXPORTED_TWICE, SHARED].map((plan) => [plan, listPatterns(plan)]));

/** Pattern of what the room takes in of it. */
const TOLD = ((): Json => {
  const app = newApp();
  const { noticeKey, alerts } = standIns(app);
  const stack = new Stack(app, 'Agreement');
  const plan = planForSide(EXPORTED, { kind: 'hosted' });
  const recorder = 'arn:aws:sqs:eu-central-1:1:accesses';
  new PartnerBus(stack, 'Bus', { plan, keepEvents: 400, noticeKey, alerts, recorder });
  return resourcesOf(stack, 'AWS::Events::Rule')[0]?.properties.EventPattern ?? null;
})();

interface Call {
  readonly plan: Plan;
  /** Service and operation. */
  readonly call: string;
  readonly request: { readonly [name: string]: Json };
  readonly error?: string;
}

function writeEvent({ call, request, error }: Call) {
  const [service = '', eventName = ''] = call.split(' ');
  const bucket = request.bucketName;
  return {
    version: '0',
    id: '7bf73129-1428-4cd3-a780-95db273d1602',
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: OWN,
    time: AT,
    region: REGION,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROAEXAMPLE:anna',
        arn: `arn:aws:sts::${OWN}:assumed-role/DataEngineer/anna`,
        accountId: OWN,
      },
      eventTime: AT,
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: REGION,
      sourceIPAddress: '203.0.113.10',
      userAgent: 'aws-cli/2.27.0',
      requestParameters: request,
      responseElements: null,
      ...(error === undefined ? {} : { errorCode: error }),
      requestID: 'REQ1',
      eventID: '11111111-1111-4111-8111-111111111111',
      readOnly: false,
      ...(typeof bucket === 'string'
        ? { resources: [{ accountId: OWN, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` }] }
        : {}),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: OWN,
      eventCategory: 'Management',
    },
  };
}

/** What the room finds in what reaches it; undefined where nothing is forwarded. */
function findIn(given: Call) {
  const event = writeEvent(given);
  if (!PATTERNS.get(given.plan)?.some((pattern) => matchesEvent(pattern, event))) return undefined;
  // And the room takes it in.
  expect(matchesEvent(TOLD, event)).toBe(true);
  const reading = readBusEvent(event);
  if (reading.kind !== 'access') throw new Error(JSON.stringify(reading));
  const made = { ...NOTHING_MADE, granted: { [USAGE]: [ENTITLED] } };
  const room = { account: ROOM, region: REGION, landingBucket: 'landing', lakeBucket: 'lake' };
  const version = placeAgreement({ plan: given.plan, from: '2026-01-01T00:00:00Z' }, room, made);
  const { reports } = watchAccesses(
    [reading.access],
    { agreement: 'telco-retail-2026', position: 0, days: [], periods: [] },
    {
      plan: given.plan,
      lastDay: '2026-12-31',
      agreements: [version],
      decisions: [],
      roomAccounts: new Set([ROOM]),
      bucketOwners: new Map(),
      now: '2026-03-01T10:00:00Z',
    },
  );
  return reports.map(({ breach, party, leg }) => [breach, party, leg].join(' '));
}

const FOUND = [`resharing retail ${USAGE}`];
const stranger = { dataLakePrincipalIdentifier: STRANGER };
const own = { dataLakePrincipalIdentifier: `arn:aws:iam::${OWN}:role/Analyst` };
const table = { databaseName: LINK, name: 'telco_retail_usage' };
const policyFor = (principal: Json, rest: { readonly [name: string]: Json } = {}) => ({
  bucketName: BUCKET,
  bucketPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: '*', ...rest }],
  },
});
const lake = (principal: Json, resource: Json) => ({ principal, resource, permissions: ['SELECT'] });
const replicateTo = (destination: Json) => ({
  bucketName: BUCKET,
  ReplicationConfiguration: { Role: `arn:aws:iam::${OWN}:role/r`, Rule: [{ Destination: destination }] },
});
const importOf = (bucket: string) => ({
  Type: 'IMPORT_ASSETS_FROM_S3',
  Details: { ImportAssetsFromS3: { AssetSources: [{ Bucket: bucket, Key: 'a' }], DataSetId: '77', RevisionId: 'r' } },
});

test.each<[string, Omit<Call, 'plan'>]>([
  ['the linked table', { call: 'lakeformation GrantPermissions', request: lake(stranger, { table }) }],
  [
    'the room’s table',
    { call: 'lakeformation GrantPermissions', request: lake(stranger, { table: { ...table, catalogId: ROOM } }) },
  ],
  [
    'some columns of it',
    {
      call: 'lakeformation GrantPermissions',
      request: lake(stranger, { tableWithColumns: { ...table, columnNames: ['cell'] } }),
    },
  ],
  [
    'all tables',
    {
      call: 'lakeformation GrantPermissions',
      request: lake(stranger, { table: { catalogId: OWN, databaseName: LINK, tableWildcard: {} } }),
    },
  ],
  ['the database', { call: 'lakeformation GrantPermissions', request: lake(stranger, { database: { name: LINK } }) }],
  [
    'a filter of it',
    {
      call: 'lakeformation GrantPermissions',
      request: lake(stranger, {
        dataCellsFilter: { tableCatalogId: ROOM, databaseName: LINK, tableName: table.name, name: 'f' },
      }),
    },
  ],
  [
    'it, to all of an account, among others',
    {
      call: 'lakeformation BatchGrantPermissions',
      request: {
        entries: [
          { id: '1', ...lake(own, { table }) },
          { id: '2', ...lake({ dataLakePrincipalIdentifier: `${STRANGER}:IAMPrincipals` }, { table }) },
        ],
      },
    },
  ],
  [
    'it by a share, to itself first',
    {
      call: 'ram CreateResourceShare',
      request: {
        name: 'x',
        resourceArns: [
          `arn:aws:glue:${REGION}:${OWN}:catalog`,
          `arn:aws:glue:${REGION}:${OWN}:table/${LINK}/telco_retail_usage`,
        ],
        principals: [OWN, STRANGER],
      },
    },
  ],
  [
    'the database by a share that is there',
    {
      call: 'ram AssociateResourceShare',
      request: {
        resourceShareArn: `arn:aws:ram:${REGION}:${OWN}:resource-share/1`,
        resourceArns: [`arn:aws:glue:${REGION}:${OWN}:database/${LINK}`],
        principals: [STRANGER],
      },
    },
  ],
])('a party that lets a stranger query %s', (_, given) => {
  expect(findIn({ plan: SHARED, ...given })).toEqual(FOUND);
});

test.each<[string, Omit<Call, 'plan'>]>([
  ['lets a stranger into its bucket', { call: 's3 PutBucketPolicy', request: policyFor({ AWS: STRANGER }) }],
  ['lets everybody into it', { call: 's3 PutBucketPolicy', request: policyFor('*') }],
  ['opens it by its ACL', { call: 's3 PutBucketAcl', request: { bucketName: BUCKET, 'x-amz-acl': ['public-read'] } }],
  [
    'has it copied to a stranger',
    { call: 's3 PutBucketReplication', request: replicateTo({ Account: STRANGER, Bucket: 'arn:aws:s3:::theirs' }) },
  ],
  ['imports from it into a data set of its own', { call: 'dataexchange CreateJob', request: importOf(BUCKET) }],
  [
    'gives access to it by a data set of its own',
    {
      call: 'dataexchange CreateJob',
      request: {
        Type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
        Details: {
          CreateS3DataAccessFromS3Bucket: { AssetSource: { Bucket: BUCKET }, DataSetId: '77', RevisionId: 'r' },
        },
      },
    },
  ],
  [
    'grants the data set on',
    {
      call: 'dataexchange CreateDataGrant',
      request: { Name: 'x', GrantDistributionScope: 'NONE', ReceiverPrincipal: STRANGER, SourceDataSetId: ENTITLED },
    },
  ],
])('a party that %s', (_, given) => {
  expect(findIn({ plan: EXPORTED, ...given })).toEqual(FOUND);
});

test.each<[string, Call, readonly string[] | undefined]>([
  [
    'a grant to its own people',
    { plan: SHARED, call: 'lakeformation GrantPermissions', request: lake(own, { table }) },
    [],
  ],
  [
    'a grant that AWS refused',
    {
      plan: SHARED,
      call: 'lakeformation GrantPermissions',
      request: lake(stranger, { table }),
      error: 'AccessDeniedException',
    },
    [],
  ],
  ['a policy for its own role', { plan: EXPORTED, call: 's3 PutBucketPolicy', request: policyFor({ AWS: OWN }) }, []],
  [
    'a copy in its own account',
    { plan: EXPORTED, call: 's3 PutBucketReplication', request: replicateTo({ Bucket: 'arn:aws:s3:::ours' }) },
    [],
  ],
  [
    'a grant on what is its own is not even told',
    {
      plan: SHARED,
      call: 'lakeformation GrantPermissions',
      request: lake(stranger, { table: { databaseName: 'sales', name: 'orders' } }),
    },
    undefined,
  ],
  [
    'a policy of another bucket is not even told',
    { plan: EXPORTED, call: 's3 PutBucketPolicy', request: { ...policyFor('*'), bucketName: 'other' } },
    undefined,
  ],
  [
    'an import from another bucket is not even told',
    { plan: EXPORTED, call: 'dataexchange CreateJob', request: importOf('other') },
    undefined,
  ],
])('%s is no breach', (_, given, expected) => {
  expect(findIn(given)).toEqual(expected);
});

test('what opens the bucket of several legs is one breach, at the first of them', () => {
  expect(findIn({ plan: EXPORTED_TWICE, call: 's3 PutBucketPolicy', request: policyFor('*') })).toEqual(FOUND);
});
