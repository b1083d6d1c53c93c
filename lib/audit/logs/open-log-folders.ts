import type { TrailPublicKey } from '../../domain/audit/integrity/trail-copy';
import { type InputLabel, nameInput } from '../grounds/input-names';
import { openList } from '../spool/ordered-list';
import { countEvents } from './count-events';
import { compareNames, type FoundLog, type UnreadFile, walkLogFiles } from './list-log-files';
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
  let found: Iterable<FoundLog> = [];
  return {
    list: async (work) => {
      const files = openList<FoundLog>(work, 'found', compareNames);
      const unread: UnreadFile[] = [];
      let bytes = 0;
      for (const { label, folder } of inputs) {
        const take = (each: FoundLog) => {
          files.put({ ...each, file: nameInput(label, each.file) });
          bytes += each.bytes;
        };
        walkLogFiles(folder, take, (each) => unread.push({ ...each, file: nameInput(label, each.file) }));
      }
      const listed = files.finish();
      found = listed;
      return { files: listed, bytes, unread };
    },
    scan: scanLogs,
    count: (others, summaries) => countEvents(leaveOut(found, others), summaries),
    ...(digests === undefined
      ? {}
      : { digests: { read: async () => readDigests(digests.folder), publicKeys: digests.publicKeys } }),
  };
}

function* leaveOut(files: Iterable<FoundLog>, others: ReadonlySet<string>): Generator<FoundLog, void, undefined> {
  for (const each of files) if (!others.has(each.file)) yield each;
}
