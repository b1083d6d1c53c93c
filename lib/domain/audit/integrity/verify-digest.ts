import { encodeText, formatHex, parseBase64, parseHex } from '../../bytes';
import { type Digest, parseDigest } from './digest';
import { type DigestFile, formatLocation, type TrailCrypto, type TrailPublicKey } from './trail-copy';
import type { TrailFinding, TrailFindingKind } from './trail-finding';
import { type DigestKey, parseDigestKey, parseLogKey } from './trail-key';

/** A digest that could be read; believed only when `findings` of it are none. */
export interface ReadDigest {
  readonly location: string;
  readonly name: DigestKey;
  readonly digest: Digest;
  /** SHA-256 of its uncompressed bytes, hex. */
  readonly hash: string;
  /** From the object's metadata, hex. */
  readonly signature: string;
}

/** Verifies what a digest file shows by itself: that it is whole, in its place, consistent and signed by CloudTrail. */
export function verifyDigest(
  { sha256, verifyRsa }: TrailCrypto,
  source: DigestFile,
  publicKeys: readonly TrailPublicKey[],
): { readonly read?: ReadDigest; readonly findings: readonly TrailFinding[] } {
  const location = formatLocation(source);
  const findings: TrailFinding[] = [];
  const report = (kind: TrailFindingKind, field: string, detail: string) =>
    findings.push({ kind, file: location, field, detail });

  const { file, metadata } = source;
  if (file.kind === 'broken') {
    report('unreadable-digest', 'gzip', `The digest cannot be read: ${file.problem}.`);
    return { findings };
  }
  if (file.trailing > 0) report('trailing-data', 'gzip', `${file.trailing} bytes lie behind the compressed digest.`);
  const reading = parseDigest(file.content);
  const name = parseDigestKey(source.key);
  if (reading.kind === 'unreadable') {
    const what = reading.field === '' ? 'it is no JSON object' : `${reading.field} is missing or not as it must be`;
    report('unreadable-digest', reading.field, `The digest cannot be read: ${what}.`);
    return { findings };
  }
  if (name === undefined) {
    report('inconsistent', 'digestS3Object', 'It is not named as CloudTrail names its digests.');
    return { findings };
  }
  const { digest } = reading;
  if (digest.digestS3Bucket !== source.bucket || digest.digestS3Object !== source.key) {
    const own = `${digest.digestS3Bucket}/${digest.digestS3Object}`;
    report('moved', 'digestS3Object', `It says that it lies at ${own}.`);
  }
  if (digest.awsAccountId !== name.account) {
    report(
      'inconsistent',
      'awsAccountId',
      `The digest is of account ${digest.awsAccountId}, its name of ${name.account}.`,
    );
  }
  if (digest.digestEndTime !== name.end || digest.digestStartTime >= digest.digestEndTime) {
    report('inconsistent', 'digestEndTime', 'Its times do not fit its name, or end before they begin.');
  }
  for (const [at, log] of digest.logFiles.entries()) {
    const named = parseLogKey(log.s3Object);
    if (named?.account === name.account && named.region === name.region) continue;
    report('foreign-log', `logFiles.${at}.s3Object`, `${log.s3Object} is not of ${name.account} in ${name.region}.`);
  }

  const hash = formatHex(sha256(file.content));
  const signature = parseHex(metadata.signature ?? '');
  if (signature === undefined || signature.length === 0 || metadata.algorithm !== 'SHA256withRSA') {
    report('unsigned', 'metadata', 'The object’s metadata hold no SHA256withRSA signature.');
  } else {
    const key = publicKeys.find(({ fingerprint }) => fingerprint === digest.digestPublicKeyFingerprint);
    if (key === undefined) {
      report(
        'unknown-key',
        'digestPublicKeyFingerprint',
        `No public key ${digest.digestPublicKeyFingerprint} is given.`,
      );
    } else {
      const signedAt = name.backfill ? (metadata.backfilledAt ?? '') : digest.digestEndTime;
      const valid =
        Date.parse(signedAt) >= Date.parse(key.validFrom) && Date.parse(signedAt) <= Date.parse(key.validTo);
      if (!valid) report('expired-key', 'digestPublicKeyFingerprint', `AWS lists the key for another time.`);
      const message = encodeText(formatSigned(digest, hash));
      if (!verifyRsa(parseBase64(key.value) ?? new Uint8Array(), message, signature)) {
        report('wrong-signature', 'metadata', 'The signature does not fit the digest.');
      }
    }
  }
  return { read: { location, name, digest, hash, signature: metadata.signature?.toLowerCase() ?? '' }, findings };
}

/** What CloudTrail signs ("Custom implementations of log file integrity validation", AWS CloudTrail User Guide). */
function formatSigned(digest: Digest, hash: string): string {
  const { digestEndTime, digestS3Bucket, digestS3Object, previous } = digest;
  return `${digestEndTime}\n${digestS3Bucket}/${digestS3Object}\n${hash}\n${previous?.signature ?? 'null'}`;
}
