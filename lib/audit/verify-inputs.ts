import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../error-code';
import { listLogFiles } from './list-log-files';
import { hashPackFile } from './sign-pack';
import type { PackVerdict } from './verify-pack';

/** What the pack was made of, as `sha256sum` writes it. */
export const INPUTS = 'inputs.sha256';

/** Compares a folder of logs with what the pack says it was made of. */
export function verifyInputs(pack: string, logs: string): PackVerdict {
  const lines = readFileSync(join(pack, INPUTS), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const named = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  // Further folders of logs have their label before them, and are not in this one.
  const here = [...named].filter(([file]) => !/^(server-access-logs|transfer-logs)\//.test(file));
  const findings = here.flatMap(([file, sha256]) => {
    const found = hashQuietly(logs, file);
    if (found === undefined) return [{ file, problem: 'it is missing from the logs' }];
    return found === sha256 ? [] : [{ file, problem: 'it is not the file that was audited' }];
  });
  const strays = listLogFiles(logs).files.filter(({ file }) => !named.has(file));
  return {
    checked: [`${here.length} log files were compared with what was audited`],
    findings: [
      ...findings,
      ...strays.map(({ file }) => ({ file, problem: 'it was not there when the logs were audited' })),
    ],
  };
}

function hashQuietly(folder: string, file: string): string | undefined {
  try {
    return hashPackFile(folder, file).sha256;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
