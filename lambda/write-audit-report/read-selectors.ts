import { type CloudTrailClient, GetEventSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import { describeSelectors } from '../../lib/domain/audit/report/describe-selectors';

/** What a trail records now, by its name. @param trail its ARN */
export async function readSelectors(
  client: CloudTrailClient,
  trail: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { AdvancedEventSelectors = [] } = await client.send(new GetEventSelectorsCommand({ TrailName: trail }));
  return new Map([[trail.slice(trail.lastIndexOf('/') + 1), describeSelectors(AdvancedEventSelectors)]]);
}
