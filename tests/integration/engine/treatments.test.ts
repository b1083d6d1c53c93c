import { createHash, createHmac } from 'node:crypto';
import { FF1 } from '@noble/ciphers/ff1.js';
import type { PlannedColumn } from '../../../lib/domain/agreement/plan';
import { planNoise } from '../../../lib/domain/privacy/plan-noise';
import type { Treatment } from '../../../lib/domain/privacy/treatment';
import { KEYS, makeColumn, makeDataset, makeTask, queryDuckDb, type TypeName, withEngine } from './engine-trial';

const ID = makeColumn('id', 'string', { role: 'identifier', treatment: { kind: 'keep' } });

/** Releases one column, and what became of each row, by its `id`. */
async function treat(
  column: PlannedColumn,
  rows: readonly (readonly [id: string, value: string | null])[],
  more: { readonly subject?: string; readonly keys?: typeof KEYS } = {},
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { subject = 'id', keys = KEYS } = more;
  const row = makeColumn('row', 'integer');
  const dataset = makeDataset([row, ID, column], subject === '' ? {} : { subject });
  const released = new Map<string, unknown[]>();
  await withEngine(async ({ engine, path, write }) => {
    const lines = rows.map(([id, value], index) => JSON.stringify({ row: index, id, [column.name]: value }));
    await engine.clean(dataset, write('p.jsonl', `${lines.join('\n')}\n`), path('q.csv'));
    const task = makeTask(dataset, path('r.parquet'), { keys });
    await engine.release(task);
    const found = await queryDuckDb(
      `SELECT id, CAST("${column.name}" AS VARCHAR) FROM '${path('r.parquet')}' ORDER BY row`,
    );
    for (const [id, value] of found) released.set(String(id), [...(released.get(String(id)) ?? []), value]);
  });
  return released;
}

/** Values by id, one row each; ids are the values' places. */
async function treatEach(
  type: TypeName,
  treatment: Treatment,
  values: readonly (string | null)[],
  more: Partial<PlannedColumn> = {},
): Promise<readonly unknown[]> {
  const released = await treat(
    makeColumn('v', type, { treatment, ...more }),
    values.map((value, index) => [String(index), value] as const),
  );
  return values.map((_, index) => released.get(String(index))?.[0]);
}

const decimal = (precision: number, scale: number): Partial<PlannedColumn> => {
  const type = { kind: 'decimal', precision, scale } as const;
  return { type, releasedAs: type };
};

test.each<[string, TypeName, Partial<PlannedColumn>, Treatment, (string | null)[], (string | null)[]]>([
  [
    'integers cut off at both ends',
    'integer',
    {},
    { kind: 'top-bottom', bottom: '-5', top: '90' },
    ['-9223372036854775808', '-6', '-5', '0', '90', '91', '9223372036854775807', null],
    ['-5', '-5', '-5', '0', '90', '90', '90', null],
  ],
  [
    'decimals cut off at the top',
    'decimal',
    decimal(38, 2),
    { kind: 'top-bottom', top: '99.5' },
    ['-999999999999999999999999999999999999.99', '99.49', '99.51', '999999999999999999999999999999999999.99'],
    ['-999999999999999999999999999999999999.99', '99.49', '99.50', '99.50'],
  ],
  [
    'doubles cut off at the bottom',
    'double',
    {},
    { kind: 'top-bottom', bottom: '0.1' },
    ['-1e300', '0.1', '0.09999999999999999', '1e300'],
    ['0.1', '0.1', '0.1', '1e+300'],
  ],
  [
    'dates cut off',
    'date',
    {},
    { kind: 'top-bottom', bottom: '1930-01-01', top: '2008-12-31' },
    ['0001-01-01', '1930-01-01', '1999-12-31', '9999-12-31', null],
    ['1930-01-01', '1930-01-01', '1999-12-31', '2008-12-31', null],
  ],
  [
    'timestamps cut off',
    'timestamp',
    {},
    { kind: 'top-bottom', top: '2020-01-01' },
    ['0001-01-01 00:00:00', '2020-01-01 00:00:00.000001', '9999-12-31 23:59:59.999999'],
    ['0001-01-01 00:00:00', '2020-01-01 00:00:00', '2020-01-01 00:00:00'],
  ],
  [
    'integers rounded, half away from 0, within their range',
    'integer',
    {},
    { kind: 'round', multiple: '10' },
    ['-15', '-14', '-5', '-4', '0', '4', '5', '14', '15', '9223372036854775807', '-9223372036854775808', null],
    ['-20', '-10', '-10', '0', '0', '0', '10', '10', '20', '9223372036854775800', '-9223372036854775800', null],
  ],
  [
    'integers rounded to an odd number',
    'integer',
    {},
    { kind: 'round', multiple: '3' },
    ['-5', '-4', '-2', '-1', '1', '2', '4', '5'],
    ['-6', '-3', '-3', '0', '0', '3', '3', '6'],
  ],
  [
    'decimals rounded exactly',
    'decimal',
    decimal(6, 4),
    { kind: 'round', multiple: '0.25' },
    ['0.1249', '0.1250', '-0.1250', '99.8749', '99.8750', '99.9999', '-99.9999', '0.3749', null],
    ['0.0000', '0.2500', '-0.2500', '99.7500', '99.7500', '99.7500', '-99.7500', '0.2500', null],
  ],
  [
    'long decimals rounded exactly',
    'decimal',
    decimal(38, 0),
    { kind: 'round', multiple: '1000' },
    ['12345678901234567890123456789012345500', '99999999999999999999999999999999999999'],
    ['12345678901234567890123456789012346000', '99999999999999999999999999999999999000'],
  ],
  [
    'doubles rounded to the double that the decimal is',
    'double',
    {},
    { kind: 'round', multiple: '0.1' },
    ['0.25', '-0.25', '0.3', '0.04', '-0.04', '1e300', '123.449', '9007199254740993', '-1e-320'],
    ['0.3', '-0.3', '0.3', '0.0', '0.0', '1e+300', '123.4', '9007199254740992.0', '0.0'],
  ],
  [
    'texts that three subjects share',
    'string',
    { releasedAs: { kind: 'string' } },
    { kind: 'common-text', k: 3 },
    ['late', 'late', 'late', 'Late', 'é', 'e\u0301', '', '', '', null, null, null, "Dr. O'Neill", 'late '],
    ['late', 'late', 'late', '***', '***', '***', null, null, null, null, null, null, '***', '***'],
  ],
  [
    'neighbours merged to their mean, the rest with the last',
    'integer',
    {},
    { kind: 'microaggregate', k: 3, centre: 'mean' },
    ['1', '2', '2', '-9', '50', '50', '60', null],
    ['-2', '-2', '-2', '-2', '53', '53', '53', null],
  ],
  [
    'decimals merged exactly, half away from 0',
    'decimal',
    decimal(38, 2),
    { kind: 'microaggregate', k: 2, centre: 'mean' },
    ['-0.01', '-0.02', '999999999999999999999999999999999999.99', '999999999999999999999999999999999999.98'],
    ['-0.02', '-0.02', '999999999999999999999999999999999999.99', '999999999999999999999999999999999999.99'],
  ],
  [
    'dates merged to their median',
    'date',
    {},
    { kind: 'microaggregate', k: 2, centre: 'median' },
    ['0001-01-01', '9999-12-31', '2020-05-01', '2020-06-01', '2020-05-01'],
    ['0001-01-01', '2020-06-01', '0001-01-01', '2020-06-01', '0001-01-01'],
  ],
  [
    'nothing where all together are too few',
    'integer',
    {},
    { kind: 'microaggregate', k: 4, centre: 'mean' },
    ['1', '2', '3', null],
    [null, null, null, null],
  ],
])('%s', async (_, type, more, treatment, values, expected) => {
  expect(await treatEach(type, treatment, values, more)).toEqual(expected);
});
