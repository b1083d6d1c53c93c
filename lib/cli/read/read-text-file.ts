import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import type { Finding } from '../../domain/agreement/yaml/finding';
import { errorCode } from '../../error-code';

/** A file that a person wrote cannot be read at all. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  constructor(
    readonly finding: Finding,
    options?: ErrorOptions,
  ) {
    super(`${finding.file}: ${finding.problem}`, options);
  }
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a whole text file of at most 64 MiB, in UTF-8.
 * @param shown The name that findings give it.
 * @throws UnreadableFile
 */
export function readTextFile(path: string, shown: string): string {
  try {
    // Non-blocking: opening a named pipe would otherwise wait for its other end.
    const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(handle);
      if (!stat.isFile()) throw refuse(shown, 'this is not a file', 'Name a text file.');
      if (stat.size > MAX_BYTES)
        throw refuse(shown, 'the file is larger than 64 MiB', 'Name a file that people wrote.');
      return decode(readFileSync(handle), shown);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw explain(error, shown);
  }
}

/** What is no UTF-8 would be read as other names than those that stand there. */
function decode(bytes: Buffer, shown: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw refuse(shown, 'this is no text in UTF-8', 'Save it as UTF-8.');
}

/**
 * The real path of a file, which must be inside the folder however the path and its symbolic links wind.
 * @param folder A real path.
 * @throws UnreadableFile
 */
export function resolveInside(folder: string, path: string, shown: string): string {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    throw explain(error, shown);
  }
  const inner = relative(folder, real);
  if (inner.split(sep)[0] === '..' || isAbsolute(inner))
    throw refuse(shown, 'this leads out of its folder', 'Put the file itself there.');
  return real;
}

/** Passes on what is not about the file system. */
function explain(error: unknown, shown: string): unknown {
  const code = errorCode(error);
  switch (code) {
    case undefined:
      return error;
    case 'ENOENT':
    case 'ENOTDIR':
      return refuse(shown, 'there is no such file', 'Put it there, or correct the name.', error);
    case 'ELOOP':
      return refuse(shown, 'this is a symbolic link that leads nowhere', 'Put the file itself there.', error);
    default:
      return refuse(
        shown,
        `this cannot be read (${code})`,
        'Check that it may be read and that its disk is there.',
        error,
      );
  }
}

function refuse(file: string, problem: string, remedy: string, cause?: unknown): UnreadableFile {
  return new UnreadableFile({ severity: 'error', file, line: 1, column: 1, path: '', problem, remedy }, { cause });
}
