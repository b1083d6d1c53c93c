import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What a rule acts as. The library's own would let EventBridge assume it for the rules of any account. */
export class RuleRole extends Role {
  constructor(scope: Construct, id: string, description: string) {
    super(scope, id, {
      description,
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    });
  }
}
