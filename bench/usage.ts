import { DuckDBInstance } from '@duckdb/node-api';
import type { ColumnType, PlannedColumn, PlannedDataset } from '../lib/domain/agreement/plan/plan';
import type { Generalisation } from '../lib/domain/privacy/hierarchies/generalisation';
import type { Treatment } from '../lib/domain/privacy/treatments/treatment';
import { PARQUET_OPTIONS } from '../lib/engine/duckdb/write-release';

/**
 * `no subject`: rows are counted. `dropped`: the subject does not leave, and is counted on the delivery. `tokens`: it leaves
 * as a token. `searched`: as dropped, and a text that is another for each subject is released as it is, and so searched for
 * identifiers that nobody declared. `near unique`: hardly two subjects are alike in their quasi-identifiers.
 */
export const VARIANTS = ['no subject', 'dropped', 'tokens', 'searched', 'near unique'] as const;
export type Variant = (typeof VARIANTS)[number];

export function inputOf(variant: Variant): 'usage' | 'near unique' {
  return variant === 'near unique' ? variant : 'usage';
}

/**
 * Subscribers with about ten monthly rows each, and a few rows that break a check. Where they are near unique, each has one
 * row, a postcode out of 100,000 and an age in months.
 */
export async function writeUsage(kind: ReturnType<typeof inputOf>, path: string, rows: number): Promise<void> {
  const [ages, postcodes, subjects] = kind === 'usage' ? [70, 900, Math.ceil(rows / 10)] : [840, 100_000, rows];
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const mix = (of: string, salt: number) => `(hash(${of} * 8 + ${salt}) % 1000003)::BIGINT`;
  await connection.run(`COPY (
    SELECT '4477' || lpad(s::VARCHAR, 8, '0') AS msisdn, 'Person ' || ${mix('s', 0)} AS name, 18 + ${mix('s', 1)} % ${ages} AS age,
      lpad((${mix('s', 2)} % ${postcodes})::VARCHAR, 5, '0') AS postcode,
      ['prepaid', 'contract', 'business', 'youth', 'senior', 'iot'][1 + ${mix('s', 3)} % 6] AS segment,
      DATE '2026-01-01' + (${mix('r', 4)} % 12)::INTEGER * 30 AS month, ${mix('s', 5)} % 100 < 12 AS churned,
      (CASE WHEN r % 5000 = 0 THEN -1 ELSE ${mix('r', 6)} / 100 END)::DECIMAL(18, 4) AS minutes,
      ${mix('r', 7)}::DOUBLE / 100 AS spend
    FROM (SELECT range AS r, ${kind === 'usage' ? `(hash(range) % ${subjects})::BIGINT` : 'range'} AS s FROM range(${rows}))
  ) TO '${path}' (${PARQUET_OPTIONS})`);
  connection.closeSync();
  instance.closeSync();
}

export function makeUsage(variant: Variant): PlannedDataset {
  const isUnique = variant === 'near unique';
  const keep: Treatment = { kind: 'keep' };
  const generalise = (generalisation: Generalisation): Treatment => ({ kind: 'generalise', generalisation });
  const column = (
    name: string,
    type: ColumnType,
    role: PlannedColumn['role'],
    treatment: Treatment,
    more: Partial<PlannedColumn> = {},
  ): PlannedColumn => ({
    name,
    title: name,
    type,
    role,
    treatment,
    missing: { kind: 'keep' },
    checks: [],
    ...(treatment.kind !== 'drop' && { releasedAs: treatment.kind === 'keep' ? type : { kind: 'string' } }),
    ...more,
  });
  const columns = [
    column(
      'msisdn',
      { kind: 'string' },
      'identifier',
      { kind: variant === 'tokens' ? 'token' : 'drop' },
      {
        missing: { kind: 'reject' },
      },
    ),
    variant === 'searched'
      ? column('name', { kind: 'string' }, 'plain', keep)
      : column('name', { kind: 'string' }, 'identifier', { kind: 'drop' }),
    column(
      'age',
      { kind: 'integer' },
      'quasi',
      generalise({ kind: 'widths', widths: isUnique ? ['12', '60', '120', '240'] : ['5', '10', '20'] }),
    ),
    column(
      'postcode',
      { kind: 'string' },
      'quasi',
      generalise({ kind: 'prefixes', lengths: isUnique ? [4, 3, 2, 1] : [4, 3, 2] }),
    ),
    column('segment', { kind: 'string' }, 'quasi', generalise({ kind: 'none' })),
    column('month', { kind: 'date' }, 'plain', keep),
    column('churned', { kind: 'boolean' }, 'sensitive', keep),
    column('minutes', { kind: 'decimal', precision: 18, scale: 4 }, 'plain', keep, {
      checks: [
        {
          text: 'minutes >= 0',
          condition: {
            kind: 'compare',
            op: '>=',
            left: { kind: 'column', name: 'minutes' },
            right: { kind: 'number', value: '0' },
          },
        },
      ],
    }),
    column('spend', { kind: 'double' }, 'plain', keep),
  ];
  return {
    id: 'usage',
    owner: 'telco',
    title: 'Usage',
    version: 1,
    ...(variant !== 'no subject' && { subject: 'msisdn' }),
    columns,
    clean: { dedupe: [], rejectAbove: 1, missingTexts: [''] },
    classColumns: columns.flatMap(({ name, treatment }) =>
      treatment.kind === 'generalise' ? [{ column: name, generalisation: treatment.generalisation, weight: 1 }] : [],
    ),
    privacy: {
      k: 10,
      l: [{ column: 'churned', atLeast: 2 }],
      t: [{ column: 'churned', atMost: 0.5, distance: 'equal' }],
      suppressAtMost: 0.1,
    },
  };
}
