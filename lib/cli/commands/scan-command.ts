import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { writeDraftAgreement } from '../../domain/discovery/write-draft-agreement';
import { profileFile } from '../../engine/duckdb/profile-file';
import { InvalidDelivery } from '../../engine/invalid-delivery';
import { errorCode } from '../../error-code';
import { describeProfile } from '../describe/describe-profile';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { inScratch } from '../in-scratch';
import { MEMORY_OPTION, readMemory } from '../read/read-memory';

interface ScanOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly memory?: string;
}

export function addScanCommand(program: Command, terminal: Terminal): void {
  program
    .command('scan')
    .description('look for personal data in a file, and draft an agreement that says how to treat it')
    .argument('<path>', 'a CSV, JSON lines or Parquet file, or a folder of them')
    .option('--out <draft.yaml>', 'write the draft agreement there; without it, only say what was found')
    .option(...MEMORY_OPTION)
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', HELP)
    .action(async (path: string, { out, json, memory }: ScanOptions) => {
      const limit = readMemory(memory);
      if (!existsSync(path)) throw new InvalidInput(`There is no file or folder ${path}.`);
      if (out !== undefined && existsSync(out)) {
        throw new InvalidInput(`${out} is there already and is left as it is. Name another file with --out.`);
      }
      if (out !== undefined) writing(out, () => mkdirSync(dirname(out), { recursive: true }));
      const profile = await inScratch((directory) =>
        profileFile(path, { directory, onProgress: showAfter(2000, terminal), ...limit }),
      ).catch((error: unknown) => {
        throw error instanceof InvalidDelivery ? explain(path, error) : error;
      });
      terminal.endProgress();
      terminal.out(json ? JSON.stringify(profile, null, 2) : describeProfile(profile, terminal.colour));
      if (out === undefined) return;
      const draft = writeDraftAgreement(profile);
      writing(out, () => writeFileSync(out, draft, { flag: 'wx', mode: 0o600 }));
      terminal.err(`Wrote ${out}. Next: read it line by line, then run npx barter check ${out}.`);
    });
}

const HELP = `
Examples:
  barter scan customers.csv
  barter scan customers.parquet --out draft.yaml && barter check draft.yaml

It never prints a value of the file: only names of columns, counts and forms (Aaaa 999).`;

function explain(path: string, error: InvalidDelivery): InvalidInput {
  const lines = error.problems.map(({ where, problem, remedy }) => `  ${where}: ${problem}\n    ${remedy}`);
  return new InvalidInput(`${path} cannot be read:\n${lines.join('\n')}`, { cause: error });
}

/** What is done in a moment needs no commentary; a pipe is told less often than a terminal. */
function showAfter(milliseconds: number, terminal: Terminal): (done: string) => void {
  const started = performance.now();
  return (done) => {
    if (performance.now() - started > milliseconds) terminal.progress(`${done} …`);
  };
}

function writing(file: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new InvalidInput(`${file} cannot be written (${String(errorCode(error))}). Name another file with --out.`, {
      cause: error,
    });
  }
}
