import { DescribeKeyCommand, type KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';

/** Days in which a mistake can still be undone, the most that KMS waits. */
const PENDING_DAYS = 30;

/**
 * Schedules the deletion of the legs' keys, also of legs that were left out since, once the agreement has ended: after it nothing can link a token to a person. A key
 * that is to be deleted already is left.
 * @returns how many were scheduled
 */
export async function retireKeys(kms: KMSClient, { current }: AgreementOnRecord): Promise<number> {
  if (current.state !== 'ended' && current.state !== 'settled') return 0;
  const { legKeys, formerKeys = [] } = current.provisioned;
  let scheduled = 0;
  for (const arn of new Set([...Object.values(legKeys), ...formerKeys])) {
    const { KeyMetadata: { KeyId, KeyState } = {} } = await kms.send(new DescribeKeyCommand({ KeyId: arn }));
    if (KeyState !== 'Enabled' && KeyState !== 'Disabled') continue;
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: PENDING_DAYS }));
    scheduled += 1;
  }
  return scheduled;
}
