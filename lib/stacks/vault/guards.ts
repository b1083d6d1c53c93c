import type { Act } from '../../domain/audit/access';
import { listOperations } from '../../domain/audit/records/operations';
import type { CallAlertProps } from './call-alert';

/** What nobody but the room's own functions changes. */
const CHANGED: readonly { readonly id: string; readonly service: string; readonly what: string; readonly act?: Act }[] =
  [
    { id: 'CodeGuard', service: 'lambda', what: 'a function or who may call it' },
    // IAM is told of in us-east-1 alone: elsewhere the report tells of it.
    { id: 'RoleGuard', service: 'iam', what: 'a role, a user or what they may do' },
    { id: 'JobGuard', service: 'glue', what: 'a job, or was started,' },
    { id: 'CatalogueGuard', service: 'glue', what: 'a table of the catalogue', act: 'write' },
    { id: 'RevisionGuard', service: 'dataexchange', what: 'a revision of a data set', act: 'publish' },
    { id: 'WorkflowGuard', service: 'states', what: 'a workflow' },
    { id: 'RecordGuard', service: 'dynamodb', what: 'the record, or its table,' },
    { id: 'DeploymentGuard', service: 'cloudformation', what: 'a stack' },
  ];

/** Keys, rules and topics are not named: those of the agreements come and go, and an alert too many is the smaller harm. */
export const GUARDS: readonly (Omit<CallAlertProps, 'teller'> & { readonly id: string })[] = [
  {
    id: 'TrailGuard',
    message: 'a trail was stopped, deleted or changed',
    service: 'cloudtrail',
    calls: ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors'],
  },
  {
    id: 'KeyGuard',
    message: 'a key was disabled, is to be deleted, or may be used by others',
    service: 'kms',
    calls: ['ScheduleKeyDeletion', 'DisableKey', 'DisableKeyRotation', 'PutKeyPolicy'],
  },
  {
    id: 'RuleGuard',
    message: 'a rule that raises alerts was disabled, deleted or changed',
    service: 'events',
    // Putting a rule again can change what it listens to or disable it, and putting a target whom it tells.
    calls: ['DisableRule', 'DeleteRule', 'PutRule', 'PutTargets', 'RemoveTargets'],
  },
  {
    id: 'LogGuard',
    message: 'a log was deleted, is kept otherwise, or is written no more',
    service: 'logs',
    calls: listOperations('logs', 'change'),
  },
  {
    id: 'TopicGuard',
    message: 'a topic was deleted or changed, or whom it tells',
    service: 'sns',
    // A subscription's attributes have the filter by which it can be told nothing.
    calls: listOperations('sns', 'change'),
  },
  {
    id: 'QueueGuard',
    message: 'a queue was emptied, deleted or changed',
    service: 'sqs',
    calls: listOperations('sqs', 'change'),
  },
  ...CHANGED.map(({ id, service, what, act = 'change' }) => ({
    id,
    message: `${what} was changed, by none of the room's functions`,
    service,
    calls: listOperations(service, act).map((call) => (service === 'lambda' ? { prefix: call } : call)),
    byOthers: true,
  })),
  ...[
    { service: 'dataexchange', calls: ['CreateDataGrant'] },
    { service: 'ram', calls: ['CreateResourceShare', 'AssociateResourceShare'] },
    { service: 'lakeformation', calls: ['GrantPermissions', 'BatchGrantPermissions', 'PutDataLakeSettings'] },
    { service: 'kms', calls: ['CreateGrant'] },
    // Its trail records objects of the room's buckets alone.
    { service: 's3', calls: ['PutObjectAcl'] },
    { service: 'transfer', calls: ['CreateUser', 'UpdateUser', 'ImportSshPublicKey', 'CreateAccess', 'UpdateServer'] },
    { service: 'glue', calls: ['PutResourcePolicy'] },
  ].map(({ service, calls }) => ({
    id: `GrantGuard${service}`,
    message: "somebody was let in, by none of the room's functions",
    service,
    calls,
    byOthers: true,
  })),
];
