import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import {
  breaksAny,
  type CleaningRule,
  type DeliveredTypes,
  listCleaningRules,
  listRejects,
  readValues,
} from '../sql/clean-rows';
import { givenName, valueName } from '../sql/dataset-columns';
import { describeDuplicate } from '../sql/describe-duplicate';
import { findDuplicates } from '../sql/find-duplicates';
import { ERASED, ERASED_REASON, ERASED_SUBJECTS, findErased } from '../sql/find-erased';
import {
  COUNT_ROWS,
  canonicalText,
  column,
  columnOf,
  equals,
  named,
  number,
  table,
  text,
  when,
} from '../sql/rendering/expressions';
import { sparkDialect } from '../sql/rendering/spark-dialect';
import type { SqlExpression } from '../sql/rendering/sql-expression';
import type { SqlQuery } from '../sql/rendering/sql-query';
import { KEYS } from '../sql/treated-part';
import type { JobStep, LegSecrets } from './job-orders';
import { unite } from './unite';

const { renderQuery } = sparkDialect;

/** The rows that may be released, by position and `valueName`. */
export const ACCEPTED = 'accepted';
const DELIVERED = 'delivered';
const BAD_RECORDS = 'bad_records';
const CLEANED = 'cleaned';
const REJECTS = 'rejects';
const DUPLICATES = 'duplicates';

/**
 * Judges every row of the delivery, leaves the good ones as `accepted`, and what was counted in `cleaning/`. Texts are parsed
 * once and kept; typed Parquet is read again by whoever needs it, which costs less than to write it once more.
 */
export function orderCleaning(
  dataset: PlannedDataset,
  types: DeliveredTypes,
  erasures: readonly ErasureOrder[] = [],
): readonly JobStep[] {
  const erased = erasures.length === 0 ? [] : [ERASED];
  const rules = listCleaningRules(dataset, types);
  const isText = types === 'texts';
  return [
    { do: isText ? 'keep' : 'view', name: CLEANED, sql: renderQuery(judge(dataset, types, rules)) },
    ...(rules.length > 0
      ? [{ do: 'cache' as const, name: REJECTS, sql: renderQuery(selectRejects(dataset, types, rules)) }]
      : []),
    ...orderErased(dataset, erasures),
    ...(dedupes(dataset)
      ? [
          { do: 'view' as const, name: 'valid', sql: renderQuery(selectAccepted(dataset, erased)) },
          { do: 'keep' as const, name: DUPLICATES, sql: renderQuery(findDuplicates(dataset, 'valid')) },
        ]
      : []),
    { do: 'view', name: ACCEPTED, sql: renderQuery(selectAccepted(dataset, [...erased, ...listDuplicates(dataset)])) },
    {
      do: 'quarantine',
      header: ['row', 'reason', ...dataset.columns.map(({ name }) => name)],
      sql: selectQuarantine(dataset, isText, rules),
    },
    {
      do: 'write',
      folder: 'cleaning',
      tables: [
        { name: 'received', sql: countReceived(isText) },
        { name: 'rejected', sql: countRejected(dataset, isText, rules, erased.length > 0) },
      ],
      manifest: { cleaningVersion: 1 },
      about: 'delivery',
    },
  ];
}

/** Brings the accepted rows back in the second run. */
export function orderAccepted(dataset: PlannedDataset, types: DeliveredTypes, hasErased: boolean): readonly JobStep[] {
  const leftOut = [...(hasErased ? [ERASED] : []), ...listDuplicates(dataset)];
  const judged = renderQuery(judge(dataset, types, listCleaningRules(dataset, types)));
  return [
    types === 'texts' ? { do: 'load', name: CLEANED } : { do: 'view', name: CLEANED, sql: judged },
    ...leftOut.map((name): JobStep => ({ do: 'load', name })),
    { do: 'view', name: ACCEPTED, sql: renderQuery(selectAccepted(dataset, leftOut)) },
  ];
}

/** Subjects that are to be left out, known under one key. */
export interface ErasureOrder {
  readonly digests: readonly string[];
  readonly secrets: LegSecrets;
}

/** Under each key apart; then all of them together, each row once. */
function orderErased(dataset: PlannedDataset, erasures: readonly ErasureOrder[]): readonly JobStep[] {
  // Only who has a subject can have erased ones.
  if (erasures.length === 0) return [];
  const where: SqlExpression = { kind: 'not', operand: columnOf(CLEANED, 'rejected') };
  const found = renderQuery(findErased(dataset, { keys: KEYS, where }));
  const names = erasures.map((_, index) => (erasures.length === 1 ? ERASED : `${ERASED}_${index}`));
  const steps = erasures.flatMap(({ digests, secrets }, index): readonly JobStep[] => {
    const rows = digests.map((digest) => `(${sparkDialect.quoteText(digest)})`).join(', ');
    return [
      { do: 'keys', leg: secrets },
      { do: 'view', name: ERASED_SUBJECTS, sql: `SELECT digest FROM VALUES ${rows} AS given(digest)` },
      { do: 'keep', name: names[index]!, sql: found },
    ];
  });
  if (erasures.length < 2) return steps;
  const all = names.map((name) => `SELECT position FROM ${name}`).join(' UNION ');
  return [...steps, { do: 'keep', name: ERASED, sql: all }];
}

function listDuplicates(dataset: PlannedDataset): readonly string[] {
  return dedupes(dataset) ? [DUPLICATES] : [];
}

function dedupes({ clean }: PlannedDataset): boolean {
  return clean.dedupe.length > 0;
}

function judge(dataset: PlannedDataset, types: DeliveredTypes, rules: readonly CleaningRule[]): SqlQuery {
  return {
    columns: [
      named('position', column('position')),
      ...dataset.columns.map((_, index) => named(valueName(index), column(valueName(index)))),
      named('rejected', breaksAny(rules)),
    ],
    from: { kind: 'query', query: readValues(dataset, table(DELIVERED), types), as: 'values_read' },
  };
}

/** `leftOut`: tables of positions. */
function selectAccepted(dataset: PlannedDataset, leftOut: readonly string[]): SqlQuery {
  const of = (name: string) => columnOf(CLEANED, name);
  return {
    columns: ['position', ...dataset.columns.map((_, index) => valueName(index))].map((name) => named(name, of(name))),
    from: table(CLEANED),
    joins: leftOut.map((name) => ({
      kind: 'anti',
      with: table(name),
      on: equals(of('position'), columnOf(name, 'position')),
    })),
    where: { kind: 'not', operand: of('rejected') },
  };
}

function selectRejects(dataset: PlannedDataset, types: DeliveredTypes, rules: readonly CleaningRule[]): SqlQuery {
  const values = readValues(dataset, table(DELIVERED), types);
  return listRejects(dataset, { kind: 'query', query: values, as: 'values_read' }, rules);
}

function countReceived(isText: boolean): string {
  const count = (name: string): SqlQuery => ({ columns: [named('rows', COUNT_ROWS)], from: table(name) });
  return unite([count(DELIVERED), ...(isText ? [count(BAD_RECORDS)] : [])]);
}

/** `rows` per `reason`. A row of `rejects` may break several rules; `rejected` counts it once. */
function countRejected(
  dataset: PlannedDataset,
  isText: boolean,
  rules: readonly CleaningRule[],
  hasErased: boolean,
): string {
  const bad: SqlQuery = {
    columns: [named('reason', column('reason')), named('rows', COUNT_ROWS), named('rejected', COUNT_ROWS)],
    from: table(BAD_RECORDS),
    groupBy: [column('reason')],
  };
  const countAll = (reason: string, name: string): SqlQuery => ({
    columns: [named('reason', text(reason)), named('rows', COUNT_ROWS), named('rejected', COUNT_ROWS)],
    from: table(name),
  });
  const parts = [
    ...(rules.length > 0 ? [countBroken(rules)] : []),
    ...[
      ...(isText ? [bad] : []),
      ...(hasErased ? [countAll(ERASED_REASON, ERASED)] : []),
      ...(dedupes(dataset) ? [countAll(describeDuplicate(dataset), DUPLICATES)] : []),
    ].map(renderQuery),
  ];
  return parts.length > 0 ? parts.join('\nUNION ALL\n') : renderQuery(NOTHING_REJECTED);
}

/** All rules in one pass, which is then taken apart: a query for each would have the price of as many. */
function countBroken(rules: readonly CleaningRule[]): string {
  const counted = renderQuery({
    columns: [
      named('distinct_rows', COUNT_ROWS),
      ...rules.map((_, index) => named(`broken_${index}`, { kind: 'count-where', condition: column(`rule_${index}`) })),
    ],
    from: table(REJECTS),
  });
  const told = rules.map(
    ({ reason }, index) =>
      `named_struct('reason', ${sparkDialect.quoteText(reason)}, 'rows', broken_${index}, 'rejected', ${index === 0 ? 'distinct_rows' : '0L'})`,
  );
  return `SELECT inline(array(${told.join(', ')})) FROM (${counted}) AS counted`;
}

/** Where no row can be rejected. */
const NOTHING_REJECTED: SqlQuery = {
  columns: [named('reason', text('')), named('rows', number(0)), named('rejected', number(0))],
  from: { kind: 'query', query: { columns: [named('rows', COUNT_ROWS)], from: table(DELIVERED) }, as: 'none' },
};

/** Positions from 0 are rows from 1. */
function selectQuarantine(dataset: PlannedDataset, isText: boolean, rules: readonly CleaningRule[]): string {
  const given = dataset.columns.map((_, index) => givenName(index));
  const reasons = rules.map(({ reason }, index) => when(column(`rule_${index}`), text(reason)));
  const broken: SqlQuery = {
    columns: [
      named('position', column('position')),
      named('reason', { kind: 'list', separator: '; ', operands: reasons }),
      ...given.map((name) => named(name, column(name))),
    ],
    from: table(REJECTS),
  };
  const bad: SqlQuery = {
    columns: ['position', 'reason', ...given].map((name) => named(name, column(name))),
    from: table(BAD_RECORDS),
  };
  const duplicates: SqlQuery = {
    columns: [
      named('position', columnOf(DUPLICATES, 'position')),
      named('reason', text(describeDuplicate(dataset))),
      ...given.map((name) => named(name, canonicalText(columnOf(DELIVERED, name)))),
    ],
    from: table(DELIVERED),
    joins: [
      {
        kind: 'inner',
        with: table(DUPLICATES),
        on: equals(columnOf(DUPLICATES, 'position'), columnOf(DELIVERED, 'position')),
      },
    ],
  };
  const parts = [
    ...(rules.length > 0 ? [broken] : []),
    ...(isText ? [bad] : []),
    ...(dedupes(dataset) ? [duplicates] : []),
  ];
  return unite(parts);
}
