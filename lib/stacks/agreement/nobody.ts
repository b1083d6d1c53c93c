import { AnyPrincipal, Effect, type PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Whom a role trusts that nobody may assume yet: a role cannot be without any statement on that. */
export class Nobody extends AnyPrincipal {
  override addToAssumeRolePolicy(document: PolicyDocument): void {
    const refusal = { sid: 'TrustNobodyYet', effect: Effect.DENY, principals: [new AnyPrincipal()] };
    document.addStatements(new PolicyStatement({ ...refusal, actions: ['sts:AssumeRole'] }));
  }
}
