import { Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LINK_MARK, LINK_SECONDS } from '../../domain/enforcement/doors/link-session';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import type { RoomFunction } from '../shared/room-function';

interface LinkRoleProps {
  /** Who signs. */
  readonly signer: RoomFunction;
  readonly lake: IBucket;
  /** In the lake bucket: releases that were published, of all legs. */
  readonly releases: string;
  readonly key: IKey;
}

/**
 * By which links to read are signed, in a session named for the decision that gives them: so every log of S3 tells by which
 * decision an object was read. What it may do is what the bearer of a link may: read an object by a link, while it is young.
 */
export class LinkRole extends Role {
  constructor(scope: Construct, id: string, { signer, lake, releases, key }: LinkRoleProps) {
    const { role } = signer;
    if (role === undefined) throw new Error(`${signer.node.path} has no role.`);
    super(scope, id, {
      description: 'Barter room: signs links to read releases by',
      assumedBy: new ArnPrincipal(role.roleArn).withConditions({
        StringLike: { 'sts:RoleSessionName': `*${LINK_MARK}` },
      }),
      maxSessionDuration: Duration.hours(1),
    });
    const permissions = new Policy(this, 'Permissions', {
      roles: [this],
      statements: [
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: [lake.arnForObjects(releases)],
          conditions: {
            StringEquals: { 's3:authType': 'REST-QUERY-STRING' },
            NumericLessThanEquals: { 's3:signatureAge': String(LINK_SECONDS * 1000) },
          },
        }),
        new PolicyStatement({
          actions: ['kms:Decrypt'],
          resources: [key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com` } },
        }),
      ],
    });
    acknowledgeWildcards(
      permissions,
      [`/${releases}`],
      'It stands for agreement, leg, round and file: agreements come and go without this role, and each link is for one file.',
    );
    // Named by its role here alone: a statement of the signer's own would need this role before the signer is there.
    new Policy(this, 'MayAssume', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.roleArn] })],
    });
  }
}
