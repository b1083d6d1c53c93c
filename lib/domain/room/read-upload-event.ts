import type { DeliveryWay } from './landing-prefix';

/** One whole file that a party handed in. */
export interface DeliveredFile {
  readonly agreement: string;
  readonly dataset: string;
  readonly way: DeliveryWay;
  /** In the landing bucket. */
  readonly key: string;
  readonly bytes: number;
}

/** The two events that say so, as EventBridge brings them (S3 and Transfer Family user guides, "EventBridge"). */
export type UploadEvent =
  | {
      readonly source: 'aws.s3';
      readonly detail: {
        readonly bucket: { readonly name: string };
        readonly object: { readonly key: string; readonly size: number };
      };
    }
  | { readonly source: 'aws.transfer'; readonly detail: { readonly 'file-path': string; readonly bytes: number } };

/**
 * What was delivered; undefined for what is no delivery: another bucket, the quarantine, a folder, or S3's word on an SFTP
 * upload, which may be half of a file.
 */
export function readUploadEvent(event: UploadEvent, landing: string): DeliveredFile | undefined {
  switch (event.source) {
    case 'aws.s3': {
      const { bucket, object } = event.detail;
      return bucket.name === landing ? readKey(object.key, 'upload', object.size) : undefined;
    }
    case 'aws.transfer': {
      const { 'file-path': path, bytes } = event.detail;
      return path.startsWith(`/${landing}/`) ? readKey(path.slice(landing.length + 2), 'sftp', bytes) : undefined;
    }
  }
}

function readKey(key: string, way: DeliveryWay, bytes: number): DeliveredFile | undefined {
  const [agreement, dataset, folder, ...name] = key.split('/');
  if (agreement === undefined || dataset === undefined || folder !== way) return undefined;
  if (!ID.test(agreement) || !ID.test(dataset) || name.length === 0 || name.at(-1) === '') return undefined;
  return { agreement, dataset, way, key, bytes };
}

const ID = /^[a-z][a-z0-9_-]*$/;
