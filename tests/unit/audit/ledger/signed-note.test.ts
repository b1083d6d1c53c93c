import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { formatCheckpoint, parseCheckpoint } from '../../../../lib/domain/audit/ledger/checkpoint';
import {
  formatNote,
  keyId,
  type NoteKey,
  noteMessage,
  type SignatureVerifier,
  verifyNote,
} from '../../../../lib/domain/audit/ledger/signed-note';
import { formatHex } from '../../../../lib/domain/bytes';
import { reportTried } from '../mutations';
import { sha256 } from '../sha256';

const verifySignature: SignatureVerifier = (key, message, signature) =>
  verify(key.kind === 'ed25519' ? null : 'sha256', message, readPublicKey(key), signature);

const ROOM = makeEd25519('audit.example.com/room');
const WITNESS = makeP256('witness.example.com/kms');
const BODY = formatCheckpoint({ origin: 'audit.example.com/room', size: 42, root: sha256(new Uint8Array()) });

describe('a signed checkpoint', () => {
  const note = formatNote(sha256, BODY, [ROOM, WITNESS].map(signBody));

  it('has the lines of the specification', () => {
    const lines = note.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'audit.example.com/room',
      '42',
      '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      '',
    ]);
    expect(lines[4]).toMatch(/^— audit\.example\.com\/room [A-Za-z0-9+/]{91}=$/);
    expect(lines.at(-1)).toBe('');
  });

  it.each([[[ROOM.key]], [[WITNESS.key]], [[ROOM.key, WITNESS.key]]])(
    'is verified with the keys that are known',
    (keys) => {
      expect(verifyNote(sha256, note, keys, verifySignature)).toEqual({ kind: 'verified', text: BODY, signedBy: keys });
    },
  );

  it('is refused without a known key, and with a namesake', () => {
    for (const keys of [[], [makeEd25519('audit.example.com/room').key]]) {
      expect(verifyNote(sha256, note, keys, verifySignature)).toEqual({
        kind: 'refused',
        reason: 'None of the known keys signed it.',
      });
    }
  });

  it('no change of a character passes', () => {
    let tried = 0;
    for (let at = 0; at < note.length; at += 1) {
      for (const changed of [note.slice(0, at) + note.slice(at + 1), replaceAt(note, at), `${note.slice(0, at)}`]) {
        tried += 1;
        const verdict = verifyNote(sha256, changed, [ROOM.key, WITNESS.key], verifySignature);
        // A signature that is cut away or renamed leaves the other: then the text is whole, and one key fewer signed.
        if (verdict.kind === 'verified') {
          expect(verdict.text).toBe(BODY);
          expect(verdict.signedBy).toHaveLength(1);
        }
      }
    }
    reportTried('signed checkpoints', tried);
  });

  it('a known key’s wrong signature spoils the note', () => {
    const wrong = formatNote(sha256, BODY, [signBody(ROOM), { key: WITNESS.key, signature: new Uint8Array(70) }]);
    expect(verifyNote(sha256, wrong, [ROOM.key, WITNESS.key], verifySignature)).toEqual({
      kind: 'refused',
      reason: 'The signature of witness.example.com/kms does not fit the text.',
    });
    expect(verifyNote(sha256, wrong, [ROOM.key], verifySignature).kind).toBe('verified');
  });
});

it('knows a key by the first bytes of its hash', () => {
  const { publicKey, name } = ROOM.key;
  const ed25519 = sha256(Buffer.concat([Buffer.from(`${name}\n\u0001`), publicKey]));
  expect(formatHex(keyId(sha256, ROOM.key))).toBe(formatHex(ed25519).slice(0, 8));
  expect(formatHex(keyId(sha256, WITNESS.key))).toBe(formatHex(sha256(WITNESS.key.publicKey)).slice(0, 8));
});

it('reads back the example of the specification', () => {
  const body = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  const checkpoint = parseCheckpoint(body);
  expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
  expect(formatCheckpoint(checkpoint!)).toBe(body);
});

it.each([
  ['no last newline', 'o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  ['an extension line', 'o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n'],
  ['a leading zero', 'o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
  ['a size beyond counting', 'o\n9007199254740993\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
  ['a short root', 'o\n1\nAAAA\n'],
  ['stray bits in the root', 'o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n'],
  ['no origin', '\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
])('refuses a checkpoint with %s', (_, body) => {
  expect(parseCheckpoint(body)).toBeUndefined();
});

it('signs no text that is not a note', () => {
  for (const text of ['no end', 'tab\there\n', '\ud800\n']) expect(() => noteMessage(text)).toThrow(RangeError);
  expect(() => formatCheckpoint({ origin: 'two words', size: 0, root: new Uint8Array(32) })).toThrow(
    '"two words" cannot name a ledger',
  );
});

interface Signer {
  readonly key: NoteKey;
  readonly secret: KeyObject;
}

function makeEd25519(name: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: { kind: 'ed25519', name, publicKey: new Uint8Array(raw) }, secret: privateKey };
}

function makeP256(name: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { key: { kind: 'ecdsa-p256', name, publicKey: new Uint8Array(spki) }, secret: privateKey };
}

function signBody({ key, secret }: Signer) {
  const signature = sign(key.kind === 'ed25519' ? null : 'sha256', noteMessage(BODY), secret);
  return { key, signature: new Uint8Array(signature) };
}

function readPublicKey({ kind, publicKey }: NoteKey): KeyObject {
  const header = Buffer.from('302a300506032b6570032100', 'hex');
  const der = kind === 'ed25519' ? Buffer.concat([header, publicKey]) : Buffer.from(publicKey);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

function replaceAt(text: string, at: number): string {
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}
