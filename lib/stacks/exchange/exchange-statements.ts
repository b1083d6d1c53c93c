import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ROUND_COLUMN } from '../../domain/room/catalogue';
import { INBOX } from '../../domain/room/inbox-prefix';
import { AGREEMENT_STACK, namePartnerBus, PARTY_ROLE, WAREHOUSE_ROLE } from '../../domain/room/room-names';
import { KEY_TAG, LEG_KEY } from '../agreement/leg-key';
import { allow } from '../shared/allow';
import { allowTelling } from '../shared/allow-telling';

interface ExchangeParts {
  readonly lake: IBucket;
  readonly key: IKey;
  readonly noticeKey: IKey;
  readonly bus: IEventBus;
  readonly workflow: IStateMachine;
  readonly peers?: PeerRooms;
  /** Ids of the products that agreements name. */
  readonly products: readonly string[];
}

/** What `reconcile-entitlements` needs besides: the policy that allows nothing. */
interface EntitlementParts extends ExchangeParts {
  readonly nothing: IManagedPolicy;
}

/** What a peer's room needs to speak to the others. */
export interface PeerRooms {
  readonly signingKey: IKey;
  /** Of the other parties: 12 digits each. */
  readonly accounts: readonly string[];
}

/** What `publish-round` may do: fill, finalise and revoke revisions; resume the workflows that wait; tell the room. */
export function allowPublication(
  scope: Construct,
  { lake, key, bus, workflow, peers }: ExchangeParts,
): PolicyStatement[] {
  const at = exchangeArns(scope);
  const job = { StringEquals: { 'dataexchange:JobType': 'IMPORT_ASSETS_FROM_S3' } };
  return [
    allow(['dataexchange:CreateRevision', 'dataexchange:ListDataSetRevisions'], [at('data-sets/*')]),
    // Finalising publishes to the grants of the data set: Data Exchange asks for both.
    allow(
      [
        'dataexchange:ListRevisionAssets',
        'dataexchange:UpdateRevision',
        'dataexchange:RevokeRevision',
        // Of one that nobody was shown: what was begun for a release that does not go out.
        'dataexchange:DeleteRevision',
      ],
      [at('data-sets/*/revisions/*')],
    ),
    allow(['dataexchange:PublishToDataGrant', 'dataexchange:CreateAsset'], [at('data-sets/*')]),
    allow(['dataexchange:CreateJob', 'dataexchange:StartJob', 'dataexchange:GetJob'], [at('jobs/*')], job),
    allow(['dataexchange:CancelJob'], [at('jobs/*')]),
    allow(['dataexchange:ListJobs'], ['*']),
    ...allowReading(scope, lake, key, '*'),
    allow(['s3:PutObject'], [lake.arnForObjects(`*/${ROUND_COLUMN}=*`)]),
    allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], [workflow.stateMachineArn]),
    allowTelling(bus),
    ...(peers === undefined ? [] : allowSpeaking(scope, peers)),
  ];
}

/** What `reconcile-entitlements` may do: give and take grants, show and hide rounds, fill inboxes. */
export function allowEntitlements(
  scope: Construct,
  { lake, key, noticeKey, products, nothing, peers }: EntitlementParts,
): PolicyStatement[] {
  const at = exchangeArns(scope);
  const { account, partition, region } = Stack.of(scope);
  const inboxes = `*/${INBOX}*`;
  const glue = (resource: string) => `arn:${partition}:glue:${region}:${account}:${resource}`;
  return [
    allow(['dataexchange:ListDataGrants'], ['*']),
    allow(['dataexchange:CreateDataGrant', 'dataexchange:DeleteDataGrant'], [at('data-grants/*')]),
    allow(['dataexchange:ListDataSetRevisions', 'dataexchange:PublishToDataGrant'], [at('data-sets/*')]),
    allow(['dataexchange:RevokeRevision'], [at('data-sets/*/revisions/*')]),
    allow(
      [
        'lakeformation:ListPermissions',
        'lakeformation:BatchGrantPermissions',
        'lakeformation:BatchRevokePermissions',
        'lakeformation:GetDataCellsFilter',
        'lakeformation:UpdateDataCellsFilter',
      ],
      ['*'],
    ),
    allow(['glue:GetTable', 'glue:BatchCreatePartition'], [glue('catalog'), glue('database/*'), glue('table/*')]),
    // Lake Formation shares with another account by RAM, in the name of whoever grants.
    allow(['ram:CreateResourceShare'], ['*'], {
      StringLikeIfExists: { 'ram:RequestedResourceType': ['glue:Table', 'glue:Database', 'glue:Catalog'] },
    }),
    allow(
      [
        'ram:AssociateResourceShare',
        'ram:DeleteResourceShare',
        'ram:DisassociateResourceShare',
        'ram:GetResourceShares',
        'ram:UpdateResourceShare',
      ],
      ['*'],
      { StringLike: { 'ram:ResourceShareName': 'LakeFormation*' } },
    ),
    allow(
      ['glue:PutResourcePolicy', 'glue:DeleteResourcePolicy'],
      [glue('catalog'), glue('database/*'), glue('table/*')],
    ),
    allow(['kms:DescribeKey', 'kms:ScheduleKeyDeletion'], [`arn:${partition}:kms:${region}:${account}:key/*`], {
      StringEquals: { [`aws:ResourceTag/${KEY_TAG}`]: LEG_KEY },
    }),
    allow(['dataexchange:SendDataSetNotification'], [at('data-sets/*')]),
    ...(products.length === 0 ? [] : allowProducts(scope, products)),
    ...(peers === undefined ? [] : allowSeeing(scope)),
    // Of every agreement's own topic: CloudFormation names it after the agreement's stack.
    allow(['sns:Publish'], [`arn:${partition}:sns:${region}:${account}:${LETTERS}`]),
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], [noticeKey.keyArn], {
      StringEquals: { 'kms:ViaService': `sns.${region}.amazonaws.com` },
    }),
    ...allowReading(scope, lake, key, '*'),
    ...allowClosing(scope, nothing),
    // Where versions are kept, what is deleted is only hidden; and that in inboxes alone.
    allow(['s3:PutObject', 's3:DeleteObject'], [lake.arnForObjects(inboxes)]),
  ];
}

/** To see what other peers' rooms have granted to this account. What is granted is not its own: IAM names it without an account. */
function allowSeeing(scope: Construct): PolicyStatement[] {
  const entitled = Stack.of(scope).formatArn({ service: 'dataexchange', account: '', resource: 'data-sets/*' });
  return [
    allow(['dataexchange:ListReceivedDataGrants'], ['*']),
    allow(['dataexchange:ListDataSetRevisions'], [entitled]),
  ];
}

/**
 * To close the roles that outsiders assume, and to open them again: by this one boundary, which allows nothing, so that no role
 * can be given more than its stack gave it.
 */
function allowClosing(scope: Construct, nothing: IManagedPolicy): PolicyStatement[] {
  const { account, partition } = Stack.of(scope);
  const roles = OUTSIDERS.map((names) => `arn:${partition}:iam::${account}:role/${names}`);
  return [
    allow(['iam:GetRole'], roles),
    allow(['iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary'], roles, {
      StringEquals: { 'iam:PermissionsBoundary': nothing.managedPolicyArn },
    }),
  ];
}

const OUTSIDERS = [`${PARTY_ROLE}*`, `${WAREHOUSE_ROLE}*`] as const;

/** To add data sets to these products, and to no other (AWS Data Exchange user guide, "Add data sets"). */
function allowProducts(scope: Construct, products: readonly string[]): PolicyStatement[] {
  const { account, partition } = Stack.of(scope);
  const entity = (name: string) => `arn:${partition}:aws-marketplace:us-east-1:${account}:AWSMarketplace/${name}`;
  return [
    allow(
      ['aws-marketplace:StartChangeSet'],
      [...products.map((id) => entity(`DataProduct/${id}`)), entity('ChangeSet/*')],
      { StringEquals: { 'catalog:ChangeType': 'AddDataSets' } },
    ),
    allow(['aws-marketplace:DescribeChangeSet'], [entity('ChangeSet/*')]),
    allow(['aws-marketplace:ListChangeSets'], ['*']),
    allow(['dataexchange:PublishDataSet'], [exchangeArns(scope)('data-sets/*')]),
  ];
}

/** On the buses of the other parties' accounts that agreements have, and no other. */
function allowSpeaking(scope: Construct, { signingKey, accounts }: PeerRooms): PolicyStatement[] {
  return [
    allow(['kms:GetPublicKey', 'kms:Sign'], [signingKey.keyArn]),
    ...(accounts.length === 0
      ? []
      : [
          allow(
            ['events:PutEvents'],
            accounts.map((account) => `${busesOf(scope, account)}${namePartnerBus('*')}`),
          ),
        ]),
  ];
}

/** How the ARNs of an account's buses begin: other rooms stand in the region of this one. */
export function busesOf(scope: Construct, account: string): string {
  return Stack.of(scope).formatArn({ service: 'events', account, resource: 'event-bus', resourceName: '' });
}

function allowReading(scope: Construct, lake: IBucket, key: IKey, objects: string): PolicyStatement[] {
  return [
    allow(['s3:GetObject'], [lake.arnForObjects(objects)]),
    allow(['s3:ListBucket'], [lake.bucketArn]),
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn], {
      StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com` },
    }),
  ];
}

const LETTERS = `${AGREEMENT_STACK}*`;

/** Endings of the resources above, for their acknowledgement. */
export const EXCHANGE_WILDCARDS = [
  '*',
  ':data-sets/*',
  ':data-sets/*/revisions/*',
  ':jobs/*',
  '/ChangeSet/*',
  ':data-grants/*',
  ':database/*',
  ':table/*',
  ':key/*',
  '/*',
  `:event-bus/${namePartnerBus('*')}`,
  `/*/${INBOX}*`,
  `/*/${ROUND_COLUMN}=*`,
  `:${LETTERS}`,
  ...OUTSIDERS.map((names) => `:role/${names}`),
] as const;

function exchangeArns(scope: Construct) {
  return (resource: string) => Stack.of(scope).formatArn({ service: 'dataexchange', resource });
}
