import type { CfnResource } from 'aws-cdk-lib';

/** Has CloudFormation make each of them after the one before: Lake Formation refuses changes of permissions at the same time. */
export function makeOneByOne(resources: readonly CfnResource[]): void {
  for (const [index, resource] of resources.entries()) {
    const before = resources[index - 1];
    if (before !== undefined) resource.addResourceDependency(before);
  }
}
