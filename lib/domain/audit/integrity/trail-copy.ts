import type { Sha256 } from '../../bytes';
import type { GzipReading } from './gzip';

/** What there is of one or more trails: read from buckets, or from an exported folder with its metadata. */
export interface TrailCopy {
  readonly digests: readonly DigestFile[];
  /** Every log file that lies there, named by a digest or not. */
  readonly logs: Iterable<LogFile>;
  /** As `cloudtrail list-public-keys` gives them for the regions of the digests; from AWS, never from the copy. */
  readonly publicKeys: readonly TrailPublicKey[];
  /** The time to be vouched for: UTC, ISO 8601; `from` included, `to` not. */
  readonly period: { readonly from: string; readonly to: string };
}

export interface DigestFile {
  /** Where CloudTrail put it. */
  readonly bucket: string;
  readonly key: string;
  readonly file: GzipReading;
  /** The S3 object's metadata `signature` (hex), `signature-algorithm` and `backfill-generation-timestamp`. */
  readonly metadata: {
    readonly signature?: string;
    readonly algorithm?: string;
    readonly backfilledAt?: string;
  };
}

export interface LogFile {
  readonly bucket: string;
  readonly key: string;
  readonly file:
    | {
        readonly kind: 'whole';
        /** SHA-256 of the uncompressed file, hex. */
        readonly sha256: string;
        /** Bytes behind the gzip data. */
        readonly trailing: number;
      }
    | { readonly kind: 'broken'; readonly problem: string };
}

export interface TrailPublicKey {
  /** Hex. */
  readonly fingerprint: string;
  /** PKCS #1 in DER, base64. */
  readonly value: string;
  readonly validFrom: string;
  readonly validTo: string;
}

export interface TrailCrypto {
  readonly sha256: Sha256;
  /** RSA PKCS #1 v1.5 over SHA-256; `publicKey`: PKCS #1 in DER. False for a key that is none. */
  readonly verifyRsa: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
}

/** How findings name a file. */
export function formatLocation({ bucket, key }: { readonly bucket: string; readonly key: string }): string {
  return `${bucket}/${key}`;
}
