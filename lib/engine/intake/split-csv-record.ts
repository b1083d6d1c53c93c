const QUOTE = '"';

/**
 * The fields of one record's text. Only the first `most` are split off: the rest, delimiters and all, is the last one, so
 * that nothing of a record with too many fields is lost.
 */
export function splitCsvRecord(record: string, delimiter: string, most = Number.POSITIVE_INFINITY): string[] {
  const fields: string[] = [];
  let start = 0;
  while (fields.length + 1 < most) {
    const end = findFieldEnd(record, delimiter, start);
    fields.push(unquote(record.slice(start, end)));
    if (end === record.length) return fields;
    start = end + 1;
  }
  const whole = findFieldEnd(record, delimiter, start) === record.length;
  fields.push(whole ? unquote(record.slice(start)) : record.slice(start));
  return fields;
}

function findFieldEnd(record: string, delimiter: string, start: number): number {
  let at = start;
  if (record[at] === QUOTE) {
    do {
      const closing = record.indexOf(QUOTE, at + 1);
      if (closing < 0) return record.length;
      at = closing + 1;
    } while (record[at] === QUOTE);
  }
  const end = record.indexOf(delimiter, at);
  return end < 0 ? record.length : end;
}

/** Text behind a closing quote stays as it is written. */
function unquote(field: string): string {
  return /^"(?:[^"]|"")*"$/.test(field) ? field.slice(1, -1).replaceAll('""', QUOTE) : field;
}
