/*
 * Which calls of their own accounts parties tell the room of: those by which they open to others what they received, or take it
 * out. Of what an account does in its own buckets there is no end: the room takes in these calls alone, which change something
 * and which AWS throttles, and one partner's cannot keep what others do from being looked at.
 */

/** By CloudTrail: of each, whom it is by and what it may concern is for a pattern to say, where it is forwarded. */
export const FORWARDED_CALLS = {
  granted: { source: 'aws.lakeformation', names: ['GrantPermissions'] },
  grantedAtOnce: { source: 'aws.lakeformation', names: ['BatchGrantPermissions'] },
  shared: { source: 'aws.ram', names: ['CreateResourceShare', 'AssociateResourceShare'] },
  opened: { source: 'aws.s3', names: ['PutBucketPolicy', 'PutBucketAcl', 'PutBucketReplication'] },
  imported: { source: 'aws.dataexchange', names: ['CreateJob'] },
  exported: { source: 'aws.dataexchange', names: ['CreateJob', 'CreateDataGrant'] },
} as const satisfies Readonly<Record<string, ForwardedCalls>>;

interface ForwardedCalls {
  /** As EventBridge names the service. */
  readonly source: `aws.${string}`;
  readonly names: readonly string[];
}

/** How EventBridge calls what CloudTrail recorded. */
export const RECORDED_CALL = 'AWS API Call via CloudTrail';

/** Of each service, the calls that are forwarded, each once. */
export function listForwardedCalls(): readonly ForwardedCalls[] {
  const all: readonly ForwardedCalls[] = Object.values(FORWARDED_CALLS);
  return [...new Set(all.map(({ source }) => source))].map((source) => ({
    source,
    names: [...new Set(all.flatMap((each) => (each.source === source ? each.names : [])))],
  }));
}
