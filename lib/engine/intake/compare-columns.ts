import { suggestName } from '../../domain/agreement/checks/suggest-name';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { DeliveryProblem } from './delivery-problem';

/** What is wrong with the columns of a file. Their order is free, their spelling is not: `Age` is not `age`. */
export function compareColumns(
  where: string,
  names: readonly string[],
  { id, columns }: PlannedDataset,
): readonly DeliveryProblem[] {
  const expected = columns.map(({ name }) => name);
  const absent = expected.filter((name) => !names.includes(name));
  const unknown = [...new Set(names)].filter((name) => !expected.includes(name));
  const spaced = unknown.filter((name) => absent.includes(name.trim()));
  const missing = absent.filter((name) => !spaced.some((given) => given.trim() === name));
  const extra = unknown.filter((name) => !spaced.includes(name));
  const repeated = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  return [
    ...spaced.map((name) => ({
      where,
      problem: `column ${quote(name)} has spaces around it`,
      remedy: `Write ${quote(name.trim())}. In the rows, too, spaces are part of the values.`,
    })),
    ...missing.map((name) => ({ where, problem: `column ${quote(name)} is missing`, remedy: suggest(name, extra) })),
    ...extra.map((name) => ({
      where,
      problem: name === '' ? 'a column has no name' : `column ${quote(name)} is not one of dataset ${id}`,
      remedy: suggestExtra(name, missing),
    })),
    ...repeated.map((name) => ({
      where,
      problem: `column ${quote(name)} is there more than once`,
      remedy: 'Leave one of them.',
    })),
  ];
}

function suggest(name: string, extra: readonly string[]): string {
  const near = suggestName(name, extra);
  return near === undefined
    ? 'Add it to the file, or take it out of the agreement.'
    : `The file has ${quote(near)}${differsInCase(near, name) ? ', which differs in case only' : ''}: rename it to ${quote(name)}.`;
}

function suggestExtra(name: string, missing: readonly string[]): string {
  const near = suggestName(name, missing);
  return near === undefined
    ? 'Take it out of the file, or add it to the agreement: nothing is read that the agreement does not name.'
    : `Rename it to ${quote(near)}.`;
}

function differsInCase(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** A name out of a file may hold anything, and be long. */
function quote(name: string): string {
  return JSON.stringify(name.length > 130 ? `${name.slice(0, 129)}…` : name);
}
