import { dirname, join } from 'node:path';
import type { Signer } from '../domain/agreement/signature';
import { openPartySigner } from '../registry/party-signer';
import { makeSigningKey } from '../signing-key';
import { InvalidInput } from './describe/exit-code';

export interface SignerOptions {
  readonly key?: string;
  readonly kms?: string;
}

/**
 * The key by which a party signs: a file on this machine, or a key of AWS KMS.
 * @param file the agreement's, beside which the party's own key lies
 * @param isFirst whether a key is made where there is none
 * @throws InvalidInput, UnusableSigningKey
 */
export async function openSigner(
  file: string,
  by: string,
  { key, kms }: SignerOptions,
  { isFirst }: { readonly isFirst: boolean },
): Promise<Signer> {
  if (kms === undefined) {
    const own = join(dirname(file), '.barter', 'signing', `${by}.pem`);
    // A key that was named has to be there; only our own is made.
    if (key === undefined && isFirst) makeSigningKey(own);
    return openPartySigner(key ?? own);
  }
  if (key !== undefined) throw new InvalidInput('Sign with a file or with a key of AWS KMS: give --key or --kms.');
  // Slow to load, and only wanted here.
  const { KMSClient }: typeof import('@aws-sdk/client-kms') = require('@aws-sdk/client-kms');
  const { openKmsSigner }: typeof import('../registry/kms-signer') = require('../registry/kms-signer');
  try {
    return await openKmsSigner(new KMSClient(), kms);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    // That of a key of another kind is a whole sentence.
    if (error instanceof TypeError) throw new InvalidInput(why, { cause: error });
    throw new InvalidInput(`The key ${kms} cannot be used: ${why}`, { cause: error });
  }
}
