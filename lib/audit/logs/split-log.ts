import { hasByteOrderMark, LOG_HEAD, recogniseLog } from './recognise-log';

/** Splits what it is given; `finish` ends one log, and another may follow. */
export interface LogParts {
  /** @returns false to get no more */
  readonly push: (chunk: Uint8Array) => boolean;
  /** What keeps it from being whole. */
  readonly finish: () => string | undefined;
}

export interface SplitLog {
  /** `digest`: not a log, but CloudTrail's word for some. `foreign`: nothing of a log is in it. */
  readonly kind: 'log' | 'digest' | 'foreign';
  readonly problem: string | undefined;
}

interface LogSplitter {
  /** @returns false to get no more */
  readonly push: (chunk: Buffer) => boolean;
  /** @param isRead whether there was a file */
  readonly finish: (isRead: boolean) => SplitLog;
}

/** Finds by its beginning what a file is, and passes it on to what splits it. For one file after the other. */
export function openLogSplitter(records: LogParts, lines: LogParts): LogSplitter {
  /** Of a file of which it is not known yet. */
  let head: Buffer | undefined = NOTHING;
  let kind: SplitLog['kind'] = 'log';
  let parts: LogParts | undefined;
  const start = (beginning: Buffer): boolean => {
    head = undefined;
    const shape = recogniseLog(beginning);
    if (shape === 'digest' || shape === 'foreign') {
      kind = shape;
      return false;
    }
    parts = shape === 'records' ? records : lines;
    return parts.push(hasByteOrderMark(beginning) ? beginning.subarray(3) : beginning);
  };
  return {
    push: (chunk) => {
      if (head === undefined) return parts?.push(chunk) ?? false;
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      return head.length < LOG_HEAD || start(head);
    },
    finish: (isRead) => {
      if (head !== undefined && isRead) start(head);
      const split = { kind, problem: parts?.finish() };
      [head, kind, parts] = [NOTHING, 'log', undefined];
      return split;
    },
  };
}

const NOTHING: Buffer = Buffer.alloc(0);
