import type { DeliveryProblem } from './delivery-problem';
import type { FoundFile } from './list-delivered-files';
import { MAX_RECORD, scanTextFile, UTF8_BOM } from './scan-text-file';

export interface JsonLinesScan {
  readonly kind: 'scanned';
  readonly sha256: string;
  /** Lines that hold something. */
  readonly rows: number;
  /** Bytes of the longest line. */
  readonly longest: number;
  /** Whether it begins with a byte order mark, which JSON does not have. */
  readonly marked: boolean;
}

const NEWLINE = 10;
const OPENING_BRACKET = 91;

export async function scanJsonLinesFile(
  found: FoundFile,
): Promise<JsonLinesScan | { readonly kind: 'refused'; readonly problem: DeliveryProblem }> {
  let rows = 0;
  let longest = 0;
  let open = 0;
  let blank = true;
  let offset = 0;
  let marked = false;
  const read = (chunk: Buffer): DeliveryProblem | undefined => {
    if (offset === 0) marked = chunk.subarray(0, UTF8_BOM.length).equals(UTF8_BOM);
    let start = offset === 0 && marked ? UTF8_BOM.length : 0;
    const problem = offset === 0 ? describeOtherJson(found, chunk.subarray(start)) : undefined;
    if (problem) return problem;
    offset += chunk.length;
    while (start < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline < 0 ? chunk.length : newline;
      if (blank && skipSpace(chunk, start, end) < end) blank = false;
      open += end - start;
      if (open > longest) longest = open;
      if (newline >= 0) {
        if (!blank) rows++;
        blank = true;
        open = 0;
      }
      start = end + 1;
    }
    return longest > MAX_RECORD ? describeLongLine(found, rows) : undefined;
  };
  const scan = await scanTextFile(found, read);
  if (scan.kind === 'refused') return scan;
  return { kind: 'scanned', sha256: scan.sha256, rows: blank ? rows : rows + 1, longest, marked };
}

/** What is wrong with a file that holds JSON, but not an object per line. `head`: what it begins with, behind any byte order mark. */
export function describeOtherJson(found: Pick<FoundFile, 'file'>, head: Buffer): DeliveryProblem | undefined {
  const first = skipSpace(head, 0, head.length);
  if (head[first] === OPENING_BRACKET) return describeArray(found);
  return beginsWithSpreadObject(head.toString('utf8', first)) ? describeSpreadObject(found) : undefined;
}

function skipSpace(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 32 || (bytes[at]! >= 9 && bytes[at]! <= 13))) at++;
  return at;
}

function describeArray({ file }: Pick<FoundFile, 'file'>): DeliveryProblem {
  const remedy = 'Write one object per line (JSON lines), without brackets around and commas between them.';
  return { where: file, problem: 'the file is a JSON array', remedy };
}

/** Whether the text begins with an object over many lines: a brace alone on its line, or JSON once lines are put together. */
function beginsWithSpreadObject(text: string): boolean {
  if (!text.startsWith('{')) return false;
  if (/^\{\s*\n/.test(text)) return true;
  const end = findObjectEnd(text);
  if (!text.slice(0, end).includes('\n')) return false;
  try {
    JSON.parse(text.slice(0, end));
    return true;
  } catch {
    return false;
  }
}

/** Behind the brace that closes the first one. */
function findObjectEnd(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === '{') depth++;
    else if (token === '}' && --depth === 0) return index + 1;
  }
  return text.length;
}

function describeSpreadObject({ file }: Pick<FoundFile, 'file'>): DeliveryProblem {
  return {
    where: file,
    problem: 'it is not JSON lines: an object goes over many lines',
    remedy: 'Write one object per line (JSON lines).',
  };
}

function describeLongLine({ file }: FoundFile, rows: number): DeliveryProblem {
  return {
    where: `${file}, row ${rows + 1}`,
    problem: `the line is longer than ${MAX_RECORD / 1024 / 1024} MiB`,
    remedy: 'Write one object per line (JSON lines), and shorten its texts.',
  };
}
