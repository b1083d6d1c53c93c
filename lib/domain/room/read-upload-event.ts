import type { DeliveryWay } from './landing-prefix';

/** One whole file that a party handed in. */
export interface DeliveredFile {
  readonly agreement: string;
  readonly dataset: string;
  readonly way: DeliveryWay;
  /** In the landing bucket. */
  readonly key: string;
  readonly bytes: number;
  /** What tells this upload from others to the same key; absent where the event does not say. */
  readonly upload?: string;
}

/** The two events that say so, as EventBridge brings them (S3 and Transfer Family user guides, "EventBridge"). */
export type UploadEvent =
  | {
      readonly source: 'aws.s3';
      readonly detail: {
        readonly bucket: { readonly name: string };
        readonly object: { readonly key: string; readonly size: number; readonly 'version-id'?: string };
      };
    }
  | {
      readonly source: 'aws.transfer';
      readonly detail: {
        readonly 'file-path': string;
        readonly bytes: number;
        readonly 'session-id'?: string;
        readonly 'end-timestamp'?: string;
      };
    };

/**
 * What was delivered; undefined for what is no delivery: another bucket, the quarantine, a folder, or S3's word on an SFTP
 * upload, which may be half of a file.
 */
export function readUploadEvent(event: UploadEvent, landing: string): DeliveredFile | undefined {
  switch (event.source) {
    case 'aws.s3': {
      const { bucket, object } = event.detail;
      return bucket.name === landing ? readKey(object.key, 'upload', object.size, [object['version-id']]) : undefined;
    }
    case 'aws.transfer': {
      const { 'file-path': path, bytes, 'session-id': session, 'end-timestamp': end } = event.detail;
      const told = [session, end];
      return path.startsWith(`/${landing}/`) ? readKey(path.slice(landing.length + 2), 'sftp', bytes, told) : undefined;
    }
  }
}

/** Of whom a delivery is that lies in the landing bucket, and how its giver named it; undefined for what is no delivery. */
export function readDeliveredKey(
  key: string,
): { readonly agreement: string; readonly dataset: string; readonly file: string } | undefined {
  const found = readKey(key, 'upload', 0, []) ?? readKey(key, 'sftp', 0, []);
  if (found === undefined) return undefined;
  return { agreement: found.agreement, dataset: found.dataset, file: key.split('/').slice(3).join('/') };
}

function readKey(
  key: string,
  way: DeliveryWay,
  bytes: number,
  told: readonly (string | undefined)[],
): DeliveredFile | undefined {
  const [agreement, dataset, folder, ...name] = key.split('/');
  if (agreement === undefined || dataset === undefined || folder !== way) return undefined;
  if (!ID.test(agreement) || !ID.test(dataset) || name.length === 0 || name.at(-1) === '') return undefined;
  const isTold = told.every((part) => part !== undefined && part !== '');
  return { agreement, dataset, way, key, bytes, ...(isTold && { upload: told.join(' ') }) };
}

const ID = /^[a-z][a-z0-9_-]*$/;
