import type { PlannedDataset } from '../../agreement/plan/plan';
import { formatCount } from '../../format';
import type { GateResult } from '../rounds/round';

/** What is wrong with a delivered file, as the intake says it; names out of the file are quoted as JSON. */
interface FoundProblem {
  readonly problem: string;
  readonly remedy: string;
}

/** The most lines that go on record of one delivery, and characters of one. */
export const MOST_TOLD = 10;
const LONGEST = 300;

/**
 * What a giver is told of a file that cannot be the dataset: names that the agreement has, and counts. Another name that the
 * file has may be a value, where it has no header: it is not repeated.
 */
export function tellProblems(dataset: PlannedDataset, problems: readonly FoundProblem[]): readonly string[] {
  const agreed = new Set(dataset.columns.map(({ name }) => name));
  const isAgreed = (text: string) => (text.match(QUOTED) ?? []).every((quoted) => agreed.has(unquote(quoted)));
  const known = problems.filter(({ problem }) => isAgreed(problem));
  const others = problems.length - known.length;
  const lines = known.map(({ problem, remedy }) => (isAgreed(remedy) ? `${problem}: ${remedy}` : `${problem}.`));
  const more = others === 0 ? [] : [`${formatCount(others)} in columns whose names the agreement does not have.`];
  return cut([...lines, ...more]);
}

/** What a giver is told of the gates that its release does not pass: what is for every party's eyes. */
export function tellGates(gates: readonly GateResult[]): readonly string[] {
  return cut(
    gates.flatMap(({ gate, passed, finding, remedy }) =>
      passed ? [] : [`gate ${gate}: ${finding}${remedy === undefined ? '' : ` ${remedy}`}`],
    ),
  );
}

const QUOTED = /"(?:[^"\\]|\\.)*"/g;

function unquote(text: string): string {
  return String(JSON.parse(text));
}

function cut(lines: readonly string[]): readonly string[] {
  const told =
    lines.length > MOST_TOLD ? [...lines.slice(0, MOST_TOLD - 1), `${lines.length - MOST_TOLD + 1} more.`] : lines;
  return told.map((line) => {
    const plain = line.replaceAll(/\p{Cc}/gu, ' ');
    return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
  });
}
