import { judgeChange } from '../../../lib/domain/audit/judge-change';
import { isInternal } from '../../../lib/domain/audit/records/glance-at-record';
import { readS3AccessLine } from '../../../lib/domain/audit/records/read-s3-access-line';
import { type Change, collect, makeChange, PARTNER, ROOM } from './scenario';

const AT = '2026-03-01T09:05:00Z';
const ADMIN = 'Administrator';
const REGISTRY = `arn:aws:dynamodb:eu-central-1:${ROOM}:table/BarterRoomEnforcement-Registry1F-2G`;
const CLOUDFORMATION = 'cloudformation.amazonaws.com';
const OURS = new Set([ROOM]);
const PARTIES = new Set([PARTNER]);
const STRANGER = '777788889999';
const AWS = { kind: 'aws-service', service: 'kms.amazonaws.com' } as const;

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
    'sqs PurgeQueue',
    'sns Unsubscribe',
    'logs DeleteLogGroup',
    'monitoring DisableAlarmActions',
    'apigateway UpdateRoute',
    'states StopExecution',
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
  // The same, where AWS does it for itself.
  expect(access && judgeChange({ ...access, actor: AWS }, OURS, PARTIES)).toBeUndefined();
  // What nobody has to look at is counted and not kept.
  expect(access && isInternal(access, OURS)).toBe(expected === undefined && change.role !== 'barter-party-a.b');
});

const policyFor = (principal: unknown, more: object = {}) => ({
  Statement: [
    { Effect: 'Deny', Principal: '*' },
    { Effect: 'Allow', Principal: principal, ...more },
  ],
});
const trusting = (account: string) => ({
  assumeRolePolicyDocument: encodeURIComponent(JSON.stringify(policyFor({ AWS: [`arn:aws:iam::${account}:root`] }))),
});
/** Conditions by which everybody is somebody whom the room knows, or an organisation or bucket that one names. */
const NARROWING = [
  { StringEquals: { 'aws:PrincipalAccount': ROOM } },
  { StringEquals: { 'aws:sourceaccount': [ROOM, PARTNER] }, Bool: { 'aws:SecureTransport': 'true' } },
  { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/r-ab12/*'] } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ROOM}:role/BarterRoom*` } },
  { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::bucket' } },
  { StringEquals: { 'kms:CallerAccount': ROOM } },
];
/** Those by which it stays everybody, or is a stranger. */
const LEAVES_STRANGERS = [
  {},
  { StringEquals: {} },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { DateGreaterThan: { 'aws:CurrentTime': '2000-01-01T00:00:00Z' } },
  { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
  { StringLike: { 'aws:PrincipalAccount': '*' } },
  { StringLike: { 'aws:PrincipalOrgID': '*' } },
  { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
  { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } },
  { StringEquals: { 'aws:PrincipalAccount': [ROOM, STRANGER] } },
  { StringLike: { 'aws:PrincipalAccount': [ROOM, '*'] } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:PrincipalAccount': STRANGER } },
  { StringNotEquals: { 'aws:PrincipalAccount': ROOM } },
  { StringEqualsIfExists: { 'aws:PrincipalAccount': ROOM } },
  { 'ForAllValues:StringEquals': { 'aws:PrincipalAccount': [ROOM] } },
  { StringEquals: { 'aws:PrincipalTag/team': 'room' } },
];
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
    { call: 'iam UpdateAssumeRolePolicy', request: trusting(STRANGER) },
    { call: 'iam CreateRole', request: { roleName: 'barter-warehouse-a.b', ...trusting(STRANGER) } },
    ...LEAVES_STRANGERS.flatMap((Condition) =>
      ['*', { AWS: '*' }].map((principal) => ({
        call: 's3 PutBucketPolicy',
        request: { bucketPolicy: policyFor(principal, { Condition }) },
      })),
    ),
    {
      call: 's3 PutBucketPolicy',
      request: { bucketPolicy: { Statement: [{ Effect: 'Allow', NotPrincipal: { AWS: ROOM } }] } },
    },
    // Somebody told CloudFormation to.
    { call: 's3 PutBucketPolicy', invokedBy: CLOUDFORMATION, request: { bucketPolicy: policyFor('*') } },
    { call: 'lakeformation GrantPermissions', invokedBy: CLOUDFORMATION, request: lake(STRANGER) },
    { call: 'iam CreateRole', invokedBy: CLOUDFORMATION, request: { roleName: 'Guest', ...trusting(STRANGER) } },
    // A seller lets a buyer in.
    { call: 'agreement-marketplace AcceptAgreementApprovalRequest', request: { principal: STRANGER } },
    { call: 'lambda AddPermission20150331v2', request: { principal: STRANGER } },
    // What another service does with it is to whom it was let in.
    { call: 'kms CreateGrant', request: { granteePrincipal: STRANGER }, invokedBy: 'rds.amazonaws.com' },
  ].map((each): Row => [{ role: ADMIN, ...each }, 'granted-to-stranger']),
  ...[
    { call: 'dataexchange CreateDataGrant', request: { receiverPrincipal: PARTNER } },
    { call: 'lakeformation GrantPermissions', request: lake(`arn:aws:iam::${ROOM}:role/x`) },
    { call: 'lakeformation PutDataLakeSettings', request: { dataLakeSettings: { dataLakeAdmins: [] } } },
    { call: 's3 PutObjectAcl' },
    ...NARROWING.map((Condition) => ({
      call: 's3 PutBucketPolicy',
      request: { bucketPolicy: policyFor({ AWS: '*' }, { Condition }) },
    })),
    { call: 'transfer CreateUser', request: { userName: 'mallory' } },
    {
      call: 'lakeformation GrantPermissions',
      request: lake(`arn:aws:iam::${PARTNER}:root`),
      invokedBy: 'states.amazonaws.com',
    },
    { call: 'ram CreateResourceShare', request: { principals: [PARTNER] }, invokedBy: 'scheduler.amazonaws.com' },
    { call: 'kms CreateGrant', request: { granteePrincipal: ROOM }, invokedBy: 'states.amazonaws.com' },
    { call: 'kms RevokeGrant' },
    { call: 'aws-marketplace StartChangeSet' },
    { call: 'agreement-marketplace AcceptAgreementApprovalRequest' },
  ].map((each): Row => [{ role: ADMIN, ...each }, 'room-changed']),
  ...[
    {
      call: 'dataexchange CreateDataGrant',
      role: 'BarterRoomExchange-ReconcileRole1B',
      request: { receiverPrincipal: PARTNER },
    },
    ...['dynamodb', 'lambda'].map((service) => ({
      call: 'kms CreateGrant',
      invokedBy: `${service}.amazonaws.com`,
      request: { granteePrincipal: ROOM },
    })),
    {
      call: 'ram CreateResourceShare',
      invokedBy: 'lakeformation.amazonaws.com',
      request: { principals: [PARTNER] },
    },
    // Who comes in by these is looked at then.
    ...['barter-warehouse-a.b', 'BarterRoomAudit-Auditor1B'].map((roleName) => ({
      call: 'iam CreateRole',
      invokedBy: CLOUDFORMATION,
      request: { roleName, ...trusting(STRANGER) },
    })),
    { call: 's3 PutBucketPolicy', invokedBy: CLOUDFORMATION, request: { bucketPolicy: policyFor({ AWS: PARTNER }) } },
    { call: 'dataexchange AcceptDataGrant' },
    { call: 'aws-marketplace Subscribe' },
    { call: 'agreement-marketplace AcceptAgreementRequest' },
    { call: 'aws-marketplace StartChangeSet', role: 'BarterRoomExchange-ReconcileRole1B' },
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

const DECIDE = 'BarterRoomEnforcement-DecideRole7A';
const role = (name: string) => ({ roleArn: `arn:aws:iam::${ROOM}:role/${name}` });
const ROOM_TAG = { key: 'barter-reads', value: 'raw' };
const tagged = (tags: object, call = 'sts AssumeRole') => ({
  call,
  role: ADMIN,
  request: { ...role('OwnAdmin'), ...tags },
});
const OF_THE_ROOM = { bucketName: 'barterroomlake-lake8a-1b2c', key: 'a/leg/round=2026-03-01/release.parquet' };
const DELIVERY = { bucketName: 'barterroomlake-landing8a-1b2c', key: 'a/customers/upload/march.csv' };
const ANSWER = { bucketName: 'barterroomlake-results8a-1b2c', key: 'audit/1.csv' };
const OF_TABLE = { databaseName: 'barter_a', tableInput: { name: 'leg' } };

it.each<Row>([
  // A person who is the room: what is done then looks like the room's own doing.
  [{ call: 'sts AssumeRole', role: ADMIN, request: role(DECIDE) }, 'room-changed'],
  [{ call: 'sts AssumeRole', role: ADMIN, request: role('BarterAgreement-evil') }, 'room-changed'],
  [{ call: 'sts AssumeRole', role: ADMIN, request: role('a/path/BarterAgreement-evil') }, 'room-changed'],
  [{ call: 'sts AssumeRole', role: DECIDE, request: role('BarterRoomIntake-LinkRole1B') }, undefined],
  [{ call: 'sts AssumeRole', role: ADMIN, request: role('BarterRoomAudit-Auditor1B-2C') }, undefined],
  [{ call: 'sts AssumeRole', role: ADMIN, request: role('barter-party-a.b') }, undefined],
  // Of any role: its session may pass for one that the room's buckets know.
  [tagged({ tags: [{ key: 'team', value: 'x' }, ROOM_TAG] }), 'room-changed'],
  [tagged({ tags: [{ ...ROOM_TAG, key: 'Barter-Reads' }] }), 'room-changed'],
  [tagged({ incomingTransitiveTags: { 'barter-publishes': 'releases' } }), 'room-changed'],
  [tagged({ principalTags: { 'barter-reads': 'raw' } }, 'sts AssumeRoleWithSAML'), 'room-changed'],
  [{ call: 'sts GetFederationToken', role: ADMIN, request: { name: 'x', tags: [ROOM_TAG] } }, 'room-changed'],
  [tagged({ tags: [{ key: 'team', value: 'barter-reads' }], principalTags: { team: 'x' } }), undefined],
  [tagged({}), undefined],
  [{ call: 's3 PutObject', role: ADMIN, request: OF_THE_ROOM }, 'room-changed'],
  [{ call: 's3 DeleteObject', role: ADMIN, request: OF_THE_ROOM }, 'room-changed'],
  [{ call: 's3 PutObject', role: 'BarterRoomAudit-Auditor1B', request: OF_THE_ROOM }, 'room-changed'],
  [{ call: 's3 PutObject', role: ADMIN, request: { ...OF_THE_ROOM, bucketName: 'other' } }, undefined],
  [{ call: 's3 PutObject', role: 'barter-party-a.b', request: OF_THE_ROOM }, undefined],
  [{ call: 's3 PutObject', role: 'BarterRoomAnonymisation-JobRole1B', request: OF_THE_ROOM }, undefined],
  // A service that does what somebody has it do, in a workflow or by a schedule of theirs.
  ...['states', 'scheduler', 's3', 'glue', 'ssm', 'lambda', 'athena', 'dynamodb', 'lakeformation'].map(
    (service): Row => [
      { call: 's3 PutObject', role: 'Mine', request: OF_THE_ROOM, invokedBy: `${service}.amazonaws.com` },
      'room-changed',
    ],
  ),
  [{ call: 's3 PutObject', role: ADMIN, request: OF_THE_ROOM, invokedBy: 'AWS Internal' }, 'room-changed'],
  [{ call: 's3 PutObject', role: ADMIN, request: ANSWER, invokedBy: 'athena.amazonaws.com' }, undefined],
  [{ call: 's3 PutObject', role: ADMIN, request: ANSWER, invokedBy: 'states.amazonaws.com' }, 'room-changed'],
  [{ call: 's3 PutObject', role: ADMIN, request: OF_THE_ROOM, invokedBy: CLOUDFORMATION }, undefined],
  ...['states', 'athena'].flatMap((service): readonly Row[] => [
    [
      { call: 'glue UpdateTable', role: 'Mine', request: OF_TABLE, invokedBy: `${service}.amazonaws.com` },
      'room-changed',
    ],
    [
      {
        call: 'dataexchange CreateRevision',
        role: 'Mine',
        request: { DataSetId: 'd' },
        invokedBy: `${service}.amazonaws.com`,
      },
      'room-changed',
    ],
  ]),
  [{ call: 's3 GetObject', role: ADMIN, request: OF_THE_ROOM }, undefined],
  [{ call: 's3 GetObject', role: ADMIN, request: DELIVERY }, 'deliveries-read'],
  [{ call: 's3 SelectObjectContent', role: ADMIN, request: DELIVERY }, 'deliveries-read'],
  [{ call: 's3 GetObject', role: ADMIN, request: DELIVERY, invokedBy: 'athena.amazonaws.com' }, 'deliveries-read'],
  [{ call: 's3 GetObject', role: 'BarterRoomAudit-Auditor1B', request: DELIVERY }, 'deliveries-read'],
  [{ call: 's3 GetObject', role: 'BarterRoomAnonymisation-JobRole1B', request: DELIVERY }, undefined],
  // What a party does there is judged by its part in the leg.
  [{ call: 's3 GetObject', role: 'barter-party-a.b', request: DELIVERY }, undefined],
  [{ call: 'glue UpdateTable', role: ADMIN, request: OF_TABLE }, 'room-changed'],
  [{ call: 'glue UpdateTable', role: ADMIN, request: OF_TABLE, invokedBy: CLOUDFORMATION }, undefined],
  [{ call: 'dataexchange CreateRevision', role: ADMIN, request: { DataSetId: 'd' } }, 'room-changed'],
  [{ call: 'dataexchange CreateRevision', role: 'BarterRoomExchange-PublishRole1B' }, undefined],
])('of roles and data, %j is %s', (change, expected) => {
  const [access] = collect([makeChange({ ...change, at: AT })]);
  expect(access && judgeChange(access, OURS, PARTIES)).toBe(expected);
  expect(access && expected !== undefined && isInternal(access, OURS)).toBe(false);
});

it('tells of the room’s own people who copied a delivery by S3’s own log, where CloudTrail has the copy alone', () => {
  const line = (operation: string, who: string) =>
    `OWNER ${DELIVERY.bucketName} [02/Mar/2026:09:00:00 +0000] 203.0.113.9 arn:aws:sts::${ROOM}:assumed-role/${who}/a 3E57427F3EXAMPLE ${operation} ${DELIVERY.key} "GET /x HTTP/1.1" 200 - 100 100 7 - "-" "S3Console/0.4" -`;
  const judged = [
    line('REST.COPY.OBJECT_GET', ADMIN),
    line('REST.COPY.OBJECT_GET', 'BarterRoomAnonymisation-JobRole1B'),
    line('REST.HEAD.OBJECT', ADMIN),
  ].map((each) => {
    const reading = readS3AccessLine(each);
    if (reading.kind !== 'access') throw new Error(`${each} was not read.`);
    return [judgeChange(reading.access, OURS, PARTIES), isInternal(reading.access, OURS)];
  });
  expect(judged).toEqual([
    ['deliveries-read', false],
    [undefined, true],
    [undefined, true],
  ]);
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
