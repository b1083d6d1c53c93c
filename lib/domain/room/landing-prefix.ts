/**
 * How a delivery comes in. Each way has a folder of its own because they end differently: an SFTP upload that breaks off
 * leaves a part of a file in S3, and only the server's own event says that it is whole; S3 shows any other upload only when
 * it is.
 */
export type DeliveryWay = 'sftp' | 'upload';

/** Where a dataset's raw deliveries lie in the landing bucket. A dataset has one owner, so nobody shares a prefix. */
export function landingPrefix(agreement: string, dataset: string): string {
  return `${agreement}/${dataset}/`;
}

/** The one place in the landing bucket where the owner of a dataset can put anything by this way. */
export function deliveryPrefix(agreement: string, dataset: string, way: DeliveryWay): string {
  return `${landingPrefix(agreement, dataset)}${way}/`;
}

/** Where a delivery that could not be taken waits for its owner. No agreement's id begins with an underscore. */
export function quarantinePrefix(agreement: string, dataset: string): string {
  return `${QUARANTINE}${landingPrefix(agreement, dataset)}`;
}

export const QUARANTINE = '_quarantine/';
