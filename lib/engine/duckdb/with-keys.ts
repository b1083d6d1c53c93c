import { BLOB, blobValue } from '@duckdb/node-api';
import type { LegKeys } from '../engine';
import { padKey } from '../sql/key-pads';
import { KEYS } from '../sql/treated-part';
import type { DuckDbSession } from './duckdb-session';
import { fillTable } from './fill-table';

/**
 * Lends a leg's keys to queries, as a table that lives in memory only; they are in no SQL text, plan or log, and gone when
 * the work is done.
 */
export async function withKeys<T>(session: DuckDbSession, keys: LegKeys, work: () => Promise<T>): Promise<T> {
  const pads = {
    token: padKey(keys.token),
    date_shift: padKey(keys.dateShift),
    noise: padKey(keys.noise),
    watermark: padKey(keys.watermark),
  };
  const columns = Object.entries(pads).flatMap(([name, { inner, outer }]) => [
    { name: `${name}_inner`, type: BLOB, values: [blobValue(inner)] },
    { name: `${name}_outer`, type: BLOB, values: [blobValue(outer)] },
  ]);
  try {
    await fillTable(session, KEYS, columns, { temporary: true });
    return await work();
  } finally {
    await session.dropTable(KEYS);
  }
}
