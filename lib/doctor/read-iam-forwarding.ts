import {
  type EventBridgeClient,
  ListRulesCommand,
  type ListRulesCommandOutput,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { forwardsIam } from '../domain/room/forwards-iam';

/** Where EventBridge is told of IAM, whatever region a room is in. */
export const IAM_REGION = 'us-east-1';

/** ARNs of what is told of every change of a role, by rules that are enabled. @param client of `IAM_REGION` */
export async function readIamForwarding(client: EventBridgeClient): Promise<readonly string[]> {
  const told: string[] = [];
  let next: string | undefined;
  do {
    const page: ListRulesCommandOutput = await client.send(
      new ListRulesCommand(next === undefined ? {} : { NextToken: next }),
    );
    for (const { Name, State, EventPattern } of page.Rules ?? []) {
      if (Name === undefined || State === 'DISABLED' || !forwardsIam(EventPattern)) continue;
      const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }));
      told.push(...Targets.flatMap(({ Arn }) => Arn ?? []));
    }
    next = page.NextToken;
  } while (next !== undefined);
  return told;
}
