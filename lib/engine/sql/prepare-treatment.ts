import type { PlannedColumn } from '../../domain/agreement/plan/plan';
import type { Treatment } from '../../domain/privacy/treatments/treatment';
import { keyName, matchKeys, readKeys, SUBJECT_ROWS, TUPLES } from './count-tuples';
import { valueName } from './dataset-columns';
import { drawSeeds, drawsSeeds } from './draw-seeds';
import { findShortest } from './find-shortest';
import { listValueCounts } from './list-value-counts';
import { numberInOrder } from './number-in-order';
import { PACKED, packTuple } from './pack-codes';
import { code, column, columnOf, isPresent, named, number, table } from './rendering/expressions';
import type { SqlQuery } from './rendering/sql-query';
import { joinSmallGroups, listCommonTexts } from './share-values';
import { tokenOf } from './treat-value';
import {
  CLASS_OF,
  commonName,
  FREQUENT_TOKENS,
  findFrequent,
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
 * A table of `value` and `replacement` (of neighbours that are merged: their group) that SQL alone cannot make. `values` lists the values with a `code`, their place in
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
  return numberInOrder('rank', { ...tokens, orderBy: [{ by: column('token') }] });
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
          type: treatment.kind === 'microaggregate' ? { kind: 'integer' } : (planned.releasedAs ?? planned.type),
        }),
      ],
      from: table(LISTED),
      joins: [joinOn('inner', REPLACEMENTS, 'code', columnOf(LISTED, 'code'))],
    },
  };
}
