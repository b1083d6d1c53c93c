import { Tags } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { THIS_KEY } from '../shared/administer-without-use';
import { PrivateKey } from '../shared/private-key';

/** By which the keys of legs are known from the room's own: only these end with their agreement. */
export const KEY_TAG = 'barter-key';
export const LEG_KEY = 'leg';

/**
 * The key of one leg: the secrets that its tokens and shifts are made with are MACs of it, and stored nowhere. Destroying
 * it ends for ever what could link a token to a person, or a later release to an earlier one. It never rotates: another key
 * would give other tokens.
 */
export class LegKey extends PrivateKey {
  /**
   * @param leg `<agreement>/<leg>`
   * @param users who asks for its secrets, to make releases or to have a subject erased: this policy is all that lets them
   */
  constructor(scope: Construct, id: string, leg: string, users: readonly IRole[]) {
    super(
      scope,
      id,
      `Barter ${leg}: makes the secrets of its tokens`,
      [
        new PolicyStatement({
          sid: 'MakeSecretsOnly',
          principals: [...users],
          actions: ['kms:GenerateMac'],
          resources: THIS_KEY,
          conditions: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } },
        }),
      ],
      { keySpec: KeySpec.HMAC_256, keyUsage: KeyUsage.GENERATE_VERIFY_MAC },
    );
    Tags.of(this).add(KEY_TAG, LEG_KEY);
  }
}
