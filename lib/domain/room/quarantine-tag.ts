/**
 * What a delivered file is marked with when its run goes no further: from then on nobody reads it, the jobs included, until an
 * operator takes the mark away. It stays where it is, so that no second copy of raw rows is made.
 */
export const QUARANTINE_TAG = { key: 'barter-quarantine', value: 'yes' } as const;
