import { mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writePurchaseRows } from './generator/purchase-rows';
import { writeUsageRows } from './generator/usage-rows';

export interface TelcoRetailOptions {
  /** Where the files go; made if it is not there. Files of the same name are replaced. */
  readonly directory: string;
  /** Default 60,000; about 4.6 rows each. */
  readonly subscribers?: number;
  /** Default five for every six subscribers, so that the swap stays fair at any size; about 5 receipts each. */
  readonly shoppers?: number;
  /** The same seed and sizes give the same bytes. */
  readonly seed?: number;
  readonly onProgress?: (progress: GenerationProgress) => void;
}

export interface GenerationProgress {
  readonly file: string;
  /** Subscribers or shoppers written, and how many there will be. */
  readonly done: number;
  readonly total: number;
}

const DEFAULTS = { subscribers: 60_000, seed: 2026 };
const REPORT_EVERY = 5_000;
const BATCH_ROWS = 5_000;

/** Writes made-up deliveries for the example agreement, and returns their paths. Nobody in them exists. */
export async function generateTelcoRetail(options: TelcoRetailOptions): Promise<{ usage: string; purchases: string }> {
  const { directory, subscribers = DEFAULTS.subscribers, seed = DEFAULTS.seed, onProgress } = options;
  const shoppers = options.shoppers ?? Math.round((subscribers * 5) / 6);
  const usage = join(directory, 'usage.csv');
  const purchases = join(directory, 'purchases.jsonl');
  const report = (file: string, total: number) => (done: number) => {
    if (done % REPORT_EVERY === 0 || done === total) onProgress?.({ file, done, total });
  };
  await mkdir(directory, { recursive: true });
  await writeFileInBatches(usage, writeUsageRows(subscribers, seed, report('usage.csv', subscribers)));
  await writeFileInBatches(purchases, writePurchaseRows(shoppers, seed, report('purchases.jsonl', shoppers)));
  return { usage, purchases };
}

/** Memory stays at one batch, however long the file. */
async function writeFileInBatches(path: string, rows: Iterable<string>): Promise<void> {
  const file = await open(path, 'w');
  try {
    let batch: string[] = [];
    for (const row of rows) {
      if (batch.push(row) < BATCH_ROWS) continue;
      await file.appendFile(batch.join(''));
      batch = [];
    }
    await file.appendFile(batch.join(''));
  } finally {
    await file.close();
  }
}

const USAGE =
  'Usage: node --import tsx examples/telco-retail/generate.ts --out DIR [--seed N] [--subscribers N] [--shoppers N]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      seed: { type: 'string' },
      subscribers: { type: 'string' },
      shoppers: { type: 'string' },
    },
  });
  if (!values.out) throw new Error('--out is missing.');
  const count = (name: 'seed' | 'subscribers' | 'shoppers') => {
    const text = values[name];
    if (text === undefined) return {};
    if (!/^\d{1,8}$/.test(text)) throw new Error(`--${name} must be a whole number of at most eight digits.`);
    return { [name]: Number(text) };
  };
  const files = await generateTelcoRetail({
    directory: resolve(values.out),
    ...count('seed'),
    ...count('subscribers'),
    ...count('shoppers'),
  });
  console.log(`${files.usage}\n${files.purchases}`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
  });
}
