import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { INPUT_LABELS, type InputLabel } from '../../audit/grounds/input-names';
import type { InputFolder } from '../../audit/logs/open-log-folders';
import { InvalidInput } from '../describe/exit-code';

/** The options that name folders of logs. */
interface LogOptions {
  readonly logs?: string;
  readonly serverAccessLogs?: string;
  readonly transferLogs?: string;
}

/** @throws InvalidInput for a folder that is not there */
export function listLogFolders({ logs, serverAccessLogs, transferLogs }: LogOptions): readonly InputFolder[] {
  const folders: readonly {
    readonly option: string;
    readonly label: InputLabel;
    readonly folder?: string | undefined;
  }[] = [
    { option: '--logs', label: '', folder: logs },
    { option: '--server-access-logs', label: INPUT_LABELS.serverAccess, folder: serverAccessLogs },
    { option: '--transfer-logs', label: INPUT_LABELS.transfer, folder: transferLogs },
  ];
  return folders.flatMap(({ option, label, folder }) => {
    if (folder === undefined) return [];
    requireFolder(option, folder);
    return { label, folder };
  });
}

/** @throws InvalidInput */
export function requireFolder(option: string, folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  throw new InvalidInput(`${option} ${folder}: there is no such folder.`);
}

/**
 * What is written needs a folder to lie in, and none that is read: the next run would take it for logs.
 * @param read folders that are read
 * @throws InvalidInput
 */
export function requirePlace(option: string, folder: string, read: Readonly<Record<string, string | undefined>>): void {
  const wanted = resolve(folder);
  let place = wanted;
  while (!existsSync(place)) place = dirname(place);
  if (!statSync(place).isDirectory()) throw new InvalidInput(`${option} ${folder}: ${place} is a file. Name a folder.`);
  for (const [of, given] of Object.entries(read))
    if (given !== undefined && isBelow(resolve(given), wanted))
      throw new InvalidInput(
        `${option} ${folder}: it lies in what ${of} names, and would be read with it the next time. Name another folder.`,
      );
}

/**
 * A pack is all that lies in its folder: of anything else there, verification says that the manifest does not name it.
 * @throws InvalidInput
 */
export function requireOutside(out: string, others: Readonly<Record<string, string | undefined>>): void {
  for (const [option, path] of Object.entries(others))
    if (path !== undefined && isBelow(resolve(out), resolve(path)))
      throw new InvalidInput(
        `${option} ${path}: it lies in --out, where nothing may lie but the pack, or it could not be verified. Name a folder of its own with --out.`,
      );
}

function isBelow(folder: string, place: string): boolean {
  const [first] = relative(folder, place).split(sep);
  return first !== '..';
}
