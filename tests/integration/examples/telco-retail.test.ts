import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type GenerationProgress, generateTelcoRetail } from '../../../examples/telco-retail/generate';

type Fields = Readonly<Record<string, string>>;

const SUBSCRIBERS = 4_000;
const folder = mkdtempSync(join(tmpdir(), 'telco-retail-'));
const progress: GenerationProgress[] = [];
let usageText: string;
let usage: readonly Fields[];
let purchaseLines: readonly string[];
let purchases: readonly Fields[];

beforeAll(async () => {
  const onProgress = (step: GenerationProgress) => progress.push(step);
  const files = await generateTelcoRetail({ directory: folder, subscribers: SUBSCRIBERS, seed: 7, onProgress });
  usageText = readFileSync(files.usage, 'utf8');
  usage = parse(usageText, { bom: true, delimiter: ';', columns: true, relaxColumnCount: true });
  purchaseLines = readFileSync(files.purchases, 'utf8').trimEnd().split('\n');
  purchases = purchaseLines.filter((line) => line.endsWith('}')).map(parsePurchase);
});

afterAll(() => rmSync(folder, { recursive: true }));

test('the same seed gives the same bytes, another seed others', async () => {
  const [first, again, other] = await Promise.all([11, 11, 12].map((seed, run) => hashFiles(seed, `run-${run}`)));
  expect(again).toEqual(first);
  expect(other!.usage).not.toBe(first!.usage);
  expect(other!.purchases).not.toBe(first!.purchases);
});

test('usage looks like a German export: byte order mark, semicolons, CRLF, quoted line breaks and quotes', () => {
  expect(usageText.startsWith('\uFEFFmsisdn;name;email;')).toBe(true);
  expect(usageText.endsWith('\r\n')).toBe(true);
  expect(usageText).toMatch(/"[^";]*\n(Hinterhaus|c\/o ""Café Central"")"/);
  expect(usageText).toMatch(/;"[^;]* ""[^;]*"" [^;]*";/);
});

test('about one row in a hundred is dirty, of every kind, and fewer than the agreement refuses', () => {
  const usageFaults = countFaults(usage, findUsageFault);
  const purchaseFaults = countFaults(purchases, findPurchaseFault);
  purchaseFaults.set('ragged', purchaseLines.length - purchases.length);
  for (const [faults, rows] of [
    [usageFaults, usage.length],
    [purchaseFaults, purchaseLines.length],
  ] as const) {
    const share = [...faults.values()].reduce((sum, count) => sum + count, 0) / rows;
    expect(share).toBeGreaterThan(0.006);
    expect(share).toBeLessThan(0.014);
    expect([...faults.values()].every((count) => count > 0)).toBe(true);
  }
  expect([...usageFaults.keys()].sort()).toEqual(
    ['date', 'duplicate', 'missing', 'negative', 'ragged', 'text', 'year'].sort(),
  );
  expect([...purchaseFaults.keys()].sort()).toEqual(
    ['age', 'date', 'duplicate', 'missing', 'negative', 'ragged', 'text'].sort(),
  );
});

test('what groups are made of is constant per subscriber, but one in a hundred moves within the region', () => {
  const people = groupBy(
    usage.filter((row) => findUsageFault(row) === undefined),
    'msisdn',
  );
  const changing = [...people.values()].filter(
    (rows) =>
      new Set(rows.map((row) => `${row.birth_year} ${row.segment} ${row.activated} ${row.postcode!.slice(0, 2)}`))
        .size > 1,
  );
  expect(changing).toEqual([]);
  const moved = [...people.values()].filter((rows) => new Set(rows.map((row) => row.postcode)).size > 1);
  expect(moved.length / people.size).toBeGreaterThan(0.004);
  expect(moved.length / people.size).toBeLessThan(0.02);
});

test('the tariff hierarchy knows every tariff', () => {
  const hierarchy = readFileSync(join(__dirname, '../../../examples/telco-retail/segment.csv'), 'utf8').trim();
  const leaves = hierarchy.split('\n').map((line) => line.split(';')[0]);
  const sold = new Set(usage.filter((row) => findUsageFault(row) === undefined).map((row) => row.segment));
  expect([...sold].sort()).toEqual([...leaves].sort());
});

test('nobody in the files can be called or written to', () => {
  const numbers = usage.map((row) => row.msisdn!).filter((msisdn) => !/^(\+99915\d{8})?$/.test(msisdn));
  const emails = [...usage, ...purchases].map((row) => row.email).filter((email) => email?.includes('@'));
  expect(numbers).toEqual([]);
  expect(emails.length).toBeGreaterThan(usage.length / 2);
  expect(emails.filter((email) => !/^[a-z.]+\d+@example\.com$/.test(email!))).toEqual([]);
});

test('cities are dense, the countryside thin; a few categories and shoppers make most receipts', () => {
  const areas = countBy(usage, (row) => (row.postcode ?? '').slice(0, 2));
  expect(areas.get('10')!).toBeGreaterThan(8 * areas.get('98')!);
  const categories = [...countBy(purchases, (row) => row.category!).values()].sort((a, b) => b - a);
  expect(categories[0]! / purchases.length).toBeGreaterThan(0.25);
  expect(categories[0]! / purchases.length).toBeLessThan(0.4);
  expect(measureGini([...countBy(purchases, (row) => row.loyalty_card!).values()])).toBeGreaterThan(0.35);
});

test('baskets are log-normal, and who leaves called less', () => {
  const baskets = purchases.map((row) => Number(row.basket)).filter((basket) => basket > 0);
  expect(mean(baskets)).toBeGreaterThan(1.3 * median(baskets));
  const minutesWhere = (churned: string) =>
    median(usage.filter((row) => row.churned === churned && Number(row.minutes) > 0).map((row) => Number(row.minutes)));
  expect(minutesWhere('true')).toBeLessThan(0.75 * minutesWhere('false'));
  const churn = usage.filter((row) => row.churned === 'true').length / usage.length;
  expect(churn).toBeGreaterThan(0.02);
  expect(churn).toBeLessThan(0.05);
});

test('progress ends at the number of subscribers and shoppers', () => {
  expect(progress).toEqual([
    { file: 'usage.csv', done: SUBSCRIBERS, total: SUBSCRIBERS },
    { file: 'purchases.jsonl', done: 3_333, total: 3_333 },
  ]);
});

async function hashFiles(seed: number, run: string) {
  const files = await generateTelcoRetail({ directory: join(folder, run), subscribers: 200, shoppers: 150, seed });
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return { usage: hash(files.usage), purchases: hash(files.purchases) };
}

function findUsageFault(row: Fields): string | undefined {
  if (row.churned !== 'true' && row.churned !== 'false') return 'ragged';
  if (!isDay(row.activated!)) return 'date';
  if (Number(row.birth_year) > 2012) return 'year';
  if ([row.msisdn, row.birth_year, row.data_gb].includes('')) return 'missing';
  if (Number.isNaN(Number(row.minutes)) || Number.isNaN(Number(row.data_gb))) return 'text';
  if (Number(row.minutes) < 0) return 'negative';
  return undefined;
}

function findPurchaseFault(row: Fields): string | undefined {
  if (!isDay(row.bought_on!)) return 'date';
  if (Number(row.age) > 110) return 'age';
  if ([row.loyalty_card, row.age, row.category].includes('')) return 'missing';
  if (Number.isNaN(Number(row.basket))) return 'text';
  if (Number(row.basket) < 0) return 'negative';
  return undefined;
}

/** A row that equals the one before it is a duplicate, whatever else is wrong with it. */
function countFaults(rows: readonly Fields[], find: (row: Fields) => string | undefined): Map<string, number> {
  const kinds = rows.map((row, index) =>
    index > 0 && JSON.stringify(row) === JSON.stringify(rows[index - 1]) ? 'duplicate' : find(row),
  );
  return countBy(
    kinds.filter((kind) => kind !== undefined),
    (kind) => kind,
  );
}

function isDay(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** As texts, a missing value as '', like a CSV's fields. */
function parsePurchase(line: string): Fields {
  const fields: Record<string, unknown> = JSON.parse(line);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value ?? '')]));
}

function groupBy(rows: readonly Fields[], column: string): Map<string, Fields[]> {
  const groups = new Map<string, Fields[]>();
  for (const row of rows) {
    const group = groups.get(row[column]!) ?? [];
    group.push(row);
    groups.set(row[column]!, group);
  }
  return groups;
}

function countBy<T>(items: readonly T[], name: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(name(item), (counts.get(name(item)) ?? 0) + 1);
  return counts;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

/** 0: all alike; towards 1: one has everything. */
function measureGini(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b);
  const weighted = sorted.reduce((sum, count, rank) => sum + (2 * (rank + 1) - sorted.length - 1) * count, 0);
  return weighted / (sorted.length * sorted.reduce((sum, count) => sum + count, 0));
}
