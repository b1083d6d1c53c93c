import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { UploadRequest } from '../../lib/domain/enforcement/doors/decide-upload';
import { LINK_SECONDS } from '../../lib/domain/enforcement/doors/link-session';
import { type LinkPlaces, type LinkSigning, openLinkSigner } from '../shared/link-signer';

/** One file, and where it goes. */
export interface UploadToSign extends UploadRequest, LinkSigning {
  /** In the landing bucket. */
  readonly key: string;
}

/** A link, and what has to be sent with it: S3 takes nothing else by it. */
export interface SignedUpload {
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** UTC. */
  readonly expiresAt: string;
}

/** Signs a link under which S3 takes these bytes, of this length, under the room's key, and nothing else. */
export async function signUpload(
  sts: STSClient,
  landing: LinkPlaces & { readonly keyArn: string },
  { key, bytes, sha256, decision, at, roomAccount }: UploadToSign,
): Promise<SignedUpload> {
  const checksum = Buffer.from(sha256, 'hex').toString('base64');
  const headers = {
    'content-length': String(bytes),
    'x-amz-checksum-sha256': checksum,
    'x-amz-expected-bucket-owner': roomAccount,
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': landing.keyArn,
  };
  const put = new PutObjectCommand({
    Bucket: landing.bucket,
    Key: key,
    ContentLength: bytes,
    ChecksumSHA256: checksum,
    ExpectedBucketOwner: roomAccount,
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: landing.keyArn,
  });
  const s3 = await openLinkSigner(sts, landing, decision);
  const url = await getSignedUrl(s3, put, {
    expiresIn: LINK_SECONDS,
    signingDate: at,
    // As headers that must be sent, not as part of the link.
    unhoistableHeaders: new Set(Object.keys(headers)),
  });
  return { method: 'PUT', url, headers, expiresAt: new Date(at.getTime() + LINK_SECONDS * 1000).toISOString() };
}
