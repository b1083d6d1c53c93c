import type { PlannedDataset } from '../../../lib/domain/agreement/plan/plan';
import type { WrittenStyle } from '../../../lib/domain/agreement/written-styles';
import { makeColumn, makeDataset, type TypeName } from './engine-trial';

/** Per style a type, what stands in a file, and what it is; null: it is none. */
export const WRITTEN: readonly (readonly [TypeName, WrittenStyle, readonly (readonly [string, string | null])[]])[] = [
  [
    'decimal',
    '1.234,56',
    [
      ['1.234,56', '1234.5600'],
      ['-1.234.567', '-1234567.0000'],
      ['1234,5', '1234.5000'],
      ['0,5', '0.5000'],
      [',5', '0.5000'],
      ['+7', '7.0000'],
      ['1.234', '1234.0000'],
      ['0.250', null],
      ['1.23', null],
      ['1234.567', null],
      ['12.34.567', null],
      ['1,234.56', null],
      ['1.234,', null],
      ['1,23456', null],
      ['1e2', null],
      [' 1,5', null],
      ['1234.56', null],
    ],
  ],
  [
    'integer',
    '1.234,56',
    [
      ['1.234', '1234'],
      ['-12', '-12'],
      ['9.223.372.036.854.775.807', '9223372036854775807'],
      ['9.223.372.036.854.775.808', null],
      ['1,0', null],
    ],
  ],
  [
    'decimal',
    '1 234,56',
    [
      ['1 234,56', '1234.5600'],
      ['1\u00A0234,56', '1234.5600'],
      ['12\u202F345', '12345.0000'],
      ['1234', '1234.0000'],
      ['1.234', null],
      ['1  234', null],
    ],
  ],
  [
    'decimal',
    "1'234.56",
    [
      ["1'234.56", '1234.5600'],
      ['1\u2019234', '1234.0000'],
      ['1.5', '1.5000'],
      ['1,5', null],
    ],
  ],
  [
    'decimal',
    '1,234.56',
    [
      ['1,234.56', '1234.5600'],
      ['1234.5', '1234.5000'],
      ['1,23', null],
    ],
  ],
  [
    'date',
    'DD.MM.YYYY',
    [
      ['31.12.2026', '2026-12-31'],
      ['5.3.2026', '2026-03-05'],
      ['12.31.2026', null],
      ['31.12.26', null],
      ['2026-12-31', null],
      ['30.02.2026', null],
      ['31.12.2026 10:00', null],
      ['31x12x2026', null],
    ],
  ],
  [
    'date',
    'DD/MM/YYYY',
    [
      ['03/04/2026', '2026-04-03'],
      ['13/04/2026', '2026-04-13'],
      ['04/13/2026', null],
    ],
  ],
  [
    'date',
    'MM/DD/YYYY',
    [
      ['03/04/2026', '2026-03-04'],
      ['04/13/2026', '2026-04-13'],
      ['13/04/2026', null],
    ],
  ],
  [
    'timestamp',
    'DD-MM-YYYY',
    [
      ['31-12-2026', '2026-12-31 00:00:00'],
      ['31-12-2026 14:30', '2026-12-31 14:30:00'],
      ['1-2-2026T14:30:00+01:00', '2026-02-01 13:30:00'],
      ['31-12-2026 25:00', null],
      ['31-12-2026 14h', null],
    ],
  ],
];

/** One column, and the number of each row. */
export function makeWritten(type: TypeName, written: WrittenStyle): PlannedDataset {
  return makeDataset([makeColumn('row', 'integer'), makeColumn('value', type, { written })]);
}

/** All of them, each a column; rows are as many as the most that one has. */
export function makeAllWritten(): { readonly dataset: PlannedDataset; readonly csv: string } {
  const columns = WRITTEN.map(([type, written], index) => makeColumn(`v${index}`, type, { written }));
  const rows = WRITTEN.flatMap(([, , values], index) =>
    values.map(([given]) => WRITTEN.map((_, place) => (place === index ? `"${given}"` : '')).join(';')),
  );
  const csv = [columns.map(({ name }) => name).join(';'), ...rows].join('\n').concat('\n');
  return { dataset: makeDataset(columns), csv };
}
