import type { TrailPublicKey } from '../domain/audit/integrity/trail-copy';
import { countEvents } from './count-events';
import { type InputLabel, nameInput } from './input-names';
import { type FoundLog, listLogFiles, type UnreadFile } from './list-log-files';
import type { LogSource } from './log-source';
import { readDigests } from './read-digests';
import { scanLogs } from './scan-logs';

/** A folder of logs; its files are named with the label before them. */
export interface InputFolder {
  readonly label: InputLabel;
  readonly folder: string;
}

/** Logs, and perhaps the digests that vouch for them, in folders. */
export function openLogFolders(
  inputs: readonly InputFolder[],
  digests?: { readonly folder: string; readonly publicKeys: readonly TrailPublicKey[] },
): LogSource {
  return {
    list: async () => {
      const files: FoundLog[] = [];
      const unread: UnreadFile[] = [];
      for (const { label, folder } of inputs) {
        const found = listLogFiles(folder);
        const name = (file: string) => nameInput(label, file);
        files.push(...found.files.map((each) => ({ ...each, file: name(each.file) })));
        unread.push(...found.unread.map((each) => ({ ...each, file: name(each.file) })));
      }
      return { files, unread };
    },
    scan: scanLogs,
    count: countEvents,
    ...(digests === undefined
      ? {}
      : { digests: { read: async () => readDigests(digests.folder), publicKeys: digests.publicKeys } }),
  };
}
