import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { decisionSchema } from '../../audit/grounds/decision-schema';
import type { RecordedDecision } from '../../domain/audit/attribution/recorded-decision';
import { parseJson } from '../../domain/parse-json';
import { errorCode } from '../../error-code';
import { InvalidInput } from '../describe/exit-code';
import { readTextFile, UnreadableFile } from './read-text-file';

/**
 * Decisions as they were recorded: JSON lines in a file, or in every `.jsonl` of a folder. One told twice is one.
 * @throws InvalidInput naming file and line.
 */
export function loadDecisions(path: string): readonly RecordedDecision[] {
  const decisions = new Map<string, RecordedDecision>();
  for (const file of listFiles(path)) {
    for (const [at, line] of readLines(file).entries()) {
      if (line.trim() === '') continue;
      const parsed = decisionSchema.safeParse(parseJson(line));
      if (!parsed.success) {
        throw new InvalidInput(`${file}:${at + 1}: this is no decision: ${describeIssue(parsed.error, line)}.`);
      }
      const { until, ...decision } = parsed.data;
      decisions.set(decision.id, { ...decision, ...(until === undefined ? {} : { until }) });
    }
  }
  return [...decisions.values()];
}

function listFiles(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith('.jsonl'));
    return names.toSorted().map((name) => join(path, name));
  } catch (error) {
    throw new InvalidInput(`--decisions ${path} cannot be read (${String(errorCode(error))}).`, { cause: error });
  }
}

function readLines(file: string): readonly string[] {
  try {
    return readTextFile(file, file).split('\n');
  } catch (error) {
    if (error instanceof UnreadableFile) throw new InvalidInput(error.message, { cause: error });
    throw error;
  }
}

/** Names the field, never what is in it: `parseJson` gives nothing for a line that is no JSON. */
function describeIssue({ issues }: z.ZodError, line: string): string {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no object of JSON';
  const names = [...new Set(issues.map(({ path }) => `\`${path.join('.')}\``))];
  return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} missing or not as it must be`;
}
