import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, WAYS, writeTrail } from './audit';

/** One access in so many is a partner's, where files are counted. */
const SHARE = 50;
const EVENTS = 200_000;

/** Peak memory of `barter audit` by the accesses of partners, and by the files that as many events lie in. */
export function benchAuditMemory(
  accesses: readonly number[] = [10_000, 100_000, 400_000],
  files: readonly number[] = [1000, 10_000, 100_000],
): void {
  for (const count of accesses) show(`${count} accesses of partners`, count, 5000, 1);
  for (const count of files) show(`${EVENTS} events in ${count} files`, EVENTS, Math.ceil(EVENTS / count), SHARE);
}

function show(what: string, events: number, perFile: number, share: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'barter-bench-memory-'));
  try {
    writeTrail(join(folder, 'logs'), events, perFile, { share });
    const { seconds, cpu, peak } = measure(WAYS[2], folder);
    console.log(
      `  ${what.padEnd(36)} ${Math.round(peak / 1e6)} MB  ${seconds.toFixed(1)} s  processor ${cpu.toFixed(1)} s`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
