import type { PlannedColumn } from '../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { listTables, nameRawDatabase } from '../../../lib/domain/room/catalogue';
import { listAgreementTags, purposeValue, tagsOfTable } from '../../../lib/domain/room/lake-tags';
import { nameDatabase, namePartyRole, nameWarehouseRole } from '../../../lib/domain/room/room-names';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

const HOSTED = planForSide(TELCO_RETAIL_PLAN, { kind: 'hosted' });
const tables = listTables(HOSTED);

test('a hosted room has a table of raw rows per dataset and one of releases per leg, in databases apart', () => {
  expect(tables.map(({ kind, database, name, prefix, party }) => [kind, database, name, prefix, party])).toEqual([
    ['raw', 'barter_telco_retail_2026__raw', 'usage', '_cleaned/telco-retail-2026/usage/', 'telco'],
    ['raw', 'barter_telco_retail_2026__raw', 'purchases', '_cleaned/telco-retail-2026/purchases/', 'retail'],
    ['released', 'barter_telco_retail_2026', 'telco_retail_usage', 'telco-retail-2026/telco-retail-usage/', 'retail'],
    [
      'released',
      'barter_telco_retail_2026',
      'retail_telco_purchases',
      'telco-retail-2026/retail-telco-purchases/',
      'telco',
    ],
  ]);
});

test("a party's own room has its raw rows and its releases, and nobody else's", () => {
  const own = listTables(planForSide(TELCO_RETAIL_PLAN, { kind: 'peer', party: 'telco' }));
  expect(own.map(({ kind, name }) => [kind, name])).toEqual([
    ['raw', 'usage'],
    ['released', 'telco_retail_usage'],
  ]);
});

test('a raw table has the columns as delivered, a released one those that are released, as they are released', () => {
  const columnsOf = (name: string) =>
    tables.find((table) => table.name === name)?.columns.map((column) => [column.name, column.type, column.role]);
  expect(columnsOf('usage')).toEqual([
    ['msisdn', 'string', 'identifier'],
    ['name', 'string', 'identifier'],
    ['age', 'bigint', 'quasi'],
    ['postcode', 'string', 'quasi'],
    ['churned', 'boolean', 'sensitive'],
    ['minutes', 'double', 'plain'],
  ]);
  expect(columnsOf('telco_retail_usage')).toEqual([
    ['msisdn', 'string', 'identifier'],
    ['age', 'string', 'quasi'],
    ['postcode', 'string', 'quasi'],
    ['churned', 'boolean', 'sensitive'],
    ['minutes', 'double', 'plain'],
  ]);
});

function withColumns(...columns: readonly Partial<PlannedColumn>[]) {
  const [dataset, ...others] = HOSTED.datasets;
  const [column] = dataset!.columns;
  return {
    ...HOSTED,
    datasets: [{ ...dataset!, columns: columns.map((each) => ({ ...column!, ...each })) }, ...others],
  };
}

test.each<[PlannedColumn['type'], string]>([
  [{ kind: 'integer' }, 'bigint'],
  [{ kind: 'decimal', precision: 38, scale: 6 }, 'decimal(38,6)'],
  [{ kind: 'timestamp' }, 'timestamp'],
  [{ kind: 'date' }, 'date'],
])('%j is %s', (type, written) => {
  expect(listTables(withColumns({ type }))[0]?.columns[0]?.type).toBe(written);
});

test.each([
  ['raw rows of one and releases of another', nameRawDatabase('swap'), nameDatabase('swap-raw')],
  ['party roles', namePartyRole('a-b', 'c'), namePartyRole('a', 'b-c')],
  ['warehouse roles', nameWarehouseRole('a-b', 'c-d'), nameWarehouseRole('a', 'b-c-d')],
])('names of two agreements stay apart: %s', (_, one, other) => {
  expect(one).not.toBe(other);
});

test('a table is tagged with whose it is and what for; an agreement has no tag in common with another', () => {
  const [raw, , released] = tables;
  expect(tagsOfTable('a-2026', raw!)).toEqual([{ key: 'barter:a-2026:party', values: ['telco'] }]);
  expect(tagsOfTable('a-2026', released!)).toEqual([
    { key: 'barter:a-2026:party', values: ['retail'] },
    { key: 'barter:a-2026:purpose', values: ['customerrelationshipmanagement'] },
  ]);
  expect(listAgreementTags('a-2026', tables)).toEqual([
    { key: 'barter:a-2026:party', values: ['retail', 'telco'] },
    { key: 'barter:a-2026:purpose', values: ['customerrelationshipmanagement', 'marketresearch'] },
  ]);
  expect(listAgreementTags('a-2026', [])).toEqual([]);
});

test('purposes are one value, the same in whatever order they are written', () => {
  expect(purposeValue(['MarketResearch', 'Billing'])).toBe('billing+marketresearch');
  expect(purposeValue(['Billing', 'MarketResearch'])).toBe('billing+marketresearch');
});
