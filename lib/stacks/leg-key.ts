import { Tags } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { THIS_KEY } from './administer-without-use';
import { PrivateKey } from './private-key';

/** By which the keys of legs are known from the room's own: only these end with their agreement. */
export const KEY_TAG = 'barter-key';
export const LEG_KEY = 'leg';

/**
 * The key of one leg: under it, and nothing else, lies the secret that the leg's tokens are made with. Destroying it ends
 * for ever what could link a token to a person, or a later release to an earlier one.
 */
export class LegKey extends PrivateKey {
  /** @param leg `<agreement>/<leg>`: the only encryption context in which the key works. */
  constructor(scope: Construct, id: string, leg: string, maker: IRole) {
    super(scope, id, `Barter ${leg}: protects the secret of its tokens`, [
      new PolicyStatement({
        sid: 'UseForThisLegOnly',
        principals: [maker],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: THIS_KEY,
        conditions: { StringEquals: { 'kms:EncryptionContext:leg': leg } },
      }),
    ]);
    Tags.of(this).add(KEY_TAG, LEG_KEY);
  }
}
