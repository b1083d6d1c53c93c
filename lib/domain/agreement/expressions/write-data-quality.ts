import type { PlannedColumn, PlannedDataset } from '../plan/plan';
import type { CompareOp, Expression } from './expression';

/** A dataset's checks in AWS Glue's Data Quality Definition Language, and those that it cannot say. */
interface DataQuality {
  /** One rule each; a row without the value passes, as in cleaning. */
  readonly rules: readonly string[];
  /** Cleaning judges them all the same: it works by the plan, not by these rules. */
  readonly unsaid: readonly { readonly column: string; readonly check: string }[];
}

/**
 * The rules that every row must keep: what may not be missing, and every check of which all parts compare one column with
 * a constant (AWS Glue Developer Guide, "DQDL reference"). How many rows may break them is the plan's `rejectAbove`.
 */
export function writeDataQuality({ columns }: PlannedDataset): DataQuality {
  const rules: string[] = [];
  const unsaid: DataQuality['unsaid'][number][] = [];
  for (const column of columns) {
    if (column.missing.kind === 'reject') {
      if (isPlain(column.name)) rules.push(`IsComplete "${column.name}"`);
      else unsaid.push({ column: column.name, check: 'not missing' });
    }
    for (const { text, condition } of column.checks) {
      const said = say(condition, columns);
      if (said === undefined) unsaid.push({ column: column.name, check: text });
      else rules.push(...said);
    }
  }
  return { rules: [...new Set(rules)], unsaid };
}

/** The ruleset as Glue takes it. */
export function formatRuleset(rules: readonly string[]): string {
  return `Rules = [\n${rules.map((rule) => `  ${rule}`).join(',\n')}\n]`;
}

type Columns = readonly PlannedColumn[];

/** Rules that together hold exactly for the rows for which the condition is not false; undefined where there are none. */
function say(condition: Expression, columns: Columns): readonly string[] | undefined {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.operands.map((operand) => say(operand, columns));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case 'not':
      return sayNot(condition.operand, columns);
    case 'compare':
      return sayCompare(condition.left, condition.op, condition.right, columns);
    case 'in':
      return sayList(condition.operand, 'in', condition.values, columns);
    case 'column':
    case 'text':
    case 'number':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'arithmetic':
    case 'or':
    case 'is-missing':
    case 'length':
      return undefined;
  }
}

function sayNot(operand: Expression, columns: Columns): readonly string[] | undefined {
  switch (operand.kind) {
    case 'not':
      return say(operand.operand, columns);
    case 'compare':
      return sayCompare(operand.left, OPPOSITE[operand.op], operand.right, columns);
    case 'in':
      return sayList(operand.operand, 'not in', operand.values, columns);
    case 'or': {
      const parts = operand.operands.map((part) => sayNot(part, columns));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case 'is-missing': {
      const { operand: of } = operand;
      return of.kind === 'column' && isPlain(of.name) ? [`IsComplete "${of.name}"`] : undefined;
    }
    default:
      return undefined;
  }
}

const OPPOSITE: Readonly<Record<CompareOp, CompareOp>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};
/** The same comparison with its sides changed over. */
const TURNED: Readonly<Record<CompareOp, CompareOp>> = {
  ...OPPOSITE,
  '=': '=',
  '<>': '<>',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
};

function sayCompare(
  left: Expression,
  op: CompareOp,
  right: Expression,
  columns: Columns,
): readonly string[] | undefined {
  if (left.kind !== 'column' && left.kind !== 'length') {
    return right.kind === 'column' || right.kind === 'length'
      ? sayCompare(right, TURNED[op], left, columns)
      : undefined;
  }
  const sign = op === '<>' ? '!=' : op;
  if (left.kind === 'length') {
    const { operand } = left;
    if (operand.kind !== 'column' || !isPlain(operand.name) || right.kind !== 'number') return undefined;
    const length = sayConstant(right, 'integer');
    return length === undefined
      ? undefined
      : [`ColumnLength "${operand.name}" ${sign} ${length}${onlyPresent(operand.name)}`];
  }
  const type = typeOf(left.name, columns);
  const value = sayConstant(right, type);
  if (value === undefined || !isPlain(left.name)) return undefined;
  // DQDL has no order of texts.
  if (type === 'string' && op !== '=' && op !== '<>') return undefined;
  return [`ColumnValues "${left.name}" ${sign} ${value}${onlyPresent(left.name)}`];
}

function sayList(operand: Expression, word: string, values: readonly Expression[], columns: Columns) {
  if (operand.kind !== 'column' || !isPlain(operand.name)) return undefined;
  const type = typeOf(operand.name, columns);
  const constants = values.map((value) => sayConstant(value, type));
  if (constants.length === 0 || constants.includes(undefined)) return undefined;
  return [`ColumnValues "${operand.name}" ${word} [ ${constants.join(', ')} ]${onlyPresent(operand.name)}`];
}

/** DQDL fails a row without the value, unless it is told to look at others only. */
function onlyPresent(name: string): string {
  return ` where "\`${name}\` is not null"`;
}

/** A constant that a column of that type can be compared with; undefined where DQDL has no word for it. */
function sayConstant(constant: Expression, type: string | undefined): string | undefined {
  switch (constant.kind) {
    case 'number':
      return /^(integer|double|decimal)$/.test(type ?? '') && /^-?\d+(\.\d+)?$/.test(constant.value)
        ? constant.value
        : undefined;
    case 'text':
      return type === 'string' && /^[^"\\\p{Cc}]*$/u.test(constant.value) ? `"${constant.value}"` : undefined;
    case 'date':
      return type === 'date' ? `"${constant.value}"` : undefined;
    default:
      return undefined;
  }
}

function typeOf(name: string, columns: Columns): string | undefined {
  return columns.find((column) => column.name === name)?.type.kind;
}

/** A name that needs no escape, in quotes or in SQL's backticks. */
function isPlain(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}
