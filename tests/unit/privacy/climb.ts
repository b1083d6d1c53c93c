import type { ColumnType } from '../../../lib/domain/agreement/plan/plan';
import { buildLadder } from '../../../lib/domain/privacy/hierarchies/build-ladder';
import type { Generalisation } from '../../../lib/domain/privacy/hierarchies/generalisation';
import type { Ladder } from '../../../lib/domain/privacy/hierarchies/ladder';

export type Values = readonly (string | null)[];

/** The ladder of a column of these values; an error where the hierarchy lacks one. */
export function climb(generalisation: Generalisation, type: ColumnType, values: Values): Ladder {
  const ladder = buildLadder(generalisation, type, { name: 'column', values });
  if (ladder.kind !== 'ladder') throw new Error(`unknown: ${ladder.values.join()}`);
  return ladder;
}

export const widths = (...list: string[]): Generalisation => ({ kind: 'widths', widths: list });
export const prefixes = (...lengths: number[]): Generalisation => ({ kind: 'prefixes', lengths });
export const hierarchy = (text: string): Generalisation => ({
  kind: 'hierarchy',
  file: 'values.csv',
  rows: text.split(' ').map((row) => row.split(';')),
});
