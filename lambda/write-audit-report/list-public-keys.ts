import { type CloudTrailClient, ListPublicKeysCommand, type PublicKey } from '@aws-sdk/client-cloudtrail';
import type { TrailPublicKey } from '../../lib/domain/audit/integrity/trail-copy';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The keys by which CloudTrail signed digests of a region at that time. They come from AWS, never from the bucket. */
export async function listPublicKeys(
  client: CloudTrailClient,
  from: string,
  to: string,
): Promise<readonly TrailPublicKey[]> {
  const keys: PublicKey[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(
      new ListPublicKeysCommand({
        StartTime: new Date(Date.parse(from) - DAY_MS),
        EndTime: new Date(Date.parse(to) + DAY_MS),
        ...(next === undefined ? {} : { NextToken: next }),
      }),
    );
    keys.push(...(page.PublicKeyList ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return keys.flatMap(({ Value, Fingerprint, ValidityStartTime, ValidityEndTime }) => {
    if (Value === undefined || Fingerprint === undefined) return [];
    if (ValidityStartTime === undefined || ValidityEndTime === undefined) return [];
    return {
      fingerprint: Fingerprint,
      value: Buffer.from(Value).toString('base64'),
      validFrom: ValidityStartTime.toISOString(),
      validTo: ValidityEndTime.toISOString(),
    };
  });
}
