import type { ColumnType, PlannedColumn, PlannedDataset } from '../../domain/agreement/plan/plan';
import { matchKeys, readKeys } from './count-tuples';
import { valueName, valueNameOf } from './dataset-columns';
import { addNoise, limitNoised, listDigests } from './draw-noise';
import { drawsSeeds, joinSeeds } from './draw-seeds';
import { joinCodes, PACKED, packRow } from './pack-codes';
import {
  column,
  columnOf,
  equals,
  isMissing,
  isPresent,
  named,
  number,
  same,
  table,
  when,
} from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Join, NamedExpression, Relation, SqlQuery } from './rendering/sql-query';
import { HIDDEN, limitValue, maskValue, roundValue, shiftDate, tokenOf } from './treat-value';
import {
  CLASSES,
  commonName,
  FREQUENT_TOKENS,
  findFrequent,
  findSubject,
  joinOn,
  KEYS,
  knowsClass,
  listTokenTables,
  listTreated,
  mappedName,
  RELEASED_TUPLES,
  SEEDS,
  shownName,
  type TreatedPart,
  tokensName,
} from './treated-part';

/** The queries of one leg's release. They read the accepted rows, the solution's tables, and those of `prepareTreatment`. */

const rankName = (index: number) => `rank_${index}`;
const baseName = (index: number) => `noised_${index}`;
const digestName = (index: number, place: number) => `digest_${index}_${place}`;

/** A released column's name in the rows, before it gets the one of the agreement. */
export const releasedName = (index: number) => `released_${index}`;

export function listReleased({ columns }: PlannedDataset): readonly number[] {
  return columns.flatMap(({ releasedAs }, index) => (releasedAs ? [index] : []));
}

/**
 * The released rows, in the order of their released values: nothing is left of the delivery's order, by which a receiver
 * could tell who is who, or two receivers whose tokens belong together. They are sorted as they are narrowest, tokens and
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
  const { columns } = part;
  return {
    columns: [
      ...columns.map((index) => named(releasedName(index), showColumn(part, index))),
      ...others.map((name) => named(name, columnOf('narrow', name))),
    ],
    from: { kind: 'query', query: narrow, as: 'narrow' },
    joins: [
      ...listTokenTables(part).map((index) => joinTokens(part, index, 'rank', columnOf('narrow', rankName(index)))),
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

function showColumn(part: TreatedPart, index: number): SqlExpression {
  const planned = part.dataset.columns[index]!;
  const classIndex = shownClassIndex(part, planned);
  if (classIndex >= 0) return columnOf(CLASSES, shownName(classIndex));
  if (listTokenTables(part).includes(index)) return columnOf(tokensName(index), 'token');
  return columnOf('narrow', valueName(index));
}

/** A missing value has no token; where none can be missing, the join need not look out for it. */
function joinTokens(part: TreatedPart, index: number, key: 'rank' | 'value', to: SqlExpression): Join {
  const canMiss = part.dataset.columns[index]?.missing.kind === 'keep' && !knowsClass(part, index);
  return joinOn(canMiss ? 'left' : 'inner', tokensName(index), key, to);
}

/**
 * The subject's token first, so that it stands but once in many rows. Then what has most values, since a comparison ends at
 * the first that differ: numbers and moments, the class, and truths. Texts last, being the dearest to compare.
 */
function sortKeys(dataset: PlannedDataset, names: readonly string[]): readonly string[] {
  const subject = dataset.columns.findIndex(({ name }) => name === dataset.subject);
  const turn = (name: string) => {
    if (name === rankName(subject)) return 0;
    const index = dataset.columns.findIndex((_, candidate) => name === valueName(candidate));
    return SORT_TURNS[dataset.columns[index]?.releasedAs?.kind ?? 'class'];
  };
  return names.toSorted((left, right) => turn(left) - turn(right));
}

const SORT_TURNS: Readonly<Record<ColumnType['kind'] | 'class', number>> = {
  double: 1,
  decimal: 2,
  timestamp: 3,
  integer: 4,
  class: 5,
  date: 6,
  boolean: 7,
  string: 8,
};

/** Per row its class and tokens as numbers, and every other column as it will be released. */
function treatNarrow(part: TreatedPart, others: readonly string[]): SqlQuery {
  const { dataset, columns, classes, packed } = part;
  const tokenised = listTokenTables(part);
  const ofTuple = packed
    ? equals(columnOf('keyed', PACKED), columnOf(RELEASED_TUPLES, PACKED))
    : matchKeys(dataset, 'keyed', RELEASED_TUPLES);
  const given = (index: number) => columnOf('keyed', valueName(index));
  return {
    columns: [
      ...(classes === 'values' ? [named('class', columnOf(RELEASED_TUPLES, 'class'))] : []),
      ...tokenised.map((index) => named(rankName(index), columnOf(tokensName(index), 'rank'))),
      ...columns.flatMap((index) => treatColumn(part, index)),
      ...others.map((name) => named(name, columnOf('keyed', name))),
    ],
    from: readRows(part, others),
    joins: [
      ...(classes === 'values'
        ? [{ kind: 'inner' as const, with: table(RELEASED_TUPLES), on: ofTuple, hashed: !packed }]
        : []),
      ...tokenised.map((index) => joinTokens(part, index, 'value', given(index))),
      ...listTreated(part, 'format-preserving', 'microaggregate').map((index) =>
        joinOn('left', mappedName(index), 'value', given(index)),
      ),
      ...listTreated(part, 'common-text').map((index) => joinOn('left', commonName(index), 'value', given(index))),
      ...(findFrequent(part) < 0 ? [] : [joinFrequent(given(findFrequent(part)))]),
      ...joinKeys(part),
    ],
  };
}

/** None of its values is missing: `same` is `=`, and an engine that has found what has the same hash compares but once. */
function joinFrequent(value: SqlExpression): Join {
  const on = same(value, columnOf(FREQUENT_TOKENS, 'value'));
  return { kind: 'left', with: table(FREQUENT_TOKENS), on, hashed: true };
}

/** Where tokens are made in place: every row has the keys beside it, or only those whose token is not found. */
function joinKeys(part: TreatedPart): readonly Join[] {
  const tokens = part.tokensInPlace ? listTreated(part, 'token') : [];
  if (tokens.length === 0) return [];
  if (tokens.some((index) => index !== findFrequent(part))) return [{ kind: 'cross', with: table(KEYS) }];
  const isWanted = when(isMissing(columnOf(FREQUENT_TOKENS, 'token')), number(1), number(0));
  return [joinOn('left', KEYS, 'wanted', isWanted)];
}

function makeToken(part: TreatedPart, index: number, value: SqlExpression): SqlExpression {
  const made = tokenOf(value, KEYS);
  if (index !== findFrequent(part)) return made;
  return { kind: 'first-present', operands: [columnOf(FREQUENT_TOKENS, 'token'), made] };
}

/** The rows with their keys, and, where something is drawn per subject, with what they drew: computed once per row. */
function readRows(part: TreatedPart, others: readonly string[]): Relation {
  const { dataset, rows, columns } = part;
  const needsSubject = drawsSeeds(part) && dataset.subject !== undefined;
  const read = new Set([
    ...columns.map(valueName),
    ...others,
    ...(needsSubject ? [valueNameOf(dataset, dataset.subject)] : []),
  ]);
  const bases = listTreated(part, 'noise').map((index) => named(baseName(index), baseOf(dataset, index)));
  const kept = [...[...read].map((name) => named(name, column(name))), ...bases];
  const keyed = packKeys(part, readKeys(dataset, rows, kept), kept);
  if (!drawsSeeds(part)) return keyed;
  const shifts = listTreated(part, 'date-shift').length > 0;
  const query: SqlQuery = {
    columns: [
      ...listNames(keyed).map((name) => named(name, columnOf('keyed', name))),
      ...(shifts ? [named('shift_seed', columnOf(SEEDS, 'shift_seed'))] : []),
      ...listTreated(part, 'noise').flatMap((index) => digestsOf(dataset, index)),
    ],
    from: keyed,
    joins: [joinSeeds(part, 'keyed')],
  };
  return { kind: 'query', query, as: 'keyed' };
}

/** One number in place of the keys, where it is asked for. */
function packKeys({ classes, packed }: TreatedPart, keyed: Relation, others: readonly NamedExpression[]): Relation {
  if (!packed || classes !== 'values') return keyed;
  const columns = others.map(({ name }) => named(name, columnOf('keyed', name)));
  const query: SqlQuery = {
    columns: [named(PACKED, packRow(packed)), ...columns],
    from: keyed,
    joins: joinCodes(packed, 'keyed'),
  };
  return { kind: 'query', query, as: 'keyed' };
}

function listNames(relation: Relation): readonly string[] {
  return relation.kind === 'query' ? relation.query.columns.map(({ name }) => name) : [];
}

function baseOf({ columns }: PlannedDataset, index: number): SqlExpression {
  const { type, treatment } = columns[index]!;
  if (treatment.kind !== 'noise') throw new Error('Only noised columns have a base.');
  return limitNoised(column(valueName(index)), type, treatment);
}

function digestsOf({ columns }: PlannedDataset, index: number): readonly NamedExpression[] {
  const { name, treatment } = columns[index]!;
  if (treatment.kind !== 'noise') return [];
  const digests = listDigests(name, treatment, columnOf(SEEDS, 'noise_seed'), columnOf('keyed', baseName(index)));
  return digests.map((digest, place) => named(digestName(index, place), digest));
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
      return treated(shiftDate(value, type, treatment.days, columnOf('keyed', 'shift_seed')));
    case 'top-bottom':
      return treated(limitValue(value, type, treatment));
    case 'round':
      return treated(roundValue(value, type, treatment.multiple));
    case 'noise': {
      const digests = digestsOf(part.dataset, index).map(({ name }) => columnOf('keyed', name));
      return treated(addNoise(type, treatment, columnOf('keyed', baseName(index)), digests));
    }
    case 'format-preserving':
    case 'microaggregate':
      return treated(columnOf(mappedName(index), 'replacement'));
    case 'common-text': {
      const common = columnOf(commonName(index), 'value');
      return treated(when(isPresent(common), common, when(isPresent(value), HIDDEN)));
    }
    case 'token':
      return part.tokensInPlace ? treated(makeToken(part, index, value)) : [];
    case 'drop':
    case 'generalise':
      return [];
  }
}
