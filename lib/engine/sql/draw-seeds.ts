import { indexOfColumn, valueNameOf } from './dataset-columns';
import { findShortest } from './find-shortest';
import { column, columnOf, named, same, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';
import { noiseSeedOf, shiftSeedOf } from './treat-value';
import { KEYS, listTreated, SEEDS, type TreatedPart } from './treated-part';

/** Whether something is drawn per subject. */
export function drawsSeeds(part: TreatedPart): boolean {
  return listTreated(part, 'date-shift', 'noise').length > 0;
}

/** What is drawn for every subject; for the whole leg where the dataset names none. */
export function drawSeeds(part: TreatedPart): SqlQuery {
  const { dataset, rows } = part;
  const drawn = (subject: SqlExpression) => [
    ...(listTreated(part, 'date-shift').length > 0 ? [named('shift_seed', shiftSeedOf(subject, KEYS))] : []),
    ...(listTreated(part, 'noise').length > 0 ? [named('noise_seed', noiseSeedOf(subject, KEYS))] : []),
  ];
  if (dataset.subject === undefined) {
    return { columns: drawn({ kind: 'null', type: { kind: 'string' } }), from: table(KEYS) };
  }
  const from = table(findShortest(dataset, rows, indexOfColumn(dataset, dataset.subject)));
  const subject = valueNameOf(dataset, dataset.subject);
  const distinct: SqlQuery = { columns: [named('subject', column(subject))], from, distinct: true };
  return {
    columns: [named('subject', columnOf('present', 'subject')), ...drawn(columnOf('present', 'subject'))],
    from: { kind: 'query', query: distinct, as: 'present' },
    joins: [{ kind: 'cross', with: table(KEYS) }],
  };
}

/** The row's own seeds. */
export function joinSeeds({ dataset }: TreatedPart, rows: string) {
  if (dataset.subject === undefined) return { kind: 'cross', with: table(SEEDS) } as const;
  const on = same(columnOf(rows, valueNameOf(dataset, dataset.subject)), columnOf(SEEDS, 'subject'));
  return { kind: 'inner', with: table(SEEDS), on } as const;
}
