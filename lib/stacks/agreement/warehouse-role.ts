import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { ArnPrincipal, PolicyStatement, PrincipalWithConditions, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Delivery } from '../../domain/agreement/plan/plan';
import { Nobody } from './nobody';
import { OWN_NAMES } from './own-names';
import { PrefixRole } from './prefix-role';

type WarehouseDelivery = Delivery & { readonly kind: 'snowflake' | 'gcs' };

interface WarehouseRoleProps {
  readonly name: string;
  /** `<agreement>/<leg>`. */
  readonly leg: string;
  readonly via: WarehouseDelivery;
  /** Whether the receiver has set up its side. Until then the role trusts nobody. */
  readonly isOpen: boolean;
  readonly lake: IBucket;
  /** In the lake bucket: where the leg's granted releases lie, treated data and nothing else. */
  readonly releases: string;
  readonly key: IKey;
}

/**
 * By which a warehouse outside AWS reads one leg's releases. It reads past every filter of Lake Formation, so it reaches the
 * treated files of its leg and nothing else.
 */
export class WarehouseRole extends PrefixRole {
  constructor(scope: Construct, id: string, { name, leg, via, isOpen, lake, releases, key }: WarehouseRoleProps) {
    super(scope, id, {
      name,
      description: `Barter ${leg}: lets the receiver's warehouse read the releases`,
      assumedBy: isOpen ? trustWarehouse(via) : new Nobody(),
      uses: [{ bucket: lake, prefixes: [releases], does: 'read' }],
      key,
      // Both services ask where the bucket is before they read from it.
      besides: {
        statements: [new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [lake.bucketArn] })],
      },
    });
  }
}

function trustWarehouse(via: WarehouseDelivery): IPrincipal {
  switch (via.kind) {
    // Snowflake signs in with its own user for this integration, and names the id that only this integration has.
    case 'snowflake':
      return new PrincipalWithConditions(new ArnPrincipal(via.storageAwsIamUserArn), {
        ...OWN_NAMES,
        StringEquals: { 'sts:ExternalId': via.externalId },
      });
    // Google's identities are all of one provider: only the subject says which service account it is.
    case 'gcs':
      return new WebIdentityPrincipal('accounts.google.com', {
        ...OWN_NAMES,
        StringEquals: { 'accounts.google.com:sub': via.serviceAccountSubjectId },
      });
  }
}
