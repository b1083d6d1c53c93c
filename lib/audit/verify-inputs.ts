import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../error-code';
import { listLogFiles } from './list-log-files';
import { LOG_LABELS } from './log-labels';
import type { InputFolder } from './open-log-folders';
import { hashPackFile } from './sign-pack';
import type { PackFinding, PackVerdict } from './verify-pack';

/** What the pack was made of, as `sha256sum` writes it. */
export const INPUTS = 'inputs.sha256';

/** Compares folders of logs with what the pack says it was made of; says how much it was made of that is not in them. */
export function verifyInputs(pack: string, folders: readonly InputFolder[]): PackVerdict {
  const lines = readFileSync(join(pack, INPUTS), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const named = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const findings: PackFinding[] = [];
  let compared = 0;
  for (const { label, folder } of folders) {
    const prefix = label === '' ? '' : `${label}/`;
    for (const [file, sha256] of named) {
      if (labelOf(file) !== label) continue;
      compared += 1;
      const found = hashQuietly(folder, file.slice(prefix.length));
      if (found === undefined) findings.push({ file, problem: 'it is missing from the logs' });
      else if (found !== sha256) findings.push({ file, problem: 'it is not the file that was audited' });
    }
    for (const { file } of listLogFiles(folder).files)
      if (!named.has(`${prefix}${file}`))
        findings.push({ file: `${prefix}${file}`, problem: 'it was not there when the logs were audited' });
  }
  const left = named.size - compared;
  const rest = left === 0 ? '' : `; ${left} that were audited are of kinds that were not given, and were not compared`;
  return { checked: [`${compared} log files were compared with what was audited${rest}`], findings };
}

function labelOf(file: string): string {
  return Object.values(LOG_LABELS).find((label) => file.startsWith(`${label}/`)) ?? '';
}

function hashQuietly(folder: string, file: string): string | undefined {
  try {
    return hashPackFile(folder, file).sha256;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
