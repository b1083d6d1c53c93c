import type { PlannedDataset } from '../../agreement/plan/plan';
import { listSearched, type SearchedColumn } from '../../discovery/search-release';
import { formatCount } from '../../format';
import type { GateResult } from '../rounds/round';

/** Holds a release in which an identifier shows up that nobody declared. A column that was to be searched and was not holds it too. */
export function judgeDiscovery(dataset: PlannedDataset, searched: readonly SearchedColumn[]): GateResult {
  const expected = listSearched(dataset).map((index) => dataset.columns[index]!);
  const forgotten = expected.filter(({ name }) => !searched.some(({ column }) => column === name));
  if (forgotten.length > 0) {
    return {
      gate: 'discovery',
      passed: false,
      finding: `The written release was not searched for identifiers in ${forgotten.map(({ name }) => name).join(', ')}.`,
      remedy: 'Report a fault: a release that was not searched does not go out.',
    };
  }
  const found = searched.filter(({ identifiers }) => identifiers.length > 0);
  const allowed = (name: string) => dataset.columns.find((column) => column.name === name)?.mayIdentifyBy;
  const undeclared = found.filter(({ column }) => allowed(column) === undefined);
  if (undeclared.length > 0) {
    return {
      gate: 'discovery',
      passed: false,
      finding: `${undeclared.map(describeFound).join('; ')}.`,
      remedy:
        'Give the column the role identifier and drop, mask or tokenise it; or name the clause that lets it out as it is (`mayIdentify: "…"`).',
    };
  }
  const clauses = found.map(
    ({ column }) => `${column} looks like an identifier, and clause ${allowed(column)} lets it out`,
  );
  const sampled = searched.filter(({ distinct, looked }) => looked < distinct);
  const extent =
    sampled.length === 0
      ? 'all different values'
      : `all different values, but a sample in ${sampled.map(({ column }) => column).join(', ')}`;
  const finding = [
    searched.length === 0
      ? 'No released column could hold an identifier that is not declared.'
      : `No undeclared identifier was found in ${formatCount(searched.length)} released ${searched.length === 1 ? 'column' : 'columns'} (${extent}).`,
    ...clauses.map((clause) => `${clause}.`),
  ].join(' ');
  return { gate: 'discovery', passed: true, finding };
}

function describeFound({ column, looked, identifiers }: SearchedColumn): string {
  const [{ title, label, by, matched }] = identifiers as readonly [SearchedColumn['identifiers'][number]];
  const form = label === undefined ? '' : `, ${label}`;
  const share = `${formatCount(matched)} of the ${formatCount(looked)} different values looked at`;
  switch (by) {
    case 'name':
      return `column ${column} seems to be a ${title}${form}: its name says so, and ${share} fit`;
    case 'values':
      return `column ${column} seems to hold a ${title}${form}: ${share} are one`;
    case 'inside':
      return `texts of column ${column} hold a ${title}${form}: ${share} do`;
  }
}
