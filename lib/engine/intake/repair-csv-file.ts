import { createReadStream } from 'node:fs';
import { createCsvTokenizer, RECORD } from './csv-tokenizer';
import { joinCsvFields } from './join-csv-fields';
import { openLineWriter } from './open-line-writer';
import type { CsvLayout } from './read-csv-layout';
import { isBlank } from './scan-csv-file';
import { splitCsvRecord } from './split-csv-record';

/** A record whose fields cannot be matched with the columns. */
interface BadRecord {
  /** From 0, behind the header. */
  readonly row: number;
  readonly reason: string;
  /** At most as many as there are columns; what is left of the record is in the last. */
  readonly fields: readonly string[];
}

/**
 * Copies a CSV file so that any reader takes it as the tokenizer does: comma, LF, as many fields in every record as
 * there are columns. A bad record is handed out and leaves empty fields behind, so that rows keep their numbers.
 */
export async function repairCsvFile(
  from: string,
  { delimiter, skip, names }: CsvLayout,
  to: string,
  onBad: (bad: readonly BadRecord[]) => Promise<void>,
): Promise<void> {
  const width = names.length;
  const copy = openLineWriter(to);
  const placeholder = joinCsvFields(new Array<string>(width).fill(''));
  let records = 0;
  let bytes: Buffer = Buffer.alloc(0);
  /** Offset of the first of `bytes`. */
  let base = 0;
  let lines: string[] = [];
  let bad: BadRecord[] = [];
  const tokenizer = createCsvTokenizer(delimiter.charCodeAt(0), (start, end, fields, flags) => {
    if (isBlank(end - start, width, records)) return;
    const record = bytes.toString('utf8', start - base, end - base);
    const reason = records === 0 ? undefined : judgeRecord(fields, width, flags);
    if (reason === undefined) lines.push(joinCsvFields(splitCsvRecord(record, delimiter)));
    else {
      bad.push({ row: records - 1, reason, fields: splitCsvRecord(record, delimiter, width) });
      lines.push(placeholder);
    }
    records++;
  });
  const flush = async () => {
    await copy.write(lines.join(''));
    if (bad.length > 0) await onBad(bad);
    lines = [];
    bad = [];
  };
  for await (const chunk of createReadStream(from, { start: skip, highWaterMark: 1024 * 1024 })) {
    bytes = Buffer.concat([bytes.subarray(tokenizer.begun - base), chunk as Buffer]);
    base = tokenizer.begun;
    tokenizer.push(chunk as Buffer);
    await flush();
  }
  tokenizer.end();
  await flush();
  await copy.close();
}

function judgeRecord(fields: number, width: number, flags: number): string | undefined {
  if ((flags & RECORD.broken) !== 0) return 'text behind a closing quote';
  return fields === width ? undefined : `${fields} ${fields === 1 ? 'field' : 'fields'} instead of ${width}`;
}
