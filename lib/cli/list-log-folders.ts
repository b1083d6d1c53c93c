import { existsSync, statSync } from 'node:fs';
import { INPUT_LABELS, type InputLabel } from '../audit/input-names';
import type { InputFolder } from '../audit/open-log-folders';
import { InvalidInput } from './exit-code';

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
