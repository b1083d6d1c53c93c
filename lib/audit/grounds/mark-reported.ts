import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ReportedPeriod } from '../../domain/audit/attribution/find-lateness';
import { parseLogKey } from '../../domain/audit/integrity/trail-key';
import type { ToldEntries } from '../../domain/audit/ledger/told-entries';
import type { InputFile } from '../../domain/audit/report/audit-header';
import { compareNames, type FoundLog, type LogFolder } from '../logs/list-log-files';
import { openList } from '../spool/ordered-list';
import { parseInputLine } from './input-list';
import { INPUT_LABELS, splitInputName } from './input-names';

/** The reports of the time before: what came too late for them is told in this one. */
export interface EarlierReports {
  readonly periods: readonly ReportedPeriod[];
  /** Their lists of what they were made of, on this disk. */
  readonly inputs: readonly string[];
  /** Their tables of exceptions, on this disk: what they list is not told again where a further record of it comes. */
  readonly exceptions?: readonly string[];
  /** What of the ledger those could tell of which that is known. */
  readonly told?: readonly ToldEntries[];
}

interface ReportedFiles {
  readonly found: LogFolder;
  /** When the last file of the trail was delivered of which an earlier report was made, and that is not here: in milliseconds. */
  readonly missingUntil?: number;
  /** Whether an earlier report was made of a file that may have grown since, as it is now. */
  readonly isAsReported: (file: Pick<InputFile, 'file' | 'sha256'>) => boolean;
}

/** Marks the files that an earlier report was made of; but for those that grow, whose names say nothing of what they hold. */
export async function markReported(
  found: LogFolder,
  earlier: EarlierReports | undefined,
  work: string,
): Promise<ReportedFiles> {
  const grown = new Set<string>();
  const isAsReported = ({ file, sha256 }: Pick<InputFile, 'file' | 'sha256'>) => grown.has(`${sha256} ${file}`);
  if (earlier === undefined) return { found, isAsReported };
  const names = openList<{ readonly file: string }>(work, 'reported', compareNames);
  for (const path of earlier.inputs)
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      const input = parseInputLine(line);
      if (input === undefined) continue;
      if (mayGrow(input.file)) grown.add(`${input.sha256} ${input.file}`);
      else names.put({ file: input.file });
    }
  const files = openList<FoundLog>(work, 'marked', compareNames);
  const reported = names.finish()[Symbol.iterator]();
  let next = reported.next();
  // Both are in order of their names.
  const missing = openMissing();
  for (const log of found.files) {
    for (; next.done !== true && next.value.file < log.file; next = reported.next()) missing.note(next.value.file);
    const isReported = next.done !== true && next.value.file === log.file;
    files.put(isReported ? { ...log, reported: true } : log);
    // Several reports may have been made of one file.
    while (next.done !== true && next.value.file === log.file) next = reported.next();
  }
  for (; next.done !== true; next = reported.next()) missing.note(next.value.file);
  return { found: { ...found, files: files.finish() }, isAsReported, ...missing.tell() };
}

/** Of names that are no log's of a trail by CloudTrail's own words, any may hold what happened at any time. */
function openMissing() {
  let until = Number.NEGATIVE_INFINITY;
  return {
    note: (name: string) => {
      if (splitInputName(name).label !== '') return;
      until = Math.max(until, Date.parse(parseLogKey(name)?.delivered ?? '') || Number.POSITIVE_INFINITY);
    },
    tell: (): Pick<ReportedFiles, 'missingUntil'> =>
      until === Number.NEGATIVE_INFINITY ? {} : { missingUntil: until },
  };
}

/** The SFTP server goes on writing to the log of a day, and CloudWatch takes late lines: few files, of a day each. */
function mayGrow(file: string): boolean {
  return splitInputName(file).label === INPUT_LABELS.transfer;
}
