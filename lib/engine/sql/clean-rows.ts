import type { ColumnType, PlannedColumn, PlannedDataset } from '../../domain/agreement/plan/plan';
import { describeForm } from '../../domain/privacy/treatments/describe-treatment';
import { ALPHABETS } from '../../domain/privacy/treatments/treatment';
import { givenName, valueName, valueNameOf } from './dataset-columns';
import { renameColumns } from './rename-columns';
import { all, any, canonicalText, column, isMissing, isPresent, named, text, when } from './rendering/expressions';
import type { NativeType, SqlExpression } from './rendering/sql-expression';
import type { NamedExpression, Relation, SqlQuery } from './rendering/sql-query';

/** A reason to reject a row, and the condition under which it is one: never null, over the columns of `readValues`. */
export interface CleaningRule {
  readonly reason: string;
  readonly broken: SqlExpression;
}

/** How a delivery's columns were read: as texts, or per column of the dataset as a type of the file's own. */
export type DeliveredTypes = 'texts' | readonly NativeType[];

/**
 * Per delivered row its `position`, every column as it was given, as a typed value (filled where the plan fills), and
 * whether the given value is not of the type. `delivered`: `position` and the given columns.
 */
export function readValues(dataset: PlannedDataset, delivered: Relation, types: DeliveredTypes): SqlQuery {
  const given = dataset.columns.map((_, index) => column(givenName(index)));
  const present: SqlQuery = {
    columns: [
      named('position', column('position')),
      ...given.flatMap((value, index) => [
        named(givenName(index), value),
        named(presentName(index), types === 'texts' ? dropMissingTexts(dataset, value) : value),
      ]),
    ],
    from: delivered,
  };
  const typed: SqlQuery = {
    columns: [
      named('position', column('position')),
      ...dataset.columns.flatMap((planned, index) => {
        const from: NativeType = types === 'texts' ? { kind: 'string' } : types[index]!;
        const operand = asUsual(planned, from, column(presentName(index)));
        return [
          named(givenName(index), given[index]!),
          named(presentName(index), column(presentName(index))),
          named(typedName(index), { kind: 'convert', operand, from, to: planned.type }),
        ];
      }),
    ],
    from: { kind: 'query', query: present, as: 'present' },
  };
  return {
    columns: [
      named('position', column('position')),
      ...dataset.columns.flatMap((planned, index): NamedExpression[] => [
        named(givenName(index), given[index]!),
        named(presentName(index), column(presentName(index))),
        named(valueName(index), fillMissing(planned, index)),
        named(misfitName(index), isMisfit(planned.type, index)),
      ]),
    ],
    from: { kind: 'query', query: typed, as: 'typed' },
  };
}

/** The rules that a row of these types can break, in column order. */
export function listCleaningRules(dataset: PlannedDataset, types: DeliveredTypes): readonly CleaningRule[] {
  return dataset.columns.flatMap((planned, index): CleaningRule[] => {
    const { name, missing, checks } = planned;
    const from: NativeType = types === 'texts' ? { kind: 'string' } : types[index]!;
    return [
      ...listMisfits(planned, from, index),
      ...(missing.kind === 'reject'
        ? [{ reason: `${name}: missing`, broken: isMissing(column(presentName(index))) }]
        : []),
      ...listMisformed(planned, index),
      ...checks.map(({ text: check, condition }) => ({
        reason: `${name}: breaks the check ${check}`,
        broken: { kind: 'not', operand: holds(dataset, condition) } as const,
      })),
    ];
  });
}

export function breaksAny(rules: readonly CleaningRule[]): SqlExpression {
  return any(rules.map(({ broken }) => broken));
}

/** A text of a column that writes otherwise, as it is usually written. */
function asUsual({ written }: PlannedColumn, from: NativeType, operand: SqlExpression): SqlExpression {
  return written === undefined || from.kind !== 'string' ? operand : { kind: 'rewrite', operand, style: written };
}

const presentName = (index: number) => `present_${index}`;
const typedName = (index: number) => `typed_${index}`;
const misfitName = (index: number) => `misfit_${index}`;

function holds(dataset: PlannedDataset, condition: SqlExpression): SqlExpression {
  return { kind: 'holds', condition: renameColumns(condition, (name) => valueNameOf(dataset, name)) };
}

/** The type's range is looked at here: values need not be held against it again by every query that reads them. */
function isMisfit({ kind }: ColumnType, index: number): SqlExpression {
  const [present, typed] = [column(presentName(index)), column(typedName(index))];
  const unfit: SqlExpression[] = [isMissing(typed)];
  if (kind === 'double' || kind === 'date' || kind === 'timestamp') {
    unfit.push({ kind: 'not', operand: { kind: 'in-range', type: kind, operand: typed } });
  }
  return all([isPresent(present), any(unfit)]);
}

function dropMissingTexts({ clean }: PlannedDataset, value: SqlExpression): SqlExpression {
  if (clean.missingTexts.length === 0) return value;
  const stands: SqlExpression = { kind: 'in', operand: value, values: clean.missingTexts.map(text) };
  return when({ kind: 'not', operand: stands }, value);
}

function fillMissing({ type, missing }: PlannedColumn, index: number): SqlExpression {
  const typed = column(typedName(index));
  if (missing.kind !== 'fill') return typed;
  return when(isMissing(column(presentName(index))), { kind: 'parse', operand: text(missing.value), type }, typed);
}

function listMisfits(planned: PlannedColumn, from: NativeType, index: number): readonly CleaningRule[] {
  const { name, type, written } = planned;
  if (alwaysFits(from, type)) return [];
  const misfit = column(misfitName(index));
  const style = written === undefined || from.kind !== 'string' ? '' : ` written as ${written}`;
  if (type.kind !== 'decimal' || from.kind !== 'string') {
    const unfit = style === '' ? describeMisfit(type, from) : `not a ${NOUNS[type.kind]}${style}`;
    return [{ reason: `${name}: ${unfit}`, broken: misfit }];
  }
  const given = asUsual(planned, from, column(givenName(index)));
  const isNumber = isPresent({ kind: 'parse', operand: given, type: { kind: 'double' } });
  return [
    { reason: `${name}: not a number${style}`, broken: all([misfit, { kind: 'not', operand: isNumber }]) },
    {
      reason: `${name}: ${describeMisfit(type, { kind: 'decimal', precision: 38, scale: 0 })}`,
      broken: all([misfit, isNumber]),
    },
  ];
}

/** What format-preserving encryption cannot write in its own form is not let in. */
function listMisformed({ name, treatment }: PlannedColumn, index: number): readonly CleaningRule[] {
  if (treatment.kind !== 'format-preserving') return [];
  const { alphabet, minLength, maxLength } = treatment;
  const value = column(valueName(index));
  const isFormed: SqlExpression = {
    kind: 'written-in',
    operand: value,
    characters: ALPHABETS[alphabet],
    minLength,
    maxLength,
  };
  return [
    {
      reason: `${name}: not ${describeForm(treatment)}`,
      broken: all([isPresent(value), { kind: 'not', operand: isFormed }]),
    },
  ];
}

const NOUNS: Readonly<Record<ColumnType['kind'], string>> = {
  string: 'text',
  integer: 'whole number',
  decimal: 'number',
  double: 'number',
  boolean: 'truth value',
  date: 'date',
  timestamp: 'timestamp',
};

function describeMisfit(type: ColumnType, from: NativeType): string {
  switch (type.kind) {
    case 'string':
      return 'not a text';
    case 'integer':
      return 'not a whole number (64 bits)';
    case 'double':
      return from.kind === 'double' ? 'not a finite number' : 'not a number';
    case 'boolean':
      return 'not true or false';
    case 'date':
      return 'not a date (YYYY-MM-DD, years 0001 to 9999)';
    case 'timestamp':
      return 'not a timestamp (YYYY-MM-DD HH:MM:SS, years 0001 to 9999)';
    case 'decimal':
      return `does not fit decimal(${type.precision},${type.scale})`;
  }
}

/** Whether every value of the first type is one of the second, so that nothing need be read to know it. */
function alwaysFits(from: NativeType, to: ColumnType): boolean {
  switch (to.kind) {
    case 'string':
      return true;
    case 'integer':
    case 'boolean':
      return from.kind === to.kind;
    case 'double':
      return from.kind === 'integer' || from.kind === 'wide-integer' || from.kind === 'decimal';
    case 'decimal':
      return from.kind === 'decimal' && from.scale === to.scale && from.precision === to.precision;
    case 'date':
    case 'timestamp':
      return false;
  }
}

/** What is kept of a rejected row for its giver: the values as given, and one flag per rule. */
export function listRejects(dataset: PlannedDataset, values: Relation, rules: readonly CleaningRule[]): SqlQuery {
  return {
    columns: [
      named('position', column('position')),
      ...rules.map(({ broken }, index) => named(`rule_${index}`, broken)),
      ...dataset.columns.map((_, index) => named(givenName(index), canonicalText(column(givenName(index))))),
    ],
    from: values,
    where: breaksAny(rules),
  };
}
