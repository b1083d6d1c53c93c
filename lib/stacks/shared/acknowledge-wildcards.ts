import { Stack, Validations } from 'aws-cdk-lib';
import { Policy, type PolicyDocument, type Role } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference';

/**
 * Acknowledges that a policy's resources end in these, e.g. `/prefix/*`, and in no other wildcard. The checks name a
 * resource as the template does, and one of another stack is in the template only when all stacks are: hence so late.
 */
export function acknowledgeWildcards(policy: Policy, endings: readonly string[], reason: string): void;
/** @param document The policy that a role has inline. */
export function acknowledgeWildcards(
  role: Role,
  endings: readonly string[],
  reason: string,
  document: PolicyDocument,
): void;
export function acknowledgeWildcards(
  carrier: Policy | Role,
  endings: readonly string[],
  reason: string,
  document?: PolicyDocument,
): void {
  const carried = document ?? (carrier instanceof Policy ? carrier.document : undefined);
  carrier.node.addValidation({
    validate: () => {
      for (const resource of namedResources(Stack.of(carrier).resolve(carried))) {
        if (endings.some((ending) => resource.endsWith(ending)))
          Validations.of(carrier).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
      }
      return [];
    },
  });
}

function namedResources(document: {
  readonly Statement: readonly { readonly Resource?: unknown }[];
}): readonly string[] {
  return [...new Set(document.Statement.flatMap(({ Resource }) => Resource).map(flattenCfnReference))];
}
