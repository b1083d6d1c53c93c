import { judgeChange } from '../../../lib/domain/audit/judge-change';
import { isInternal } from '../../../lib/domain/audit/records/glance-at-record';
import { type Change, collect, makeChange, PARTNER, ROOM } from './scenario';

const AT = '2026-03-01T09:05:00Z';
const ADMIN = 'Administrator';
const REGISTRY = `arn:aws:dynamodb:eu-central-1:${ROOM}:table/BarterRoomEnforcement-Registry1F-2G`;
const CLOUDFORMATION = 'cloudformation.amazonaws.com';
const OURS = new Set([ROOM]);
const PARTIES = new Set([PARTNER]);
const STRANGER = '777788889999';

type Row = readonly [change: Omit<Change, 'at'>, expected: ReturnType<typeof judgeChange>];

const BY_HAND: readonly Row[] = [
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems', 'ExecuteStatement'].map(
    (call): Row => [{ call: `dynamodb ${call}`, role: ADMIN, table: REGISTRY }, 'record-changed'],
  ),
  // Where no table is told it may be the registry.
  [{ call: 'dynamodb ExecuteTransaction', role: ADMIN }, 'record-changed'],
  [{ call: 'dynamodb PutItem', role: ADMIN, request: { tableName: 'BarterRoomEnforcement-R' } }, 'record-changed'],
  // A name of the same beginning in another place than a role's.
  [{ call: 'dynamodb PutItem', role: `x/BarterRoomEnforcement-R`, table: REGISTRY }, 'record-changed'],
  [{ call: 'dynamodb PutItem', role: 'barter-party-a.b', table: REGISTRY }, 'record-changed'],
  ...[
    'dynamodb DeleteTable',
    'dynamodb RestoreTableToPointInTime',
    'dynamodb UpdateContinuousBackups',
    'lambda UpdateFunctionCode20150331v2',
    'lambda UpdateFunctionConfiguration20150331v2',
    'lambda AddPermission20150331v2',
    'lambda CreateFunction20150331',
    'lambda CreateEventSourceMapping20150331',
    'iam UpdateAssumeRolePolicy',
    'iam PutRolePolicy',
    'iam AttachRolePolicy',
    'iam TagRole',
    'iam CreateRole',
    'iam CreatePolicyVersion',
    'glue CreateJob',
    'glue UpdateJob',
    'glue StartJobRun',
    'states UpdateStateMachine',
    'kms PutKeyPolicy',
    'kms ScheduleKeyDeletion',
    's3 PutBucketPolicy',
    's3 PutBucketReplication',
    'events PutTargets',
    'events DisableRule',
  ].map((call): Row => [{ call, role: ADMIN }, 'room-changed']),
  [{ call: 'cloudformation UpdateStack', role: ADMIN, request: { stackName: 'Other' } }, 'room-changed'],
  [{ call: 'cloudformation UpdateStack', role: ADMIN, request: { stackName: 'BarterRoomLake' } }, 'room-deployed'],
  [
    {
      call: 'cloudformation ExecuteChangeSet',
      role: ADMIN,
      request: { stackName: `arn:aws:cloudformation:eu-central-1:${ROOM}:stack/BarterAgreement-a/1` },
    },
    'room-deployed',
  ],
];

const OF_NO_CONCERN: readonly Row[] = [
  [{ call: 'dynamodb PutItem', role: 'BarterRoomEnforcement-DecideRole7A', table: REGISTRY }, undefined],
  [{ call: 'dynamodb UpdateItem', role: 'BarterAgreement-a-RegisterRole7A', table: REGISTRY }, undefined],
  [
    { call: 'dynamodb PutItem', role: ADMIN, table: `arn:aws:dynamodb:eu-central-1:${ROOM}:table/Inventory` },
    undefined,
  ],
  [{ call: 'glue StartJobRun', role: 'BarterRoomAnonymisation-WorkflowRole1B' }, undefined],
  [{ call: 'kms ScheduleKeyDeletion', role: 'BarterRoomExchange-ReconcileRole1B' }, undefined],
  [{ call: 'iam PutRolePolicy', role: 'cdk-exec', invokedBy: CLOUDFORMATION }, undefined],
  [{ call: 'iam PutRolePolicy', role: ADMIN, recordedBy: PARTNER }, undefined],
];

it.each([...BY_HAND, ...OF_NO_CONCERN])('%j is %s', (change, expected) => {
  const [access] = collect([makeChange({ ...change, at: AT })]);
  expect(access?.act).toBe('change');
  expect(access && judgeChange(access, OURS, PARTIES)).toBe(expected);
  // What nobody has to look at is counted and not kept.
  expect(access && isInternal(access, OURS)).toBe(expected === undefined && change.role !== 'barter-party-a.b');
});

const policyFor = (principal: unknown, more: object = {}) => ({
  Statement: [
    { Effect: 'Deny', Principal: '*' },
    { Effect: 'Allow', Principal: principal, ...more },
  ],
});
const lake = (account: string) => ({ principal: { dataLakePrincipalIdentifier: account } });

it.each<Row>([
  ...[
    { call: 'dataexchange CreateDataGrant', request: { receiverPrincipal: STRANGER } },
    { call: 'ram CreateResourceShare', request: { principals: [PARTNER, STRANGER] } },
    { call: 'ram AssociateResourceShare', request: { principals: [`arn:aws:iam::${STRANGER}:role/a`] } },
    { call: 'lakeformation GrantPermissions', request: lake(STRANGER) },
    { call: 'lakeformation BatchGrantPermissions', request: { entries: [lake(ROOM), lake(STRANGER)] } },
    {
      call: 'lakeformation PutDataLakeSettings',
      request: {
        dataLakeSettings: { dataLakeAdmins: [{ dataLakePrincipalIdentifier: `arn:aws:iam::${STRANGER}:user/m` }] },
      },
    },
    { call: 'kms CreateGrant', request: { granteePrincipal: `arn:aws:iam::${STRANGER}:root` } },
    { call: 'kms PutKeyPolicy', request: { policy: JSON.stringify(policyFor({ AWS: STRANGER })) } },
    { call: 's3 PutObjectAcl', request: { 'x-amz-acl': ['public-read'] } },
    { call: 's3 PutBucketPolicy', request: { bucketPolicy: policyFor('*') } },
    {
      call: 'iam UpdateAssumeRolePolicy',
      request: {
        policyDocument: encodeURIComponent(JSON.stringify(policyFor({ AWS: [`arn:aws:iam::${STRANGER}:root`] }))),
      },
    },
    { call: 'lambda AddPermission20150331v2', request: { principal: STRANGER } },
    // What another service does with it is to whom it was let in.
    { call: 'kms CreateGrant', request: { granteePrincipal: STRANGER }, invokedBy: 'rds.amazonaws.com' },
  ].map((each): Row => [{ role: ADMIN, ...each }, 'granted-to-stranger']),
  ...[
    { call: 'dataexchange CreateDataGrant', request: { receiverPrincipal: PARTNER } },
    { call: 'lakeformation GrantPermissions', request: lake(`arn:aws:iam::${ROOM}:role/x`) },
    { call: 'lakeformation PutDataLakeSettings', request: { dataLakeSettings: { dataLakeAdmins: [] } } },
    { call: 's3 PutObjectAcl' },
    { call: 's3 PutBucketPolicy', request: { bucketPolicy: policyFor('*', { Condition: { StringEquals: {} } }) } },
    { call: 'transfer CreateUser', request: { userName: 'mallory' } },
    { call: 'kms RevokeGrant' },
  ].map((each): Row => [{ role: ADMIN, ...each }, 'room-changed']),
  ...[
    {
      call: 'dataexchange CreateDataGrant',
      role: 'BarterRoomExchange-ReconcileRole1B',
      request: { receiverPrincipal: PARTNER },
    },
    { call: 'kms CreateGrant', invokedBy: 'dynamodb.amazonaws.com', request: { granteePrincipal: ROOM } },
    { call: 's3 PutBucketPolicy', invokedBy: CLOUDFORMATION, request: { bucketPolicy: policyFor('*') } },
    { call: 'dataexchange AcceptDataGrant' },
    { call: 'aws-marketplace Subscribe' },
    // Who takes names who granted, at times: that lets nobody in.
    { call: 'dataexchange AcceptDataGrant', request: { senderPrincipal: STRANGER } },
    { call: 'ram AcceptResourceShareInvitation', request: { principals: [STRANGER] } },
    { call: 'aws-marketplace Subscribe', request: { principal: STRANGER } },
    { call: 'ram CreateResourceShare', recordedBy: PARTNER, request: { principals: [STRANGER] } },
  ].map((each): Row => [{ role: ADMIN, ...each }, undefined]),
])('of grants, %j is %s', (change, expected) => {
  const [access] = collect([makeChange({ ...change, at: AT })]);
  expect(access && judgeChange(access, OURS, PARTIES)).toBe(expected);
  // What is judged is kept: it is not only counted.
  expect(access && expected !== undefined && isInternal(access, OURS)).toBe(false);
});

it('tells which record was written', () => {
  const key = { pk: 'decisions#a', sk: 'decision#2026-01-01T00:00:00Z#forged' };
  const writes = [
    makeChange({ call: 'dynamodb PutItem', at: AT, role: ADMIN, table: REGISTRY, request: { key } }),
    makeChange({
      call: 'dynamodb TransactWriteItems',
      at: AT,
      role: ADMIN,
      table: REGISTRY,
      request: { requestItems: [{ operation: 'Put', key: { pk: { S: key.pk }, sk: { S: key.sk } } }] },
    }),
  ];
  for (const { resource } of collect(writes))
    expect(resource).toEqual({ kind: 'other', id: `${REGISTRY} ${key.pk} ${key.sk}` });
});
