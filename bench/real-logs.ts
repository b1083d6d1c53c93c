import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { placeRoom } from './audit';

const kinds = z.array(z.object({ records: z.number() }));
const reportSchema = z.object({
  header: z.object({
    records: z.object({ read: z.number(), unknown: kinds, malformed: kinds }),
  }),
  accesses: z.object({ attributed: z.number(), ownDoor: z.number(), ambiguous: z.number() }),
  exceptions: z.object({ counts: z.array(z.object({ kind: z.string(), severity: z.string(), count: z.number() })) }),
});

const DONE = [0, 3];

/**
 * Audits logs that others have published, for a room and an agreement that have nothing to do with them: whatever it finds of
 * partners and of breaches, it finds wrongly, and its pack has to verify with these logs.
 */
function tellRealLogs(logs: string, print: (line: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'barter-real-logs-'));
  try {
    const out = join(folder, 'out');
    const audited = callBarter('audit', '--agreements', placeRoom(folder), '--logs', logs, '--out', out);
    const { header, accesses, exceptions } = reportSchema.parse(
      JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')),
    );
    const { read, unknown, malformed } = header.records;
    print(`${read} records in ${logs}`);
    print(`  accesses of partners           ${accesses.attributed + accesses.ownDoor + accesses.ambiguous}`);
    for (const { severity, kind, count } of exceptions.counts) print(`  ${`${severity}: ${kind}`.padEnd(30)} ${count}`);
    print(`  that say nothing of the room   ${sum(unknown)}, of ${unknown.length} kinds`);
    print(`  that cannot be read            ${sum(malformed)}, of ${malformed.length} kinds`);
    const key = /--key (\S+)/.exec(audited)?.[1] ?? '';
    print(callBarter('verify', out, '--key', key, '--logs', logs).trimEnd().split('\n').at(-1) ?? '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function callBarter(...args: readonly string[]): string {
  const command = [join(__dirname, '../bin/barter.js'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (!DONE.includes(status ?? -1)) throw new Error(stderr);
  return stdout;
}

function sum(counted: readonly { readonly records: number }[]): number {
  return counted.reduce((total, { records }) => total + records, 0);
}

if (require.main === module) {
  const { positionals } = parseArgs({ allowPositionals: true });
  for (const folder of positionals) tellRealLogs(folder, console.log);
}
