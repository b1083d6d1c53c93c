import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BARTER = join(__dirname, '../../../bin/barter.js');

/** A folder of its own with the agreement and both deliveries, as a new user would lay them out. */
export function makeSmallSwap(): string {
  const folder = mkdtempSync(join(tmpdir(), 'barter-swap-'));
  cpSync(join(__dirname, '../../fixtures/small-swap'), folder, { recursive: true });
  writeFileSync(join(folder, 'customers.csv'), customersCsv());
  writeFileSync(join(folder, 'orders.csv'), ordersCsv());
  return folder;
}

/** 200 customers; every age × town holds enough for k = 5 after one step. One row in 50 is a duplicate. */
export function customersCsv(): string {
  const towns = ['Aston', 'Bexley', 'Corby', 'Dover'];
  const rows = Array.from({ length: 200 }, (_, i) => {
    const day = String(1 + (i % 28)).padStart(2, '0');
    return `c${i},Name ${i},${20 + ((i * 7) % 40)},${towns[i % 4]},2024-03-${day},${i % 3 === 0}`;
  });
  return ['id,name,age,town,joined,member', ...rows, ...rows.slice(0, 4)].join('\n').concat('\n');
}

/** 300 orders of 100 cards, each card in one place. */
export function ordersCsv(): string {
  const rows = Array.from({ length: 300 }, (_, i) => `k${i % 100};${1000 + (i % 4) * 10};${(i % 90) + 0.5}`);
  return ['card;postcode;amount', ...rows].join('\r\n').concat('\r\n');
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as a user types it, in a folder. */
export function runBarter(folder: string, ...args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync('node', [BARTER, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

export function startBarter(folder: string, ...args: readonly string[]) {
  return spawn('node', [BARTER, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

export const REHEARSE = [
  'rehearse',
  'agreement.yaml',
  '--data',
  'customers=customers.csv',
  '--data',
  'orders=orders.csv',
  '--out',
  'out',
];
