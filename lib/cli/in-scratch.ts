import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from './describe/exit-code';
import { STOP_SIGNALS } from './describe/stop-signals';

/** A private folder, gone afterwards, also when the work is interrupted. */
export async function inScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'barter-'));
  const clear = () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  const interrupt = () => {
    clear();
    process.exit(EXIT.interrupted);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, interrupt);
  try {
    return await work(directory);
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, interrupt);
    clear();
  }
}
