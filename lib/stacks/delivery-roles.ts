import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, type IPrincipal, type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PlannedParty } from '../domain/agreement/plan';
import type { SidePlan } from '../domain/agreement/plan-for-side';
import { type DeliveryWay, deliveryPrefix } from '../domain/room/landing-prefix';
import { nameUploadRole } from '../domain/room/room-names';
import { PrefixRole } from './prefix-role';

export interface DeliveryRolesProps {
  readonly plan: SidePlan;
  readonly party: PlannedParty;
  readonly landing: IBucket;
  readonly key: IKey;
  readonly hasSftp: boolean;
}

/**
 * With what a party hands in its raw data: a role that its own account assumes, for S3 and pre-signed uploads, and one that
 * the SFTP server assumes for it. Roles of the room and not a bucket policy that names partners: that would be full at a few
 * dozen of them, and so would the key's, which every foreign uploader would have to stand in.
 */
export class DeliveryRoles extends Construct {
  /** Absent where the party has no SFTP. */
  readonly sftp: IRole | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeliveryRolesProps,
  ) {
    super(scope, id);
    const { plan, party, hasSftp } = props;
    const { account } = Stack.of(this);
    this.makeRole('upload', new AccountPrincipal(party.account), nameUploadRole(plan.agreement.id, party.id));
    // By account alone: which ARN Transfer Family gives as the source of a session with an identity provider of one's own is
    // not documented.
    const server = new ServicePrincipal('transfer.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    });
    if (hasSftp && party.sftp !== undefined) this.sftp = this.makeRole('sftp', server);
  }

  private makeRole(way: DeliveryWay, assumedBy: IPrincipal, name?: string): IRole {
    const { plan, party, landing, key } = this.props;
    const { agreement, datasets } = plan;
    const owned = datasets.filter(({ owner }) => owner === party.id);
    return new PrefixRole(this, way, {
      ...(name === undefined ? {} : { name }),
      description: `Barter ${agreement.id}: writes what ${party.id} delivers by ${way}`,
      assumedBy,
      uses: [
        {
          bucket: landing,
          prefixes: owned.map((dataset) => deliveryPrefix(agreement.id, dataset.id, way)),
          does: 'write',
        },
      ],
      key,
    });
  }
}
