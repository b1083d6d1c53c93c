import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { IncompleteWork } from '../../../../lambda/certify-release/read-tables';
import { replaceValues, UnfitOrders } from '../../../../lambda/replace-values/replace-values';
import type { ReadColumns } from '../../../../lambda/solve-generalisation/read-histogram';
import type { WorkflowRun } from '../../../../lib/domain/room/workflow-run';
import type { MappingOrder } from '../../../../lib/engine/glue/job-orders';
import { TooManyValues } from '../../../../lib/engine/mapping/assert-replaceable';
import { createFormatPreserver } from '../../../../lib/engine/mapping/preserve-format';
import { holdObjects } from '../../../fixtures/objects-in-memory';
import { recordLog } from '../../../fixtures/recorded-log';

const WORK = '_work/swap/usage/run-1/';
const CARD = { kind: 'format-preserving', alphabet: 'digits', minLength: 8, maxLength: 8 } as const;
const KEY = new Uint8Array(32).fill(7);
const ENCRYPTED: MappingOrder = {
  column: 'card',
  treatment: CARD,
  values: 'values_0',
  replacements: 'replacements/leg-1/0',
  leg: { leg: 'leg-1', key: 'arn:key', messages: { format_preserving: '["format-preserving"]' } },
};
const MERGED: MappingOrder = {
  column: 'pay',
  treatment: { kind: 'microaggregate', k: 2, centre: 'mean' },
  values: 'values_1',
  replacements: 'replacements/all/1',
};

/** Tables lie as JSON where Parquet would. */
const readColumns: ReadColumns = async (files, columns) => {
  const tables = files.map((file) => JSON.parse(new TextDecoder().decode(file)));
  return Object.fromEntries(columns.map((name) => [name, tables.flatMap((table) => table[name] ?? [])]));
};

/** In no order of their codes, as an engine of many machines leaves them. */
const TABLES = {
  values_0: { code: [1, 0, 2], text: ['10000001', '10000000', '20000000'] },
  values_1: { code: [2, 0, 1], text: ['9.00', '-1.00', '2.00'], subjects: [1, 1, 1] },
};

async function replace(
  mappings: readonly MappingOrder[],
  change: { sha256?: string; rows?: number; merged?: number } = {},
) {
  const objects = holdObjects();
  const text = JSON.stringify({ mappings });
  await objects.write(`${WORK}orders.json`, text);
  const tables = { values_0: change.rows ?? 3, values_1: change.merged ?? 3 };
  const manifest = { mappingVersion: 1, engine: 'Spark 3.5.6', tables, files: [] };
  await objects.write(`${WORK}mapping/manifest.json`, JSON.stringify(manifest));
  for (const [name, table] of Object.entries(TABLES))
    await objects.write(`${WORK}mapping/tables/table=${name}/part.parquet`, JSON.stringify(table));
  const sha256 = change.sha256 ?? createHash('sha256').update(text).digest('hex');
  const run: WorkflowRun = {
    agreement: 'swap',
    dataset: 'usage',
    run: 'run-1',
    delivery: 'swap/usage/upload/march.csv',
    taken: '2026-03-04T05:06:07.000Z',
    work: WORK,
    plan: { key: `${WORK}plan.json`, sha256: '' },
    orders: { sha256 },
    hasClasses: false,
    hasMappings: true,
  };
  const asked: string[] = [];
  const { log, lines } = recordLog();
  const makeMac = async (key: string, message: string) => {
    asked.push(`${key} ${message}`);
    return KEY;
  };
  await replaceValues(run, { landing: objects, readColumns, makeMac, log });
  const linesOf = (path: string) =>
    gunzipSync(objects.held.get(`${WORK}${path}/part-0.jsonl.gz`)!)
      .toString('utf8')
      .trim()
      .split('\n');
  return { linesOf: (path: string) => linesOf(path).map((line) => JSON.parse(line)), asked, lines };
}

test('what is keyed is encrypted by the key of its leg, what is merged is the same for all', async () => {
  const { linesOf, asked, lines } = await replace([ENCRYPTED, MERGED]);
  const preserve = createFormatPreserver('card', CARD, KEY);
  expect(linesOf('replacements/leg-1/0')).toEqual([
    { code: 0, text: preserve('10000000') },
    { code: 1, text: preserve('10000001') },
    { code: 2, text: preserve('20000000') },
  ]);
  // One group, since the last value alone holds too few.
  expect(linesOf('replacements/all/1')).toEqual([0, 1, 2].map((code) => ({ code, text: '0' })));
  expect(asked).toEqual(['arn:key ["format-preserving"]']);
  expect(JSON.stringify(lines)).not.toMatch(/1000000|9\.00/);
});

test('other orders than those that were taken in, or counts that are not whole, replace nothing', async () => {
  await expect(replace([MERGED], { sha256: 'another' })).rejects.toThrow(UnfitOrders);
  await expect(replace([ENCRYPTED], { rows: 4 })).rejects.toThrow(IncompleteWork);
  const { leg: _, ...keyless } = ENCRYPTED;
  await expect(replace([keyless])).rejects.toThrow(UnfitOrders);
});

test('more values than a function can hold or encrypt in its time are refused before they are read', async () => {
  const encrypted = replace([ENCRYPTED], { rows: 5_000_001 });
  await expect(encrypted).rejects.toThrow(TooManyValues);
  await expect(encrypted).rejects.toThrow('Column card has 5,000,001 distinct values');
  const merged = replace([MERGED], { merged: 5_000_001 });
  await expect(merged).rejects.toThrow(TooManyValues);
  await expect(merged).rejects.toThrow('Round it or generalise it');
});
