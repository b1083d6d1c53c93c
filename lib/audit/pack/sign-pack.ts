import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { NoteSigner } from '../ledger/note-signer';

/** What the manifest lists: every file of the pack but the manifest itself and those of the ledger, which goes on. */
interface Manifest {
  readonly manifestVersion: 1;
  readonly produced: string;
  readonly toolVersion: string;
  readonly files: readonly ManifestFile[];
  /** Where the ledger lies in the pack: the checkpoints that it had then, by name. */
  readonly ledger?: { readonly checkpoints: readonly string[] };
}

interface ManifestFile {
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export const MANIFEST = 'manifest.json';
export const MANIFEST_NOTE = 'manifest.sig';
/** The folder of the ledger, where it lies in the pack; it grows from run to run. */
export const LEDGER = 'ledger';

/** The signed state of the ledger, in the pack. */
export const CHECKPOINT = 'checkpoint.txt';
export const CHECKPOINTS = 'checkpoints';

/** Lists all files of a pack and signs the list, last of all. @param ledger where it is to lie in the pack, if that is made elsewhere */
export async function signPack(
  out: string,
  signer: NoteSigner,
  { produced, toolVersion }: Pick<Manifest, 'produced' | 'toolVersion'>,
  ledger = join(out, LEDGER),
): Promise<void> {
  const files = listPackFiles(out).map((file) => hashPackFile(out, file));
  const kept = existsSync(ledger) ? { ledger: { checkpoints: listCheckpoints(ledger) } } : {};
  const manifest: Manifest = { manifestVersion: 1, produced, toolVersion, files, ...kept };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  writeFileSync(join(out, MANIFEST), text);
  writeFileSync(join(out, MANIFEST_NOTE), await signer.signNote(formatManifestNote(text)));
}

/** The checkpoints of a ledger's folder, by name. */
export function listCheckpoints(ledger: string): readonly string[] {
  const folder = join(ledger, CHECKPOINTS);
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

/** What is signed. */
export function formatManifestNote(manifest: string | Uint8Array): string {
  return `barter audit manifest\n${createHash('sha256').update(manifest).digest('hex')}\n`;
}

/** By name, with slashes: hidden ones, too. */
export function listPackFiles(out: string): readonly string[] {
  return readdirSync(out, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(out, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.startsWith(`${LEDGER}/`))
    .filter((file) => file !== MANIFEST && file !== MANIFEST_NOTE)
    .toSorted();
}

const CHUNK = 1024 * 1024;

export function hashPackFile(out: string, file: string): ManifestFile {
  const handle = openSync(join(out, file), 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(CHUNK);
    let bytes = 0;
    for (let length = readSync(handle, buffer); length > 0; length = readSync(handle, buffer)) {
      hash.update(buffer.subarray(0, length));
      bytes += length;
    }
    return { file, bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(handle);
  }
}
