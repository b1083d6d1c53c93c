import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { listAddresses } from '../../domain/enforcement/letters/list-addresses';

/**
 * By which the contacts that an agreement names are written to, under the key for notices. Each address gets the letters that
 * name it, and no other party's; once whoever reads there has confirmed it. Nothing but the room's own functions, by IAM, can
 * write.
 */
export class PartyLetters extends Topic {
  constructor(scope: Construct, id: string, plan: SidePlan, noticeKey: IKey) {
    super(scope, id, {
      displayName: `Barter ${plan.agreement.id}`.slice(0, 100),
      masterKey: noticeKey,
      enforceSSL: true,
    });
    // An address that serves for several contacts is one subscription: SNS knows no second of the same.
    for (const [address, names] of listAddresses(plan))
      this.addSubscription(
        new EmailSubscription(address, {
          filterPolicy: { to: SubscriptionFilter.stringFilter({ allowlist: [...names] }) },
        }),
      );
  }
}
