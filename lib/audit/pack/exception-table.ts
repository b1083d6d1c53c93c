/** Of a pack: its exceptions, one a line. */
export const EXCEPTION_TABLE = 'exceptions.jsonl';
