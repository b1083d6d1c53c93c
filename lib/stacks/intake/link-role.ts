import { Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LINK_MARK, LINK_SECONDS } from '../../domain/enforcement/doors/link-session';
import type { EnvironmentName } from '../../domain/room/environment';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import type { RoomFunction } from '../shared/room-function';

interface LinkRoleProps {
  /** Who signs. */
  readonly signer: RoomFunction;
  readonly bucket: IBucket;
  /** In the bucket: what there are links for, of all agreements. */
  readonly objects: string;
  readonly key: IKey;
  /** What a link is for: to read an object, or to put one. */
  readonly action: keyof typeof KEY_USES;
}

/** What S3 asks of the bucket's key, for whom. */
const KEY_USES = { 's3:GetObject': 'kms:Decrypt', 's3:PutObject': 'kms:GenerateDataKey' } as const;

/**
 * By which links are signed, in a session named for the decision that gives them: so every log of S3 tells by which decision an
 * object was read or put. What it may do is what the bearer of a link may: that one thing by a link, while it is young.
 */
export class LinkRole extends Role {
  constructor(scope: Construct, id: string, { signer, bucket, objects, key, action }: LinkRoleProps) {
    const { role } = signer;
    if (role === undefined) throw new Error(`${signer.node.path} has no role.`);
    super(scope, id, {
      description: `Barter room: signs links for ${action}`,
      assumedBy: new ArnPrincipal(role.roleArn).withConditions({
        StringLike: { 'sts:RoleSessionName': `*${LINK_MARK}` },
      }),
      maxSessionDuration: Duration.hours(1),
    });
    const permissions = new Policy(this, 'Permissions', {
      roles: [this],
      statements: [
        new PolicyStatement({
          actions: [action],
          resources: [bucket.arnForObjects(objects)],
          conditions: {
            StringEquals: { 's3:authType': 'REST-QUERY-STRING' },
            NumericLessThanEquals: { 's3:signatureAge': String(LINK_SECONDS * 1000) },
          },
        }),
        new PolicyStatement({
          actions: [KEY_USES[action]],
          resources: [key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com` } },
        }),
      ],
    });
    acknowledgeWildcards(
      permissions,
      [`/${objects}`],
      'It stands for agreements, their legs or datasets, and files: these come and go without this role, and each link is for one file.',
    );
    // Named by its role here alone: a statement of the signer's own would need this role before the signer is there.
    new Policy(this, 'MayAssume', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.roleArn] })],
    });
    signer.addEnvironment('LINK_ROLE_ARN' satisfies EnvironmentName, this.roleArn);
  }
}
