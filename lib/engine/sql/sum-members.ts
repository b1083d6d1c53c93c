import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { countSettled } from './count-subjects';
import { indexOfColumn } from './dataset-columns';
import { WHO_IS_ALONE } from './mark-alone';
import { codeValues } from './measure-values';
import { addUp } from './number-cells';
import { releasedName } from './release-rows';
import { COUNT_ROWS, column, isPresent, named, number, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';

/*
 * What is counted of members, where those of subjects with one group were summed up at once (`sums`: per `place` and
 * sensitive values the `rows`, and the `subjects` who are in one group alone) and those of all others stand one by one
 * (`scattered`: `place`, values and `subject`).
 */

/** Sums of groups that were marked (`markAlone`), by the columns named. */
export function sumMembers(groups: SqlQuery['from'], names: readonly string[]): SqlQuery {
  return {
    columns: [
      ...names.map((name) => named(name, column(name))),
      named('rows', { kind: 'sum', operand: column('rows') }),
      named('subjects', { kind: 'count-present', operand: WHO_IS_ALONE }),
    ],
    from: groups,
    groupBy: names.map(column),
  };
}

/** As `countSettled`. `bounded`: `boundSubjects` of the scattered. */
export function addSettled(sums: string, bounded: string): SqlQuery {
  return addUp([tell(sums, ['place'], ['subjects']), countSettled(bounded)], ['place'], ['subjects']);
}

/** As `countPlacedRows`, the rows alone. */
export function addPlacedRows(sums: string): SqlQuery {
  return addUp([tell(sums, ['place'], ['rows'])], ['place'], ['rows']);
}

/** As `countWrittenHolders`. */
export function addHolders(
  dataset: PlannedDataset,
  sensitive: string,
  reference: string,
  { sums, scattered }: { readonly sums: string; readonly scattered: string },
): SqlQuery {
  const value = releasedName(indexOfColumn(dataset, sensitive));
  const names = ['place', value];
  const holders: SqlQuery = {
    columns: [...names, 'subject'].map((name) => named(name, column(name))),
    from: table(scattered),
    distinct: true,
  };
  const counted: SqlQuery = {
    columns: [
      ...names.map((name) => named(name, column(name))),
      named('subjects', COUNT_ROWS),
      named('rows', number(0)),
    ],
    from: { kind: 'query', query: holders, as: 'each_holder' },
    groupBy: names.map(column),
  };
  const told = [tell(sums, names, ['subjects', 'rows']), counted];
  const both: SqlQuery = {
    columns: [...names, 'subjects', 'rows'].map((name) => named(name, column(name))),
    from: { kind: 'union', queries: told, as: 'told' },
  };
  return codeValues(value, reference, both, ['subjects', 'rows']);
}

/** As `countKnownSubjects`, which `known` is of the scattered. */
export function addKnown(dataset: PlannedDataset, sensitive: string, sums: string, known: SqlQuery): SqlQuery {
  const present = isPresent(column(releasedName(indexOfColumn(dataset, sensitive))));
  return addUp([tell(sums, ['place'], ['subjects'], present), known], ['place'], ['subjects']);
}

function tell(sums: string, keys: readonly string[], counts: readonly string[], where?: SqlExpression): SqlQuery {
  return {
    columns: [...keys, ...counts].map((name) => named(name, column(name))),
    from: table(sums),
    ...(where && { where }),
  };
}
