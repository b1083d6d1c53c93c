import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { parseDigest } from '../../domain/audit/integrity/digest';
import { type InflateRaw, readGzip } from '../../domain/audit/integrity/gzip';
import type { DigestFile, LogFile, TrailPublicKey } from '../../domain/audit/integrity/trail-copy';
import { isTrailLog } from '../../domain/audit/integrity/trail-key';
import type { InputFile } from '../../domain/audit/report/audit-header';
import { parseJson } from '../../domain/parse-json';
import { INPUT_LABELS, nameInput } from '../grounds/input-names';
import { inflateRaw } from './inflate-raw';
import { listLogFiles } from './list-log-files';
import type { ScannedFile } from './scan-files';

/** A file of metadata or keys beside the digests is not what it should be. */
export class UnusableDigests extends Error {
  override readonly name = 'UnusableDigests';
}

export interface ReadDigest extends DigestFile {
  /** The file as it lies there. */
  readonly input: InputFile;
}

/** What a digest's file is called. */
export const DIGEST_FILE = /CloudTrail-Digest.*\.json\.gz$/;

/** Metadata of all digests in one file: a line for each, as `aws s3api head-object` writes it, with the key. */
const METADATA_FILE = 'metadata.jsonl';

const headSchema = z.object({
  key: z.string().optional(),
  Key: z.string().optional(),
  Metadata: z.object({
    signature: z.string().optional(),
    'signature-algorithm': z.string().optional(),
    'backfill-generation-timestamp': z.string().optional(),
  }),
});

const keysSchema = z.object({
  PublicKeyList: z.array(
    z.object({
      Value: z.string(),
      Fingerprint: z.string(),
      ValidityStartTime: z.union([z.string(), z.number()]),
      ValidityEndTime: z.union([z.string(), z.number()]),
    }),
  ),
});

/**
 * The digests in a folder, a copy of the bucket's `CloudTrail-Digest`, with the metadata that S3 keeps beside them: in
 * `metadata.jsonl`, or for each in a file of the same name with `.metadata.json` behind it.
 * @throws UnusableDigests
 */
export function readDigests(folder: string): readonly ReadDigest[] {
  const { files } = listLogFiles(folder);
  const metadata = readMetadata(folder, files);
  return files
    .filter(({ file }) => DIGEST_FILE.test(file))
    .map(({ file, path }) => {
      const stored = new Uint8Array(readFileSync(path));
      const gzip = readGzip(stored, inflateDigest);
      const reading = gzip.kind === 'whole' ? parseDigest(gzip.content) : undefined;
      const said = reading?.kind === 'read' ? reading.digest : undefined;
      // What it says of itself decides nothing but how the folder's names are to be read: `verifyDigest` compares them.
      const key = said?.digestS3Object.endsWith(file) ? said.digestS3Object : afterLogs(file);
      const bucket = said?.digestS3Bucket ?? '';
      return { bucket, key, file: gzip, metadata: metadata.get(basename(file)) ?? {}, input: hashStored(file, stored) };
    });
}

/** A digest as it lies in a bucket, with the metadata that S3 keeps of it. */
export function readDigestObject(
  place: { readonly bucket: string; readonly key: string },
  stored: Uint8Array,
  metadata: Readonly<Record<string, string>>,
): ReadDigest {
  const { signature, 'signature-algorithm': algorithm, 'backfill-generation-timestamp': backfilledAt } = metadata;
  return {
    ...place,
    file: readGzip(stored, inflateDigest),
    input: hashStored(place.key, stored),
    metadata: {
      ...(signature === undefined ? {} : { signature }),
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(backfilledAt === undefined ? {} : { backfilledAt }),
    },
  };
}

function hashStored(file: string, stored: Uint8Array): InputFile {
  const sha256 = createHash('sha256').update(stored).digest('hex');
  return { file: nameInput(INPUT_LABELS.digests, file), sha256, bytes: stored.length };
}

/** `…/AWSLogs/…`: the folder may be a copy of a part of the bucket, or lie deeper than it. */
function afterLogs(file: string): string {
  const at = file.indexOf('AWSLogs/');
  return at < 0 ? file : file.slice(at);
}

function readMetadata(
  folder: string,
  files: readonly { readonly file: string; readonly path: string }[],
): ReadonlyMap<string, DigestFile['metadata']> {
  const found = new Map<string, DigestFile['metadata']>();
  const add = (name: string, where: string, text: string) => {
    const parsed = headSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      throw new UnusableDigests(
        `${where} is not what \`aws s3api head-object\` writes: an object with \`Metadata\`${name === '' ? ' and `key`' : ''}.`,
      );
    }
    const { key, Key, Metadata } = parsed.data;
    const { signature, 'signature-algorithm': algorithm, 'backfill-generation-timestamp': backfilledAt } = Metadata;
    found.set(name === '' ? basename(key ?? Key ?? '') : name, {
      ...(signature === undefined ? {} : { signature }),
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(backfilledAt === undefined ? {} : { backfilledAt }),
    });
  };
  for (const { file, path } of files) {
    if (file === METADATA_FILE) {
      for (const [at, line] of readFileSync(path, 'utf8').split('\n').entries()) {
        if (line.trim() !== '') add('', `${join(folder, file)}:${at + 1}`, line);
      }
    } else if (file.endsWith('.json.gz.metadata.json')) {
      add(basename(file).replace(/\.metadata\.json$/, ''), path, readFileSync(path, 'utf8'));
    }
  }
  return found;
}

/**
 * Keys as `aws cloudtrail list-public-keys` gives them; several answers may stand in one list.
 * @throws UnusableDigests
 */
export function parseTrailKeys(where: string, text: string): readonly TrailPublicKey[] {
  const parsed = z.union([keysSchema, z.array(keysSchema)]).safeParse(parseJson(text));
  if (!parsed.success) {
    throw new UnusableDigests(`${where} is not what \`aws cloudtrail list-public-keys\` writes.`);
  }
  return [parsed.data].flat().flatMap(({ PublicKeyList }) =>
    PublicKeyList.map(({ Value, Fingerprint, ValidityStartTime, ValidityEndTime }) => ({
      fingerprint: Fingerprint,
      value: Value,
      validFrom: formatTime(ValidityStartTime),
      validTo: formatTime(ValidityEndTime),
    })),
  );
}

/** The AWS command line writes ISO times or seconds, by its settings. */
function formatTime(time: string | number): string {
  return typeof time === 'number' ? new Date(time * 1000).toISOString() : time;
}

/** The log files of CloudTrail as its digests would name them. */
export function listTrailLogs(files: Iterable<ScannedFile>, digests: readonly DigestFile[]): Iterable<LogFile> {
  const named = new Map<string, { readonly bucket: string; readonly key: string }>();
  for (const { file } of digests) {
    const reading = file.kind === 'whole' ? parseDigest(file.content) : undefined;
    if (reading?.kind !== 'read') continue;
    for (const { s3Bucket, s3Object } of reading.digest.logFiles) {
      named.set(basename(s3Object), { bucket: s3Bucket, key: s3Object });
    }
  }
  const [first] = named.values();
  return placeLogs();

  function* placeLogs(): Generator<LogFile, void, undefined> {
    for (const { file, kind, contentSha256, trailing, problem } of files) {
      if (kind === 'digest' || !isTrailLog(file)) continue;
      const known = named.get(basename(file));
      const isPlaced = known !== undefined && (known.key.endsWith(file) || file.endsWith(known.key));
      const place = isPlaced ? known : { bucket: first?.bucket ?? '', key: afterLogs(file) };
      const content: LogFile['file'] =
        contentSha256 === undefined
          ? { kind: 'broken', problem: problem ?? 'it is no log' }
          : { kind: 'whole', sha256: contentSha256, trailing };
      yield { ...place, file: content };
    }
  }
}

function inflateDigest(deflated: Uint8Array): ReturnType<InflateRaw> {
  return inflateRaw(deflated, MAX_DIGEST);
}

/** Of what is in a digest, bytes: it names the logs of an hour. */
const MAX_DIGEST = 256 * 1024 * 1024;
