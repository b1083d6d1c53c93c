import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditedInputs, InputFile } from '../domain/audit/report/audit-report';
import { REPORT_CAPS } from '../domain/audit/report/build-audit-report';

/** What the pack was made of, as `sha256sum` writes it. */
export const INPUTS = 'inputs.sha256';

/** There may be very many: so many lines at a time. */
const LINES = 1000;

export function summariseInputs(inputs: readonly InputFile[]): AuditedInputs {
  const whole = createHash('sha256');
  for (const lines of formatLines(inputs)) whole.update(lines);
  return {
    files: inputs.length,
    bytes: inputs.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256: whole.digest('hex'),
    listed: inputs.slice(0, REPORT_CAPS.inputs).map(({ file, sha256, bytes }) => ({ file, sha256, bytes })),
  };
}

export function writeInputs(folder: string, inputs: readonly InputFile[]): void {
  const path = join(folder, INPUTS);
  writeFileSync(path, '');
  for (const lines of formatLines(inputs)) appendFileSync(path, lines);
}

function* formatLines(inputs: readonly InputFile[]): Generator<string> {
  for (let at = 0; at < inputs.length; at += LINES)
    yield inputs
      .slice(at, at + LINES)
      .map((input) => `${formatInputLine(input)}\n`)
      .join('');
}

/** A name with a line break or a backslash is spelt as `sha256sum` spells it, or it could pass for two files. */
export function formatInputLine({ file, sha256 }: Pick<InputFile, 'file' | 'sha256'>): string {
  if (!/[\\\n\r]/.test(file)) return `${sha256}  ${file}`;
  return `\\${sha256}  ${file.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}`;
}

/** Undefined for what is no such line. */
export function parseInputLine(line: string): Pick<InputFile, 'file' | 'sha256'> | undefined {
  const [, escaped, sha256 = '', name = ''] = /^(\\?)([0-9a-f]{64}) {2}(.+)$/s.exec(line) ?? [];
  if (name === '') return undefined;
  return { sha256, file: escaped === '\\' ? name.replace(/\\(.)/g, (_, of) => SPELT[of] ?? of) : name };
}

const SPELT: Readonly<Record<string, string>> = { n: '\n', r: '\r' };
