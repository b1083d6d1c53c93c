import { RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { administerWithoutUse, THIS_KEY } from '../shared/administer-without-use';

/**
 * A key that signs. It never leaves KMS, encrypts nothing, and stays when its stack goes. A pair of keys cannot rotate: whoever
 * verifies knows the public one.
 */
export class SigningKey extends Key {
  constructor(scope: Construct, id: string, description: string) {
    const sign = new PolicyStatement({
      sid: 'SignByRoleOnly',
      principals: [new AccountRootPrincipal()],
      actions: ['kms:GetPublicKey', 'kms:Sign'],
      resources: THIS_KEY,
    });
    super(scope, id, {
      description,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({ statements: [administerWithoutUse(), sign] }),
    });
  }
}
