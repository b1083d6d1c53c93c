import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { sha256 } from '../../audit/node-crypto';
import { CERTIFICATE, hashFiles } from '../../domain/privacy/certificate/hash-files';
import { hashFile } from '../../engine/intake/hash-file';
import { errorCode } from '../../error-code';
import { InvalidInput } from '../describe/exit-code';

/**
 * The hash of a release as it arrived, as its certificate has it: of all files under a folder, by their names from the folder
 * on in which the first of them lies. A certificate among them is none of the release's.
 * @param path a folder, or the only file
 * @throws InvalidInput where there is no file
 */
export async function hashReceived(path: string): Promise<{ readonly sha256: string; readonly files: number }> {
  const found = listFiles(path).filter((file) => basename(file) !== CERTIFICATE);
  if (found.length === 0)
    throw new InvalidInput(`${path}: there is no file of a release. Name the folder that it lies in.`);
  const root = sharedFolder(found);
  const files = [];
  for (const file of found)
    files.push({ file: relative(root, file).replaceAll('\\', '/'), sha256: await hashFile(file) });
  return { sha256: hashFiles(files, sha256), files: files.length };
}

function listFiles(path: string): readonly string[] {
  try {
    if (statSync(path).isFile()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    throw new InvalidInput(`${path} cannot be read (${errorCode(error) ?? 'unknown'}).`, { cause: error });
  }
}

/** The deepest folder that all lie in: exports put a release under folders of their own. */
function sharedFolder(files: readonly string[]): string {
  const folders = files.map((file) => file.split('/').slice(0, -1));
  const [first = []] = folders;
  const differs = first.findIndex((part, at) => folders.some((folder) => folder[at] !== part));
  return (differs === -1 ? first : first.slice(0, differs)).join('/') || '.';
}
