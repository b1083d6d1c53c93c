import * as z from 'zod';
import { decodeText } from '../../bytes';

const hex = z.string().regex(/^([0-9a-f]{2})+$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime({ precision: 0 });
const missing = z.null().optional();

const previousSchema = z.union([
  z.object({
    previousDigestS3Bucket: z.string().min(1),
    previousDigestS3Object: z.string().min(1),
    previousDigestHashValue: sha256,
    previousDigestHashAlgorithm: z.literal('SHA-256'),
    previousDigestSignature: hex,
  }),
  // The first digest after validation was switched on.
  z.object({
    previousDigestS3Bucket: missing,
    previousDigestS3Object: missing,
    previousDigestHashValue: missing,
    previousDigestHashAlgorithm: missing,
    previousDigestSignature: missing,
  }),
]);

const digestSchema = z.object({
  awsAccountId: z.string().regex(/^\d{12}$/),
  digestStartTime: time,
  digestEndTime: time,
  digestS3Bucket: z.string().min(1),
  digestS3Object: z.string().min(1),
  digestPublicKeyFingerprint: hex,
  digestSignatureAlgorithm: z.literal('SHA256withRSA'),
  logFiles: z.array(
    z.object({
      s3Bucket: z.string().min(1),
      s3Object: z.string().min(1),
      hashValue: sha256,
      hashAlgorithm: z.literal('SHA-256'),
    }),
  ),
});

/** What CloudTrail says of an hour of log files ("CloudTrail digest file structure", AWS CloudTrail User Guide). */
export type Digest = z.output<typeof digestSchema> & { readonly previous?: PreviousDigest };

interface PreviousDigest {
  readonly bucket: string;
  readonly key: string;
  /** SHA-256 of the uncompressed file, hex. */
  readonly hash: string;
  /** Hex. */
  readonly signature: string;
}

type DigestReading =
  | { readonly kind: 'read'; readonly digest: Digest }
  /** `field`: dotted path of what is missing or not as it must be; empty for the whole file. */
  | { readonly kind: 'unreadable'; readonly field: string };

export function parseDigest(content: Uint8Array): DigestReading {
  const json = parseJson(content);
  const parsed = digestSchema.safeParse(json);
  if (!parsed.success) return { kind: 'unreadable', field: parsed.error.issues[0]?.path.join('.') ?? '' };
  const previous = previousSchema.safeParse(json);
  if (!previous.success) return { kind: 'unreadable', field: 'previousDigest*' };
  const { previousDigestS3Bucket: bucket, previousDigestS3Object: key } = previous.data;
  const { previousDigestHashValue: hash, previousDigestSignature: signature } = previous.data;
  if (!bucket || !key || !hash || !signature) return { kind: 'read', digest: parsed.data };
  return { kind: 'read', digest: { ...parsed.data, previous: { bucket, key, hash, signature } } };
}

function parseJson(content: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(content) ?? '');
  } catch {
    return undefined;
  }
}
