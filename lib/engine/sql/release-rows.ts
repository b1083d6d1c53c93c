import type { PlannedColumn, PlannedDataset } from '../../domain/agreement/plan';
import { keyName, listSubjectColumns, matchKeys, readKeys, SUBJECT_ROWS, TUPLES } from './count-tuples';
import { indexOfColumn, valueName, valueNameOf } from './dataset-columns';
import { code, column, columnOf, equals, isPresent, named, same, table } from './expressions';
import type { SqlExpression } from './sql-expression';
import type { Join, NamedExpression, SqlQuery } from './sql-query';
import { maskValue, shiftDate, shiftSeedOf, tokenOf } from './treat-value';

/**
 * The queries of one leg's release. They read the accepted rows and these tables: `keys` (one row: the leg's keys as
 * pads), `class_of` (tuple, class), `classes` (class, and `shown_0` … in the order of the class columns), and the tables of
 * `prepareRelease`.
 */

export const KEYS = 'keys';
export const CLASS_OF = 'class_of';
export const CLASSES = 'classes';
export const shownName = (classIndex: number) => `shown_${classIndex}`;
const RELEASED_TUPLES = 'released_tuples';
const SEEDS = 'shift_seeds';
const tokensName = (index: number) => `tokens_${index}`;
const rankName = (index: number) => `rank_${index}`;

/** A released column's name in the rows, before it gets the one of the agreement. */
export const releasedName = (index: number) => `released_${index}`;

/** Which of the accepted rows, and which of their columns, by place in the dataset. */
export interface TreatedPart {
  readonly dataset: PlannedDataset;
  /** The table of accepted rows. */
  readonly rows: string;
  readonly columns: readonly number[];
  readonly classes: ClassesBy;
}

/**
 * How a row's class is found; rows that have none are left out. `nothing`: no row is, and none has a class. `subject`:
 * all rows of a subject have one tuple, so that its token, which is among the columns, knows the class: one join less.
 */
export type ClassesBy = 'nothing' | 'values' | 'subject';

export interface HelperTable {
  readonly name: string;
  readonly query: SqlQuery;
}

export function listReleased({ columns }: PlannedDataset): readonly number[] {
  return columns.flatMap(({ releasedAs }, index) => (releasedAs ? [index] : []));
}

/** The tables that treating this part needs, in the order in which to make them. */
export function prepareTreatment(part: TreatedPart): readonly HelperTable[] {
  const { dataset, rows, columns, classes } = part;
  const tokenised = columns.filter((index) => dataset.columns[index]?.treatment.kind === 'token');
  return [
    ...(classes === 'nothing' ? [] : [{ name: RELEASED_TUPLES, query: keepReleasedTuples(dataset) }]),
    ...tokenised.map((index) => ({
      name: tokensName(index),
      query: tokenise(
        knowsClass(part, index)
          ? listReleasedSubjects(dataset, index)
          : listDistinct(findShortest(dataset, rows, index), valueName(index)),
      ),
    })),
    ...(shiftsDates(part) ? [{ name: SEEDS, query: drawSeeds(dataset, rows) }] : []),
  ];
}

/** Where all values of a column are found: among the counted subjects, if the histogram left it there. */
function findShortest(dataset: PlannedDataset, rows: string, index: number): string {
  const { subject } = dataset;
  if (subject === undefined || !hasClasses(dataset)) return rows;
  return listSubjectColumns(dataset, subject).has(index) ? SUBJECT_ROWS : rows;
}

function hasClasses({ classColumns }: PlannedDataset): boolean {
  return classColumns.length > 0;
}

/**
 * The released rows, in the order of their released values: nothing is left of the delivery's order, by which a receiver
 * could tell who is who, or two receivers whose tokens belong together. (Threads may write whole blocks of some thousand
 * rows in another order; that does not depend on the delivery either.) They are sorted as they are narrowest, tokens and
 * classes being numbers still, and only then get what they show: this costs a third of sorting what is written.
 */
export function releaseRows(part: TreatedPart): SqlQuery {
  const narrow = treatNarrow(part, []);
  const names = narrow.columns.map(({ name }) => name);
  return widen(part, [], {
    columns: names.map((name) => named(name, column(name))),
    from: { kind: 'query', query: narrow, as: 'treated' },
    orderBy: sortKeys(part.dataset, names).map((name) => ({ by: column(name) })),
  });
}

/** The rows as they are released, in no order, and other columns of theirs as they are. */
export function treatRows(part: TreatedPart, others: readonly string[] = []): SqlQuery {
  return widen(part, others, treatNarrow(part, others));
}

/** The class column whose shown value the release takes for this column, −1 where it has a treatment of its own. */
function shownClassIndex({ dataset, classes }: TreatedPart, { name, treatment }: PlannedColumn): number {
  if (classes === 'nothing' || (treatment.kind !== 'generalise' && treatment.kind !== 'mask')) return -1;
  return dataset.classColumns.findIndex((classColumn) => classColumn.column === name);
}

function widen(part: TreatedPart, others: readonly string[], narrow: SqlQuery): SqlQuery {
  const { dataset, columns } = part;
  return {
    columns: [
      ...columns.map((index) => named(releasedName(index), showColumn(part, index))),
      ...others.map((name) => named(name, columnOf('narrow', name))),
    ],
    from: { kind: 'query', query: narrow, as: 'narrow' },
    joins: [
      ...columns.flatMap((index) =>
        dataset.columns[index]?.treatment.kind === 'token'
          ? [joinTokens(part, index, 'rank', columnOf('narrow', rankName(index)))]
          : [],
      ),
      ...joinClasses(part),
    ],
  };
}

function joinClasses({ dataset, classes }: TreatedPart): readonly Join[] {
  switch (classes) {
    case 'nothing':
      return [];
    case 'values':
      return [joinOn('inner', CLASSES, 'class', columnOf('narrow', 'class'))];
    case 'subject':
      return [joinOn('inner', CLASSES, 'class', columnOf(tokensName(findSubject(dataset)), 'class'))];
  }
}

function findSubject({ columns, subject }: PlannedDataset): number {
  return columns.findIndex(({ name }) => name === subject);
}

/** Whether the tokens of this column say their subject's class. */
function knowsClass({ dataset, classes }: TreatedPart, index: number): boolean {
  return classes === 'subject' && index === findSubject(dataset);
}

function showColumn(part: TreatedPart, index: number): SqlExpression {
  const planned = part.dataset.columns[index]!;
  const classIndex = shownClassIndex(part, planned);
  if (classIndex >= 0) return columnOf(CLASSES, shownName(classIndex));
  if (planned.treatment.kind === 'token') return columnOf(tokensName(index), 'token');
  return columnOf('narrow', valueName(index));
}

/** A missing value has no token; where none can be missing, the join need not look out for it. */
function joinTokens(part: TreatedPart, index: number, key: 'rank' | 'value', to: SqlExpression): Join {
  const canMiss = part.dataset.columns[index]?.missing.kind === 'keep' && !knowsClass(part, index);
  return joinOn(canMiss ? 'left' : 'inner', tokensName(index), key, to);
}

function joinOn(kind: 'inner' | 'left', name: string, key: string, to: SqlExpression): Join {
  return { kind, with: table(name), on: equals(to, columnOf(name, key)) };
}

/** Values of the tuples that are released; an inner join with them leaves out every other row. */
function keepReleasedTuples(dataset: PlannedDataset): SqlQuery {
  return {
    columns: [
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
function listReleasedSubjects(dataset: PlannedDataset, subject: number): SqlQuery {
  return {
    columns: [named('value', columnOf('keyed', 'value')), named('class', columnOf(RELEASED_TUPLES, 'class'))],
    from: readKeys(dataset, SUBJECT_ROWS, [named('value', column(valueName(subject)))]),
    joins: [{ kind: 'inner', with: table(RELEASED_TUPLES), on: matchKeys(dataset, 'keyed', RELEASED_TUPLES) }],
    where: isPresent(columnOf('keyed', 'value')),
    distinct: true,
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

/** One seed per subject; one for the whole leg where the dataset names no subject. */
function drawSeeds(dataset: PlannedDataset, rows: string): SqlQuery {
  if (dataset.subject === undefined) {
    const nobody: SqlExpression = { kind: 'null', type: { kind: 'string' } };
    return { columns: [named('seed', shiftSeedOf(nobody, KEYS))], from: table(KEYS) };
  }
  const subject = valueNameOf(dataset, dataset.subject);
  const from = table(findShortest(dataset, rows, indexOfColumn(dataset, dataset.subject)));
  const distinct: SqlQuery = { columns: [named('subject', column(subject))], from, distinct: true };
  return {
    columns: [
      named('subject', columnOf('present', 'subject')),
      named('seed', shiftSeedOf(columnOf('present', 'subject'), KEYS)),
    ],
    from: { kind: 'query', query: distinct, as: 'present' },
    joins: [{ kind: 'cross', with: table(KEYS) }],
  };
}

/** The subject's token first, so that it stands but once in many rows; texts last, since they are the dearest to compare. */
function sortKeys(dataset: PlannedDataset, names: readonly string[]): readonly string[] {
  const subject = dataset.columns.findIndex(({ name }) => name === dataset.subject);
  const cost = (name: string) => {
    if (name === rankName(subject)) return 0;
    if (name === 'class') return 1;
    const index = dataset.columns.findIndex((_, candidate) => name === valueName(candidate));
    return dataset.columns[index]?.releasedAs?.kind === 'string' ? 3 : 2;
  };
  return names.toSorted((left, right) => cost(left) - cost(right));
}

/** Per row its class and tokens as numbers, and every other column as it will be released. */
function treatNarrow(part: TreatedPart, others: readonly string[]): SqlQuery {
  const { dataset, rows, columns, classes } = part;
  const tokenised = columns.filter((index) => dataset.columns[index]?.treatment.kind === 'token');
  const read = new Set([...columns.map(valueName), ...others, ...(shiftsDates(part) ? listSubject(dataset) : [])]);
  return {
    columns: [
      ...(classes === 'values' ? [named('class', columnOf(RELEASED_TUPLES, 'class'))] : []),
      ...tokenised.map((index) => named(rankName(index), columnOf(tokensName(index), 'rank'))),
      ...columns.flatMap((index) => treatColumn(part, index)),
      ...others.map((name) => named(name, columnOf('keyed', name))),
    ],
    from: readKeys(
      dataset,
      rows,
      [...read].map((name) => named(name, column(name))),
    ),
    joins: [
      ...(classes === 'values'
        ? [{ kind: 'inner' as const, with: table(RELEASED_TUPLES), on: matchKeys(dataset, 'keyed', RELEASED_TUPLES) }]
        : []),
      ...tokenised.map((index) => joinTokens(part, index, 'value', columnOf('keyed', valueName(index)))),
      ...joinSeeds(part),
    ],
  };
}

function shiftsDates({ dataset, columns }: TreatedPart): boolean {
  return columns.some((index) => dataset.columns[index]?.treatment.kind === 'date-shift');
}

function listSubject(dataset: PlannedDataset): readonly string[] {
  return dataset.subject === undefined ? [] : [valueNameOf(dataset, dataset.subject)];
}

function joinSeeds(part: TreatedPart): readonly Join[] {
  if (!shiftsDates(part)) return [];
  const [subject] = listSubject(part.dataset);
  if (subject === undefined) return [{ kind: 'cross', with: table(SEEDS) }];
  return [{ kind: 'inner', with: table(SEEDS), on: same(columnOf('keyed', subject), columnOf(SEEDS, 'subject')) }];
}

/** What a row carries of a column to its end; nothing of one that is known from its class or rank. */
function treatColumn(part: TreatedPart, index: number): readonly NamedExpression[] {
  const planned = part.dataset.columns[index]!;
  const value = columnOf('keyed', valueName(index));
  const treated = (expression: SqlExpression) => [named(valueName(index), expression)];
  const { treatment, type } = planned;
  switch (treatment.kind) {
    case 'keep':
      return treated(value);
    case 'mask':
      return shownClassIndex(part, planned) < 0 ? treated(maskValue(value, treatment)) : [];
    case 'date-shift':
      return treated(shiftDate(value, type, treatment.days, columnOf(SEEDS, 'seed')));
    case 'drop':
    case 'token':
    case 'generalise':
      return [];
  }
}
