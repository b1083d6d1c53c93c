import { type LogKey, parseLogKey } from '../../domain/audit/integrity/trail-key';
import { splitInputName } from '../grounds/input-names';
import type { UnreadFile } from './list-log-files';
import type { ScannedFile } from './scan-files';

/** What the files say by themselves. */
export interface FileSurvey {
  /** When something was delivered, once each: files are many, and minutes of a period are not. */
  readonly delivered: readonly LogKey[];
  readonly broken: readonly UnreadFile[];
  /** Of the trail's: digests tell of it where there are some, for no reader of gzip shows what lies there. */
  readonly trailing: readonly UnreadFile[];
  /** Told, and no exception: a folder of logs may hold a note, but under no name that CloudTrail gives. */
  readonly foreign: readonly UnreadFile[];
}

export function surveyFiles(files: Iterable<ScannedFile>): FileSurvey {
  const delivered = new Map<string, LogKey>();
  const [broken, trailing, foreign]: [UnreadFile[], UnreadFile[], UnreadFile[]] = [[], [], []];
  for (const { file, kind, problem, trailing: behind } of files) {
    const key = parseLogKey(file);
    if (key !== undefined) delivered.set(`${key.account} ${key.region} ${key.delivered}`, key);
    if (problem !== undefined) broken.push({ file, problem });
    else if (behind > 0)
      (splitInputName(file).label === '' ? trailing : broken).push({
        file,
        problem: `${behind} bytes lie behind its compressed content`,
      });
    if (kind === 'foreign' && problem === undefined)
      (key === undefined ? foreign : broken).push({
        file,
        problem:
          key === undefined ? 'it is no log that is known here' : 'it lies where CloudTrail puts a log, and is none',
      });
  }
  return { delivered: [...delivered.values()], broken, trailing, foreign };
}
