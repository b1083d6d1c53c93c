import { parseJson } from '../parse-json';

/** What a rule takes of IAM's events: all of their calls, or it is none that tells of every changed role. */
export function forwardsIam(pattern: string | undefined): boolean {
  const read = parseJson(pattern ?? '');
  if (typeof read !== 'object' || read === null) return false;
  const { source, 'detail-type': type, ...rest }: Readonly<Record<string, unknown>> = { ...read };
  const takes = (listed: unknown, wanted: string) =>
    listed === undefined || (Array.isArray(listed) && listed.includes(wanted));
  return takes(source, 'aws.iam') && takes(type, 'AWS API Call via CloudTrail') && Object.keys(rest).length === 0;
}
