import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditedInputs, GivenEvidence, InputFile } from '../../domain/audit/report/audit-header';
import { REPORT_CAPS } from '../../domain/audit/report/build-audit-report';
import { INPUT_LABELS, nameInput, splitInputName } from './input-names';
import { RECORD_FILES } from './record-folder';

/** What the pack was made of, as `sha256sum` writes it. */
export const INPUTS = 'inputs.sha256';

/** There may be very many: so many lines at a time. */
const LINES = 1000;

/** Writes the list of what a pack was made of, and says what it lists. */
export function writeInputs(path: string, inputs: Iterable<InputFile>): AuditedInputs {
  const whole = createHash('sha256');
  const listed: InputFile[] = [];
  const given = openGiven();
  let [files, bytes] = [0, 0];
  let lines: string[] = [];
  const flush = () => {
    const text = lines.join('');
    whole.update(text);
    appendFileSync(path, text);
    lines = [];
  };
  writeFileSync(path, '');
  for (const { file, sha256, bytes: size } of inputs) {
    files += 1;
    bytes += size;
    given.note(file);
    if (listed.length < REPORT_CAPS.inputs) listed.push({ file, sha256, bytes: size });
    lines.push(`${formatInputLine({ file, sha256 })}\n`);
    if (lines.length >= LINES) flush();
  }
  flush();
  return { files, bytes, sha256: whole.digest('hex'), given: given.finish(), listed };
}

/** Finds by the names of what a pack was made of which evidence that was. */
export function openGiven(): { readonly note: (file: string) => void; readonly finish: () => GivenEvidence } {
  let [registry, decisions, serverAccessLogs] = [false, false, false];
  return {
    note: (file) => {
      registry ||= file === REGISTRY;
      decisions ||= file === DECISIONS;
      serverAccessLogs ||= splitInputName(file).label === INPUT_LABELS.serverAccess;
    },
    finish: () => ({ registry, decisions, serverAccessLogs }),
  };
}

const REGISTRY = nameInput(INPUT_LABELS.record, RECORD_FILES.registry);
const DECISIONS = nameInput(INPUT_LABELS.record, RECORD_FILES.decisions);

/** A name with a line break or a backslash is spelt as `sha256sum` spells it, or it could pass for two files. */
export function formatInputLine({ file, sha256 }: Pick<InputFile, 'file' | 'sha256'>): string {
  if (!/[\\\n\r]/.test(file)) return `${sha256}  ${file}`;
  return `\\${sha256}  ${file.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}`;
}

/** What a pack says that it was made of; lines that name no file are left out. */
export function readInputLines(pack: string): readonly Pick<InputFile, 'file' | 'sha256'>[] {
  const path = join(pack, INPUTS);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.flatMap((line) => parseInputLine(line) ?? []);
}

/** Undefined for what is no such line. */
export function parseInputLine(line: string): Pick<InputFile, 'file' | 'sha256'> | undefined {
  const [, escaped, sha256 = '', name = ''] = /^(\\?)([0-9a-f]{64}) {2}(.+)$/s.exec(line) ?? [];
  if (name === '') return undefined;
  return { sha256, file: escaped === '\\' ? name.replace(/\\(.)/g, (_, of) => SPELT[of] ?? of) : name };
}

const SPELT: Readonly<Record<string, string>> = { n: '\n', r: '\r' };
