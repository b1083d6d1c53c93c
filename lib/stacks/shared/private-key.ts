import { RemovalPolicy } from 'aws-cdk-lib';
import { type AddToResourcePolicyResult, PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, type KeyProps } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { administerWithoutUse } from './administer-without-use';

/**
 * What holds for every key of the room: it rotates, it stays when its stack goes, who administers it cannot use it, and
 * it is used in the ways that the given statements name and in no other.
 */
export abstract class PrivateKey extends Key {
  constructor(
    scope: Construct,
    id: string,
    description: string,
    uses: readonly PolicyStatement[],
    kind: Pick<KeyProps, 'keySpec' | 'keyUsage'> = {},
  ) {
    super(scope, id, {
      description,
      ...kind,
      // KMS rotates keys that encrypt, and no others.
      ...(kind.keySpec === undefined && { enableKeyRotation: true }),
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({ statements: [administerWithoutUse(), ...uses] }),
    });
  }

  /** The library's grants would widen the policy by wildcards and without conditions; whoever needs the key needs IAM's leave. */
  override addToResourcePolicy(): AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}
