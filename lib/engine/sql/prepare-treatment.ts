import type { PlannedColumn, PlannedDataset } from '../../domain/agreement/plan';
import type { Treatment } from '../../domain/privacy/treatment';
import { keyName, listSubjectColumns, matchKeys, readKeys, SUBJECT_ROWS, TUPLES } from './count-tuples';
import { indexOfColumn, valueName, valueNameOf } from './dataset-columns';
import { code, column, columnOf, equals, isPresent, named, number, same, table, when } from './expressions';
import { listValueCounts } from './list-value-counts';
import { PACKED, packTuple } from './pack-codes';
import type { SqlExpression } from './sql-expression';
import type { Join, SqlQuery } from './sql-query';
import { noiseSeedOf, shiftSeedOf, tokenOf } from './treat-value';
import {
  CLASS_OF,
  commonName,
  FREQUENT_TOKENS,
  findFrequent,
  findSubject,
  groupedName,
  joinOn,
  KEYS,
  knowsClass,
  listTokenTables,
  listTreated,
  mappedName,
  RELEASED_TUPLES,
  SEEDS,
  type TreatedPart,
  tokensName,
} from './treated-part';

/** A table that treating rows needs. */
export type HelperTable =
  | { readonly kind: 'query'; readonly name: string; readonly query: SqlQuery; readonly isBounded?: true }
  | MappingTable;

/**
 * A table of `value` and `replacement` that SQL alone cannot make. `values` lists the values with a `code`, their place in
 * the type's own order, and with what else the mapping looks at; the engine keeps it as the table `listed`, has the
 * replacements computed as texts (see `replaceValues`), and keeps them as `REPLACEMENTS`: `code` and `text`. `query` makes the
 * mapping of both.
 */
export interface MappingTable {
  readonly kind: 'mapping';
  readonly name: string;
  readonly column: PlannedColumn;
  readonly treatment: MappedTreatment;
  readonly listed: string;
  readonly values: SqlQuery;
  readonly query: SqlQuery;
}

export type MappedTreatment = Extract<Treatment, { kind: 'format-preserving' | 'microaggregate' }>;

export const REPLACEMENTS = 'replacements';
const LISTED = 'listed_values';

/**
 * The tables that treating this part needs, in the order in which to make them; marks are drawn after `RELEASED_TUPLES`. What
 * is shown because enough share it is counted on the rows that are released: where classes are not asked for,
 * `RELEASED_TUPLES` is there already.
 */
export function prepareTreatment(part: TreatedPart): readonly HelperTable[] {
  const { dataset, rows, classes } = part;
  const distinctValues = (index: number) => listDistinct(findShortest(dataset, rows, index), valueName(index));
  return [
    ...(classes === 'nothing' ? [] : [query(RELEASED_TUPLES, keepReleasedTuples(part))]),
    ...listTokenTables(part).map((index) =>
      query(
        tokensName(index),
        tokenise(knowsClass(part, index) ? listReleasedSubjects(part, index) : distinctValues(index)),
      ),
    ),
    ...(findFrequent(part) < 0 ? [] : [drawFrequent(part)]),
    ...listTreated(part, 'format-preserving', 'microaggregate').map((index) => mapValues(part, index)),
    ...listTreated(part, 'microaggregate').map((index) => query(mappedName(index), joinSmallGroups(part, index))),
    ...listTreated(part, 'common-text').map((index) => query(commonName(index), listCommonTexts(part, index))),
    ...(drawsSeeds(part) ? [query(SEEDS, drawSeeds(part))] : []),
  ];
}

function query(name: string, made: SqlQuery): HelperTable {
  return { kind: 'query', name, query: made };
}

/** Whether something is drawn per subject. */
export function drawsSeeds(part: TreatedPart): boolean {
  return listTreated(part, 'date-shift', 'noise').length > 0;
}

/** Where all values of a column are found: among the counted subjects, if the histogram left it there. */
function findShortest(dataset: PlannedDataset, rows: string, index: number): string {
  const { subject } = dataset;
  if (subject === undefined || dataset.classColumns.length === 0) return rows;
  return listSubjectColumns(dataset, subject).has(index) ? SUBJECT_ROWS : rows;
}

/** Values of the tuples that are released; an inner join with them leaves out every other row. */
function keepReleasedTuples({ dataset, packed }: TreatedPart): SqlQuery {
  return {
    columns: [
      ...(packed ? [named(PACKED, packTuple(packed))] : []),
      ...dataset.classColumns.map((_, index) => named(keyName(index), columnOf(TUPLES, keyName(index)))),
      named('class', columnOf(CLASS_OF, 'class')),
    ],
    from: table(TUPLES),
    joins: [joinOn('inner', CLASS_OF, 'tuple', columnOf(TUPLES, 'tuple'))],
  };
}

function listDistinct(rows: string, value: string): SqlQuery {
  return {
    columns: [named('value', column(value))],
    from: table(rows),
    where: isPresent(column(value)),
    distinct: true,
  };
}

/** Subjects whose rows are released, with their class: one each, since they have one tuple. */
function listReleasedSubjects({ dataset, isSteady = false }: TreatedPart, subject: number): SqlQuery {
  return {
    columns: [named('value', columnOf('keyed', 'value')), named('class', columnOf(RELEASED_TUPLES, 'class'))],
    from: readKeys(dataset, SUBJECT_ROWS, [named('value', column(valueName(subject)))]),
    joins: [{ kind: 'inner', with: table(RELEASED_TUPLES), on: matchKeys(dataset, 'keyed', RELEASED_TUPLES) }],
    where: isPresent(columnOf('keyed', 'value')),
    distinct: !isSteady,
  };
}

/**
 * A token for every `value`. There are far fewer values than rows, as a rule: each is digested once. Ranks sort like tokens
 * and are narrower.
 */
function tokenise(values: SqlQuery): SqlQuery {
  const tokens: SqlQuery = {
    columns: [
      ...values.columns.map(({ name }) => named(name, columnOf('present', name))),
      named('token', tokenOf(columnOf('present', 'value'), KEYS)),
    ],
    from: { kind: 'query', query: values, as: 'present' },
    joins: [{ kind: 'cross', with: table(KEYS) }],
  };
  return {
    columns: [
      ...tokens.columns.map(({ name }) => named(name, column(name))),
      named('rank', code({ kind: 'place', within: [], by: [column('token')] })),
    ],
    from: { kind: 'query', query: tokens, as: 'tokens' },
  };
}

/** How many rows of a subject make it worth to look its token up. */
const FREQUENT_ROWS = 3;
/** What every worker can hold: some 120 MB. */
const MOST_FREQUENT = 1_000_000;

/** Which subjects these are does not show: their rows have the same token from elsewhere. */
function drawFrequent(part: TreatedPart): HelperTable {
  const value = column(valueName(findFrequent(part)));
  const counted: SqlQuery = {
    columns: [named('value', value), named('rows', { kind: 'sum', operand: column('rows') })],
    from: table(SUBJECT_ROWS),
    where: isPresent(value),
    groupBy: [value],
  };
  const frequent: SqlQuery = {
    columns: [named('value', column('value'))],
    from: { kind: 'query', query: counted, as: 'counted' },
    where: { kind: 'compare', op: '>=', left: column('rows'), right: number(FREQUENT_ROWS) },
    limit: MOST_FREQUENT,
  };
  const made: SqlQuery = {
    columns: [
      named('value', columnOf('frequent', 'value')),
      named('token', tokenOf(columnOf('frequent', 'value'), KEYS)),
    ],
    from: { kind: 'query', query: frequent, as: 'frequent' },
    joins: [{ kind: 'cross', with: table(KEYS) }],
  };
  return { kind: 'query', name: FREQUENT_TOKENS, query: made, isBounded: true };
}

function mapValues({ dataset, rows }: TreatedPart, index: number): MappingTable {
  const planned = dataset.columns[index]!;
  const treatment = planned.treatment as MappedTreatment;
  const listed =
    treatment.kind === 'microaggregate'
      ? listValueCounts(dataset, rows, index)
      : listDistinct(findShortest(dataset, rows, index), valueName(index));
  return {
    kind: 'mapping',
    name: treatment.kind === 'microaggregate' ? groupedName(index) : mappedName(index),
    column: planned,
    treatment,
    listed: LISTED,
    values: {
      columns: [
        ...listed.columns.map(({ name }) => named(name, column(name))),
        named('code', code({ kind: 'place', within: [], by: [column('value')] })),
      ],
      from: { kind: 'query', query: listed, as: 'found' },
    },
    query: {
      columns: [
        named('value', columnOf(LISTED, 'value')),
        named('replacement', {
          kind: 'parse',
          operand: columnOf(REPLACEMENTS, 'text'),
          type: planned.releasedAs ?? planned.type,
        }),
      ],
      from: table(LISTED),
      joins: [joinOn('inner', REPLACEMENTS, 'code', columnOf(LISTED, 'code'))],
    },
  };
}

/** Texts that enough subjects share: rows, where none is named. */
function listCommonTexts(part: TreatedPart, index: number): SqlQuery {
  const value = columnOf('kept', valueName(index));
  return {
    columns: [named('value', column('value'))],
    from: { kind: 'query', query: countSharers(part, index, value), as: 'shared' },
    where: reachesK(part, index),
  };
}

/**
 * Of a group of which fewer than k are released every value shows what the next lower group that holds enough shows, or the
 * lowest one; nothing where none does.
 */
function joinSmallGroups(part: TreatedPart, index: number): SqlQuery {
  const grouped = groupedName(index);
  const groups: SqlQuery = {
    columns: [named('shown', column('replacement'))],
    from: table(grouped),
    where: isPresent(column('replacement')),
    distinct: true,
  };
  const sharers = countSharers(part, index, columnOf(grouped, 'replacement'), [
    joinOn('inner', grouped, 'value', columnOf('kept', valueName(index))),
  ]);
  const large: SqlQuery = {
    columns: [named('value', column('value'))],
    from: { kind: 'query', query: sharers, as: 'shared' },
    where: reachesK(part, index),
  };
  const isLarge = isPresent(columnOf('large', 'value'));
  const place = (within: readonly SqlExpression[]): SqlExpression => ({
    kind: 'place',
    within,
    by: [columnOf('groups', 'shown')],
  });
  const placed: SqlQuery = {
    columns: [
      named('shown', columnOf('groups', 'shown')),
      named('large', isLarge),
      named('place', place([])),
      named('among', place([isLarge])),
    ],
    from: { kind: 'query', query: groups, as: 'groups' },
    joins: [
      {
        kind: 'left',
        with: { kind: 'query', query: large, as: 'large' },
        on: equals(columnOf('groups', 'shown'), columnOf('large', 'value')),
      },
    ],
  };
  // Before a small group stand as many large ones as there are groups before it that are not small.
  const before: SqlExpression = { kind: 'arithmetic', op: '-', left: column('place'), right: column('among') };
  const none: SqlExpression = { kind: 'compare', op: '=', left: before, right: number(0) };
  const last: SqlExpression = { kind: 'arithmetic', op: '-', left: before, right: number(1) };
  const aimed: SqlQuery = {
    columns: [
      named('shown', column('shown')),
      named('aim', when(column('large'), column('among'), when(none, number(0), last))),
    ],
    from: { kind: 'query', query: placed, as: 'placed' },
  };
  const held: SqlQuery = {
    columns: [named('shown', column('shown')), named('place', column('among'))],
    from: { kind: 'query', query: placed, as: 'placed' },
    where: column('large'),
  };
  return {
    columns: [named('value', columnOf(grouped, 'value')), named('replacement', columnOf('held', 'shown'))],
    from: table(grouped),
    joins: [
      {
        kind: 'inner',
        with: { kind: 'query', query: aimed, as: 'aimed' },
        on: equals(columnOf(grouped, 'replacement'), columnOf('aimed', 'shown')),
      },
      {
        kind: 'inner',
        with: { kind: 'query', query: held, as: 'held' },
        on: equals(columnOf('aimed', 'aim'), columnOf('held', 'place')),
      },
    ],
  };
}

function reachesK({ dataset }: TreatedPart, index: number): SqlExpression {
  const { treatment } = dataset.columns[index]!;
  if (treatment.kind !== 'common-text' && treatment.kind !== 'microaggregate')
    throw new Error('Only common texts and groups of values are shared.');
  return { kind: 'compare', op: '>=', left: column('sharers'), right: number(treatment.k) };
}

/** Per value how many subjects with released rows have it: rows, where none is named. `value`: of `kept` and the joins. */
function countSharers(part: TreatedPart, index: number, value: SqlExpression, joins: readonly Join[] = []): SqlQuery {
  const subject = findSubject(part.dataset);
  const names = [index, ...(subject < 0 ? [] : [subject])].map(valueName);
  const pairs: SqlQuery = {
    columns: [named('value', value), ...(subject < 0 ? [] : [named('subject', columnOf('kept', valueName(subject)))])],
    from: { kind: 'query', query: keepReleasedRows(part, [...new Set(names)]), as: 'kept' },
    joins,
    where: isPresent(value),
    distinct: subject >= 0,
  };
  const sharers: SqlExpression =
    subject < 0 ? { kind: 'count-rows' } : { kind: 'count-present', operand: column('subject') };
  return {
    columns: [named('value', column('value')), named('sharers', sharers)],
    from: { kind: 'query', query: pairs, as: 'pairs' },
    groupBy: [column('value')],
  };
}

/** Columns of the rows that have a class and are no mark. */
function keepReleasedRows({ dataset, rows, unmarked = rows }: TreatedPart, names: readonly string[]): SqlQuery {
  if (dataset.classColumns.length === 0)
    return { columns: names.map((name) => named(name, column(name))), from: table(unmarked) };
  const others = names.map((name) => named(name, column(name)));
  return {
    columns: names.map((name) => named(name, columnOf('keyed', name))),
    from: readKeys(dataset, unmarked, others),
    joins: [{ kind: 'inner', with: table(RELEASED_TUPLES), on: matchKeys(dataset, 'keyed', RELEASED_TUPLES) }],
  };
}

/** What is drawn for every subject; for the whole leg where the dataset names none. */
function drawSeeds(part: TreatedPart): SqlQuery {
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
