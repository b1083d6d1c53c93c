import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ReportedPeriod } from '../domain/audit/attribution/find-lateness';
import { parseInputLine } from './input-list';
import { compareNames, type FoundLog, type LogFolder } from './list-log-files';
import { openList } from './ordered-list';

/** The reports of the time before: what came too late for them is told in this one. */
export interface EarlierReports {
  readonly periods: readonly ReportedPeriod[];
  /** Their lists of what they were made of, on this disk. */
  readonly inputs: readonly string[];
  /** Of those of which that is known: how many entries the ledger had when the report was made. */
  readonly ledgers?: readonly LedgerThen[];
}

export interface LedgerThen {
  readonly period: ReportedPeriod;
  readonly entries: number;
}

/** Marks the files that an earlier report was made of. */
export async function markReported(
  found: LogFolder,
  earlier: EarlierReports | undefined,
  work: string,
): Promise<LogFolder> {
  if (earlier === undefined) return found;
  const names = openList<{ readonly file: string }>(work, 'reported', compareNames);
  for (const path of earlier.inputs)
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      const input = parseInputLine(line);
      if (input !== undefined) names.put({ file: input.file });
    }
  const files = openList<FoundLog>(work, 'marked', compareNames);
  const reported = names.finish()[Symbol.iterator]();
  let next = reported.next();
  // Both are in order of their names.
  for (const log of found.files) {
    while (next.done !== true && next.value.file < log.file) next = reported.next();
    files.put(next.done !== true && next.value.file === log.file ? { ...log, reported: true } : log);
  }
  return { ...found, files: files.finish() };
}
