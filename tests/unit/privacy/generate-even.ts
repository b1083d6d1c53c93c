import { createRandom } from '../../../examples/telco-retail/generator/random';
import type { PrivacyFloor } from '../../../lib/domain/privacy/models/privacy-floor';
import type { Table } from './table';

/** Groups at each level of twelve columns: 186,624 nodes. */
const COLUMNS = [
  [80, 16, 4, 1],
  [60, 12, 4, 1],
  [24, 6, 1],
  [16, 4, 1],
  [12, 3, 1],
  [9, 3, 1],
  [8, 2, 1],
  [6, 2, 1],
  [5, 1],
  [4, 1],
  [3, 1],
  [2, 1],
];

/** Columns that do not depend on each other, with every value as likely: hardly two rows are alike but at coarse levels. */
export function generateEven(rows: number, floor: PrivacyFloor): Table {
  const random = createRandom(12);
  const leaves = COLUMNS.map((sizes) => sizes[0]!);
  return {
    columns: COLUMNS.map((sizes, column) => ({
      name: `c${column}`,
      weight: 1,
      hierarchy: {
        kind: 'hierarchy',
        file: `c${column}.csv`,
        rows: Array.from({ length: sizes[0]! }, (_, leaf) =>
          sizes.map((size, level) => (size === 1 ? '*' : `${level}.${Math.floor((leaf * size) / sizes[0]!)}`)),
        ),
      },
    })),
    rows: Array.from({ length: rows }, (_, row) => ({
      values: leaves.map((most) => `0.${random.integer(0, most - 1)}`),
      subject: `p${row}`,
      sensitive: 0,
    })),
    sensitive: ['0'],
    floor,
  };
}
