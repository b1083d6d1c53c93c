import type { z } from 'zod';
import type { DocumentPath, Remark } from '../yaml/remark';

type Issue = z.core.$ZodIssue;

/** What the schema refused: the value (or unknown key) at the path, or only the name under which a sound value stands. */
export interface Refusal extends Remark {
  readonly refused: 'value' | 'name';
}

/** What the schema found: its messages say what would be right, this adds what is wrong. */
export function describeIssues(issues: readonly Issue[], above: DocumentPath = []): Refusal[] {
  return issues
    .filter((issue) => !issues.some((other) => isTighter(other, issue)))
    .flatMap((issue) => describeIssue(issue, above));
}

/** Of two limits that a number exceeds one is told. */
function isTighter(other: Issue, issue: Issue): boolean {
  if (other.code !== 'too_big' || issue.code !== 'too_big') return false;
  return other.maximum < issue.maximum && other.path.join('\n') === issue.path.join('\n');
}

function describeIssue(issue: Issue, above: DocumentPath): Refusal[] {
  const path = [...above, ...issue.path.filter((part) => typeof part !== 'symbol')];
  const remark = (problem: string, more: Partial<Refusal> = {}): Refusal[] => [
    { severity: 'error', path, problem, remedy: issue.message, refused: 'value', ...more },
  ];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const remedies = issue.message.split('\n');
      return issue.keys.flatMap((key, index) =>
        remark(`the key \`${key}\` is not known here`, {
          path: [...path, key],
          at: 'key',
          remedy: remedies[index] ?? '',
        }),
      );
    }
    case 'invalid_key':
      return remark(`${nameAt(path)} cannot be a name here`, {
        at: 'key',
        remedy: issue.issues[0]?.message ?? '',
        refused: 'name',
      });
    case 'invalid_union': {
      const closest = closestBranch(issue.errors);
      return closest === undefined ? remark(misfit(issue, path)) : describeIssues(closest, path);
    }
    case 'custom':
      return remark(`${show(issue.input, path)} ${issue.params?.problem ?? 'is not right here'}`);
    case 'too_small':
      return remark(
        `${show(issue.input, path)} is ${isSized(issue.origin) ? (isEmpty(issue.input) ? 'empty' : 'too short') : 'too small'}`,
      );
    case 'too_big':
      return remark(
        isSized(issue.origin)
          ? `${show(issue.input, path)} is too long`
          : `${show(issue.input, path)} is too large: ${issue.inclusive === false ? `below ${issue.maximum}` : `${issue.maximum} at most`}`,
      );
    case 'invalid_format':
      return remark(`${show(issue.input, path)} is not written as it should be`);
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_element':
    case 'not_multiple_of':
      return remark(misfit(issue, path));
  }
}

/** The branch of a union that fits the value as a whole and fails inside it. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const isMisfit = ({ code, path }: Issue) =>
    path.length === 0 &&
    (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_format' || code === 'invalid_union');
  return branches.find((branch) => !branch.some(isMisfit));
}

function misfit(issue: Issue, path: DocumentPath): string {
  const { input } = issue;
  if (input === undefined) return `${nameAt(path)} is missing`;
  if (input === null) return `${nameAt(path)} is empty`;
  if (typeof input === 'number' && !Number.isFinite(input)) return `${nameAt(path)} is not a finite number`;
  if (issue.code !== 'invalid_type') return `${show(input, path)} is not possible here`;
  return `${show(input, path)} is ${kindOf(input)}, not ${EXPECTED[issue.expected] ?? issue.expected}`;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function kindOf(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  switch (typeof input) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'number':
      return 'a number';
    default:
      return 'a map';
  }
}

const isSized = (origin: string) => origin === 'string' || origin === 'array';

const isEmpty = (input: unknown) => (typeof input === 'string' || Array.isArray(input)) && input.length === 0;

/** A plain value as written, short; anything else by its name, also a number that is not held as it stands. Nothing of a private key. */
function show(input: unknown, path: DocumentPath): string {
  if (typeof input === 'object' || isEmpty(input)) return nameAt(path);
  if (typeof input === 'number' && !(Math.abs(input) <= Number.MAX_SAFE_INTEGER)) return nameAt(path);
  const text = String(input);
  if (text.includes('PRIVATE KEY')) return 'a private key';
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}

function nameAt(path: DocumentPath): string {
  const name = path.at(-1);
  return typeof name === 'string' ? `\`${name}\`` : 'the entry';
}
