import { sign } from 'node:crypto';
import { formatNote, type NoteKey, noteMessage } from '../../domain/audit/ledger/signed-note';
import { readSigningKey } from '../../signing-key';
import { rawPublicKey, sha256 } from '../node-crypto';

/** Signs as one name. */
export interface NoteSigner {
  readonly key: NoteKey;
  /** A signed note (https://c2sp.org/signed-note). */
  readonly signNote: (text: string) => Promise<string>;
}

/**
 * Signs by the key in a file.
 * @throws UnusableSigningKey
 */
export function openNoteSigner(file: string, name: string): NoteSigner {
  const secret = readSigningKey(file);
  const key: NoteKey = { kind: 'ed25519', name, publicKey: rawPublicKey(secret) };
  return {
    key,
    signNote: async (text) => {
      const signature = new Uint8Array(sign(null, noteMessage(text), secret));
      return formatNote(sha256, text, [{ key, signature }]);
    },
  };
}
