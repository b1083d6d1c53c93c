import { Stack, Validations } from 'aws-cdk-lib';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { ESCROW } from '../../domain/room/escrow-prefix';
import { QUARANTINE } from '../../domain/room/landing-prefix';
import { WORK } from '../../domain/room/workflow-run';
import { markRawReader } from '../lake/raw-readers';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allow } from '../shared/allow';

interface JobRoleProps {
  readonly key: IKey;
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly scripts: readonly Asset[];
}

/**
 * What the Glue jobs run as: of all roles of the room the one that reads raw rows. It writes beside them (work,
 * quarantine) and treated rows to the lake's escrow; it deletes nothing, and reaches no bucket of anybody else.
 */
export class JobRole extends Role {
  constructor(scope: Construct, id: string, { key, landing, lake, scripts }: JobRoleProps) {
    const { account, region } = Stack.of(scope);
    super(scope, id, {
      description: 'Barter room: cleans and treats deliveries',
      assumedBy: new ServicePrincipal('glue.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    markRawReader(this);
    const written = [
      landing.arnForObjects(`${WORK}*`),
      landing.arnForObjects(`${QUARANTINE}*`),
      lake.arnForObjects(`${ESCROW}*`),
    ];
    const logs = Stack.of(scope).formatArn({ service: 'logs', resource: 'log-group:/aws-glue/jobs/*' });
    const work = new Policy(this, 'Work', {
      roles: [this],
      statements: [
        allow(['s3:GetObject'], [landing.arnForObjects('*'), lake.arnForObjects(`${ESCROW}*`)]),
        allow(['s3:ListBucket'], [landing.bucketArn, lake.bucketArn]),
        allow(['s3:AbortMultipartUpload', 's3:PutObject'], written),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn], {
          StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
        }),
        allow(
          ['s3:GetObject'],
          scripts.map(({ bucket, s3ObjectKey }) => bucket.arnForObjects(s3ObjectKey)),
        ),
      ],
    });
    acknowledgeWildcards(
      work,
      ['/*', `/${WORK}*`, `/${QUARANTINE}*`, `/${ESCROW}*`],
      'It stands for names that deliveries, runs and releases bring: agreements come and go without this role.',
    );
    const tell = new Policy(this, 'Tell', {
      roles: [this],
      statements: [
        allow(['logs:AssociateKmsKey', 'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], [logs]),
        allow(['cloudwatch:PutMetricData'], ['*'], { StringEquals: { 'cloudwatch:namespace': 'Glue' } }),
      ],
    });
    const byGlue = 'Glue names its log groups itself, after the security configuration.';
    acknowledgeWildcards(tell, ['log-group:/aws-glue/jobs/*'], byGlue);
    Validations.of(tell).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Metrics have no resources: the condition holds it to the namespace of Glue.',
    });
  }
}
