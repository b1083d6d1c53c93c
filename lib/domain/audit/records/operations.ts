import type { Act } from '../access';

/** What writes the items of a table. */
export const ITEM_WRITES: ReadonlySet<string> = new Set(
  'PutItem UpdateItem DeleteItem BatchWriteItem TransactWriteItems ExecuteStatement BatchExecuteStatement ExecuteTransaction'.split(
    ' ',
  ),
);

/** Permits by which somebody takes what others granted, or subscribes: by these nobody is let in. */
const TAKING: ReadonlySet<string> = new Set([
  'dataexchange AcceptDataGrant',
  'ram AcceptResourceShareInvitation',
  'ram RejectResourceShareInvitation',
  'aws-marketplace Subscribe',
  'aws-marketplace Unsubscribe',
  ...['CreateAgreementRequest', 'AcceptAgreementRequest', 'CancelAgreement', 'UpdatePurchaseOrders'].map(
    (call) => `agreement-marketplace ${call}`,
  ),
]);

export function isTaking(service: string, operation: string): boolean {
  return TAKING.has(`${service} ${operation}`);
}

/*
 * What the operations of the services that a room uses amount to. Not listed: unknown, and so counted and shown. Names
 * as in CloudTrail's `eventSource` (without domain) and `eventName`.
 */
const OPERATIONS: Readonly<Record<string, readonly (readonly [Act, string])[]>> = {
  s3: [
    ['read', 'GetObject SelectObjectContent GetObjectTorrent'],
    [
      'write',
      'PutObject CopyObject UploadPart UploadPartCopy CreateMultipartUpload CompleteMultipartUpload AbortMultipartUpload RestoreObject PutObjectTagging DeleteObjectTagging',
    ],
    ['delete', 'DeleteObject DeleteObjects'],
    ['list', 'ListObjects ListObjectsV2 ListObjectVersions ListMultipartUploads ListParts'],
    [
      'describe',
      'HeadObject HeadBucket GetObjectAcl GetObjectTagging GetObjectAttributes GetObjectRetention GetObjectLegalHold GetBucketLocation GetBucketPolicy GetBucketAcl GetBucketLogging GetBucketVersioning',
    ],
    ['permit', 'PutObjectAcl PutObjectRetention PutObjectLegalHold'],
    [
      'change',
      'PutBucketAcl PutBucketPolicy DeleteBucketPolicy PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutBucketOwnershipControls DeleteBucketOwnershipControls PutBucketReplication DeleteBucketReplication PutBucketVersioning PutBucketEncryption DeleteBucketEncryption PutBucketLifecycle DeleteBucketLifecycle PutBucketNotification PutObjectLockConfiguration CreateAccessPoint DeleteAccessPoint PutAccessPointPolicy DeleteAccessPointPolicy',
    ],
    ['logging', 'PutBucketLogging'],
  ],
  lakeformation: [
    [
      'vend',
      'GetDataAccess GetTemporaryGlueTableCredentials GetTemporaryGluePartitionCredentials GetTemporaryDataLocationCredentials AssumeDecoratedRoleWithSAML',
    ],
    [
      'permit',
      'GrantPermissions BatchGrantPermissions RevokePermissions BatchRevokePermissions PutDataLakeSettings RegisterResource UpdateResource DeregisterResource AddLFTagsToResource RemoveLFTagsFromResource CreateLFTag UpdateLFTag DeleteLFTag CreateDataCellsFilter UpdateDataCellsFilter DeleteDataCellsFilter CreateLakeFormationOptIn DeleteLakeFormationOptIn',
    ],
    [
      'describe',
      'GetDataLakeSettings ListPermissions GetEffectivePermissionsForPath GetResourceLFTags ListLFTags GetLFTag ListResources DescribeResource ListDataCellsFilter GetDataCellsFilter GetDataLakePrincipal',
    ],
  ],
  glue: [
    [
      'describe',
      'GetTable GetTables GetTableVersion GetTableVersions GetDatabase GetDatabases GetPartition GetPartitions BatchGetPartition GetPartitionIndexes SearchTables GetCatalog GetCatalogs GetUnfilteredTableMetadata GetUnfilteredPartitionMetadata GetUnfilteredPartitionsMetadata GetJobRun GetJobRuns GetResourcePolicy',
    ],
    [
      'write',
      'CreateTable UpdateTable DeleteTable BatchDeleteTable CreateDatabase UpdateDatabase DeleteDatabase CreatePartition BatchCreatePartition UpdatePartition DeletePartition BatchDeletePartition',
    ],
    ['permit', 'PutResourcePolicy DeleteResourcePolicy'],
    // A run can be given another script than the job's.
    [
      'change',
      'CreateJob UpdateJob DeleteJob UpdateJobFromSourceControl StartJobRun CreateSession RunStatement CreateDevEndpoint UpdateDevEndpoint CreateTrigger UpdateTrigger StartTrigger CreateSecurityConfiguration DeleteSecurityConfiguration PutDataCatalogEncryptionSettings',
    ],
    ['query', 'BatchStopJobRun'],
  ],
  athena: [
    ['query', 'StartQueryExecution StopQueryExecution CreatePreparedStatement'],
    ['read', 'GetQueryResults GetQueryResultsStream'],
    [
      'describe',
      'GetQueryExecution BatchGetQueryExecution GetQueryRuntimeStatistics ListQueryExecutions GetTableMetadata ListTableMetadata ListDatabases GetDatabase GetWorkGroup ListWorkGroups',
    ],
  ],
  kms: [
    ['decrypt', 'Decrypt'],
    [
      'key-use',
      'Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncrypt ReEncryptFrom ReEncryptTo Sign Verify GenerateMac VerifyMac',
    ],
    ['permit', 'CreateGrant RevokeGrant RetireGrant DeleteKey'],
    [
      'change',
      'PutKeyPolicy DisableKey EnableKey DisableKeyRotation ScheduleKeyDeletion CancelKeyDeletion UpdateAlias DeleteAlias',
    ],
    ['describe', 'DescribeKey GetPublicKey ListGrants ListRetirableGrants GetKeyPolicy GetKeyRotationStatus'],
  ],
  sts: [
    ['vend', 'AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot GetFederationToken GetSessionToken'],
    ['describe', 'GetCallerIdentity GetAccessKeyInfo DecodeAuthorizationMessage'],
  ],
  transfer: [
    [
      'permit',
      'CreateServer UpdateServer DeleteServer StartServer StopServer CreateUser UpdateUser DeleteUser ImportSshPublicKey DeleteSshPublicKey ImportHostKey UpdateHostKey DeleteHostKey CreateAccess UpdateAccess DeleteAccess',
    ],
    [
      'describe',
      'DescribeServer ListServers DescribeUser ListUsers DescribeAccess ListAccesses DescribeHostKey TestIdentityProvider',
    ],
  ],
  dataexchange: [
    [
      'permit',
      'CreateDataGrant AcceptDataGrant DeleteDataGrant CreateEventAction UpdateEventAction DeleteEventAction CreateDataSet UpdateDataSet DeleteDataSet',
    ],
    [
      'publish',
      'CreateRevision UpdateRevision RevokeRevision DeleteRevision UpdateAsset DeleteAsset SendDataSetNotification',
    ],
    ['export', 'CreateJob StartJob CancelJob'],
    ['read', 'SendApiAsset'],
    [
      'describe',
      'GetDataSet ListDataSets GetRevision ListDataSetRevisions ListRevisionAssets GetAsset GetJob ListJobs GetDataGrant ListDataGrants GetReceivedDataGrant ListReceivedDataGrants GetEventAction ListEventActions',
    ],
  ],
  'agreement-marketplace': [
    [
      'permit',
      'CreateAgreementRequest AcceptAgreementRequest CancelAgreementRequest CancelAgreement RejectAgreementApprovalRequest AcceptAgreementApprovalRequest UpdateAgreementApprovalRequest UpdatePurchaseOrders',
    ],
    [
      'describe',
      'DescribeAgreement GetAgreementTerms SearchAgreements GetAgreementRequest ListAgreementRequests GetAgreementApprovalRequest ListAgreementApprovalRequests',
    ],
  ],
  'aws-marketplace': [
    ['permit', 'Subscribe Unsubscribe StartChangeSet CancelChangeSet AcceptAgreementApprovalRequest'],
    ['describe', 'ViewSubscriptions DescribeChangeSet ListChangeSets DescribeEntity ListEntities'],
  ],
  ram: [
    [
      'permit',
      'CreateResourceShare UpdateResourceShare DeleteResourceShare AssociateResourceShare DisassociateResourceShare AcceptResourceShareInvitation RejectResourceShareInvitation AssociateResourceSharePermission DisassociateResourceSharePermission EnableSharingWithAwsOrganization',
    ],
    [
      'describe',
      'GetResourceShares GetResourceShareInvitations GetResourceShareAssociations ListResources ListPrincipals GetResourcePolicies ListPendingInvitationResources',
    ],
  ],
  lambda: [
    [
      'change',
      'CreateFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction PublishLayerVersion AddLayerVersionPermission AddPermission RemovePermission CreateAlias UpdateAlias CreateEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping CreateFunctionUrlConfig UpdateFunctionUrlConfig PutFunctionConcurrency PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig PutRuntimeManagementConfig PutFunctionCodeSigningConfig DeleteFunctionCodeSigningConfig',
    ],
  ],
  iam: [
    [
      'change',
      'CreateRole UpdateRole DeleteRole UpdateAssumeRolePolicy PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy PutRolePermissionsBoundary DeleteRolePermissionsBoundary TagRole UntagRole CreatePolicy CreatePolicyVersion SetDefaultPolicyVersion DeletePolicyVersion CreateUser TagUser PutUserPolicy AttachUserPolicy CreateAccessKey CreateLoginProfile UpdateLoginProfile AddUserToGroup PutGroupPolicy AttachGroupPolicy CreateSAMLProvider UpdateSAMLProvider CreateOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint AddClientIDToOpenIDConnectProvider CreateInstanceProfile AddRoleToInstanceProfile',
    ],
  ],
  states: [
    [
      'change',
      'CreateStateMachine UpdateStateMachine DeleteStateMachine CreateStateMachineAlias UpdateStateMachineAlias PublishStateMachineVersion RedriveExecution StopExecution',
    ],
  ],
  events: [
    [
      'change',
      'PutRule DeleteRule DisableRule EnableRule PutTargets RemoveTargets PutPermission RemovePermission CreateEventBus UpdateEventBus DeleteEventBus DeleteArchive UpdateArchive StartReplay',
    ],
  ],
  scheduler: [['change', 'CreateSchedule UpdateSchedule DeleteSchedule']],
  // Whom the room tells, what waits to be recorded, and what it logs.
  sns: [
    [
      'change',
      'AddPermission DeleteTopic RemovePermission SetSubscriptionAttributes SetTopicAttributes Subscribe Unsubscribe',
    ],
  ],
  sqs: [['change', 'AddPermission DeleteQueue PurgeQueue RemovePermission SetQueueAttributes']],
  logs: [
    [
      'change',
      'DeleteDelivery DeleteLogDelivery DeleteLogGroup DeleteLogStream DeleteRetentionPolicy DisassociateKmsKey PutRetentionPolicy',
    ],
  ],
  monitoring: [['change', 'DeleteAlarms DisableAlarmActions PutMetricAlarm SetAlarmState']],
  apigateway: [
    [
      'change',
      'CreateApi UpdateApi DeleteApi ImportApi ReimportApi CreateRoute UpdateRoute DeleteRoute CreateIntegration UpdateIntegration DeleteIntegration CreateAuthorizer UpdateAuthorizer DeleteAuthorizer CreateStage UpdateStage DeleteStage CreateDeployment',
    ],
  ],
  dynamodb: [
    [
      'change',
      'UpdateTable DeleteTable RestoreTableFromBackup RestoreTableToPointInTime UpdateContinuousBackups UpdateTimeToLive PutResourcePolicy DeleteResourcePolicy EnableKinesisStreamingDestination ExportTableToPointInTime ImportTable CreateGlobalTable UpdateGlobalTable',
    ],
    ['change', [...ITEM_WRITES].join(' ')],
  ],
  cloudformation: [
    [
      'change',
      'CreateStack UpdateStack DeleteStack ExecuteChangeSet RollbackStack ContinueUpdateRollback CreateStackInstances UpdateStackInstances UpdateStackSet',
    ],
  ],
  cloudtrail: [
    [
      'logging',
      'CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging PutEventSelectors PutInsightSelectors PutResourcePolicy DeleteResourcePolicy',
    ],
    [
      'describe',
      'DescribeTrails GetTrail GetTrailStatus GetEventSelectors GetInsightSelectors ListTrails ListPublicKeys ListTags LookupEvents',
    ],
  ],
};

/** What of a service amounts to an act, in names as `findAct` takes them, Lambda's without the version of its API. */
export function listOperations(service: string, act: Act): readonly string[] {
  return (OPERATIONS[service] ?? []).flatMap(([each, names]) => (each === act ? names.split(' ') : []));
}

const ACTS: ReadonlyMap<string, Act> = new Map(
  Object.entries(OPERATIONS).flatMap(([service, acts]) =>
    acts.flatMap(([act, names]) => names.split(' ').map((name) => [`${service} ${name}`, act] as const)),
  ),
);

/** Undefined for an operation that is not known. */
export function findAct(service: string, operation: string): Act | undefined {
  return ACTS.get(`${service} ${service === 'lambda' ? operation.replace(API_VERSION, '') : operation}`);
}

/** Lambda's calls are logged with the version of its API, e.g. `UpdateFunctionCode20150331v2`. */
const API_VERSION = /20\d{6}(?:v\d+)?$/;
