/** The part of a logger that handlers use. Names and ids only: never a value of a row. */
export type Log = Readonly<Record<'info' | 'warn' | 'error', (message: string, details: LogDetails) => void>>;

type LogDetails = Readonly<Record<string, string | number | boolean>>;
