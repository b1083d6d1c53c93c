import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** A statement of a role: these actions on these resources, under these conditions. */
export function allow(
  actions: readonly string[],
  resources: string | readonly string[],
  conditions: Readonly<Record<string, unknown>> = {},
): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [resources].flat(), conditions });
}
