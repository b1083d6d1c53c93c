import { GenerateMacCommand, type KMSClient, KMSServiceException } from '@aws-sdk/client-kms';

/** The secret that a message stands for, under the key with this ARN. */
export type MakeMac = (key: string, message: string) => Promise<Uint8Array>;

/** A key is deleted, or is to be: nothing can be made with it any more. */
export class KeyGone extends Error {
  override readonly name = 'KeyGone';
}

/** By KMS, where the key's policy names the function's role. */
export function openMac(kms: KMSClient): MakeMac {
  return async (KeyId, message) => {
    const Message = new TextEncoder().encode(message);
    try {
      const { Mac } = await kms.send(new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message }));
      if (Mac === undefined) throw new Error('KMS answered without a MAC.');
      return Mac;
    } catch (error) {
      if (!(error instanceof KMSServiceException) || !GONE.has(error.name)) throw error;
      throw new KeyGone(`The key ${KeyId} cannot be used any more (${error.name}).`, { cause: error });
    }
  };
}

const GONE: ReadonlySet<string> = new Set(['KMSInvalidStateException', 'DisabledException', 'NotFoundException']);
