/** The table that holds every access exactly. */
export const ACCESS_TABLE = 'accesses.jsonl';
