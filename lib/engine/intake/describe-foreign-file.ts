import { extname } from 'node:path';
import type { Format } from './detect-format';

/** Signatures of compressed files: the bytes, as Latin-1, that they begin with. */
const COMPRESSED: readonly (readonly [signature: string, name: string])[] = [
  ['\x1f\x8b', 'gzip'],
  ['PK\x03\x04', 'zip'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['\xfd7zXZ\0', 'xz'],
  ['7z\xbc\xaf\x27\x1c', '7z'],
  ['\x04\x22\x4d\x18', 'lz4'],
];
const BZIP2 = /^BZh[1-9]1AY&SY/;

const SPREADSHEETS = ['.xlsx', '.xlsm', '.xlsb', '.xls', '.ods'];
/** Office files are zip archives of files with such names, older ones begin with these bytes. */
const OFFICE_PARTS = /\[Content_Types\]\.xml|docProps\/|xl\/|vnd\.oasis\.opendocument/;
const OLD_OFFICE = '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';

/** Says of a file that no reader takes what it is; undefined where it may well be of the format. `head`: its first KiB. */
export function describeForeignFile(
  path: string,
  head: Buffer,
  format: Format,
): { readonly problem: string; readonly remedy: string } | undefined {
  const bytes = head.toString('latin1');
  const compression = BZIP2.test(bytes) ? 'bzip2' : COMPRESSED.find(([signature]) => bytes.startsWith(signature))?.[1];
  const isOffice = compression === 'zip' && (OFFICE_PARTS.test(bytes) || SPREADSHEETS.includes(extname(path)));
  if (isOffice || bytes.startsWith(OLD_OFFICE)) {
    return { problem: 'the file is a spreadsheet or another office document', remedy: 'Save it as CSV, in UTF-8.' };
  }
  if (compression) {
    return { problem: `the file is compressed (${compression})`, remedy: 'Unpack it and deliver what is in it.' };
  }
  if (format === 'parquet') return undefined;
  if (bytes.startsWith('PAR1')) {
    return { problem: 'the file is Parquet, but not by its name', remedy: 'Let its name end in .parquet.' };
  }
  return isUtf16(bytes) ? { problem: 'the file is UTF-16, not UTF-8', remedy: 'Save it as UTF-8.' } : undefined;
}

/** By its byte order mark, or by the zeros beside the ASCII characters that a header or an object begins with. */
function isUtf16(bytes: string): boolean {
  return /^(\xff\xfe|\xfe\xff|([^\0]\0){3}|(\0[^\0]){3})/s.test(bytes);
}
