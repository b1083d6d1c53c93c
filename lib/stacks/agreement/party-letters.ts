import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { addressTo, type Contact } from '../../domain/enforcement/letters/letter';

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
    const named = new Map<string, string[]>();
    for (const { id: party, contacts } of plan.parties)
      for (const contact of CONTACTS) {
        const address = contacts[contact];
        if (address !== undefined)
          named.set(address, [...(named.get(address) ?? []), ...addressTo(plan, party, contact)]);
      }
    // An address that serves for several contacts is one subscription: SNS knows no second of the same.
    for (const [address, names] of named)
      this.addSubscription(
        new EmailSubscription(address, {
          filterPolicy: { to: SubscriptionFilter.stringFilter({ allowlist: names }) },
        }),
      );
  }
}

const CONTACTS: readonly Contact[] = ['exchange', 'privacy', 'security'];
