import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { sha256, verifySignature } from '../../lib/audit/node-crypto';
import { parseCheckpoint } from '../../lib/domain/audit/ledger/checkpoint';
import { verifyNote } from '../../lib/domain/audit/ledger/signed-note';
import { parseVerifierKey } from '../../lib/domain/audit/ledger/verifier-key';

/** A party of an agreement, and the bucket where its outbox is. */
interface PartyOutbox {
  readonly bucket: string;
  readonly agreement: string;
  readonly party: string;
}

/**
 * What a party holds after it fetched the signed checkpoint of a size from the place that docs/audit.md names, with the key
 * beside it: the place is written out here, so that nothing moves both.
 * @throws where either is not there, is no key or no checkpoint, or the note is not signed by that key
 */
export async function fetchCheckpoint(s3: S3Client, outbox: PartyOutbox, size: number) {
  const place = `outbox/${outbox.agreement}/${outbox.party}/`;
  const read = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: outbox.bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  };
  const verifierKey = await read(`${place}verifier-key`);
  const note = await read(`${place}checkpoints/${size}`);
  const key = parseVerifierKey(sha256, verifierKey);
  if (key === undefined) throw new Error(`${place}verifier-key is no key.`);
  const verdict = verifyNote(sha256, note, [key], verifySignature);
  if (verdict.kind === 'refused') throw new Error(`${place}checkpoints/${size}: ${verdict.reason}`);
  return { verifierKey, note, checkpoint: parseCheckpoint(verdict.text) };
}
