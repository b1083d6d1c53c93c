import type { ColumnType } from '../../domain/agreement/plan';
import type { Dialect } from './dialect';
import {
  createExpressionRenderer,
  fitsWithin,
  type OwnExpression,
  refuseNul,
  renderParseBoolean,
} from './render-expression';
import { createQueryRenderer } from './render-query';
import { renderRoundDouble, renderRoundExact } from './rounding';
import type { NativeType, NumberType, SqlExpression } from './sql-expression';
import {
  DATE_PATTERN,
  decimalPattern,
  EXPONENT_PATTERN,
  MOST_PLACES,
  NUMBER_PATTERN,
  TIME_PATTERN,
  writtenPattern,
} from './value-patterns';

const { renderQuery, renderSortKey } = createQueryRenderer({
  quoteIdentifier,
  renderExpression: (expression) => render(expression),
  antiJoin: 'LEFT ANTI',
});
const render = createExpressionRenderer({ quoteIdentifier, quoteText, renderType, renderSortKey, renderOwn });

/**
 * Spark 3.5 with the settings of the Glue job: ANSI mode, UTC, names by case, no substitution of variables, and decimals
 * whose sums lose no digit (`spark.sql.decimalOperations.allowPrecisionLoss` is false).
 */
export const sparkDialect: Dialect = { name: 'Spark', renderQuery, quoteIdentifier, quoteText };

function quoteIdentifier(name: string): string {
  return `\`${refuseNul(name).replaceAll('`', '``')}\``;
}

/** Spark takes a backslash for the beginning of an escape. */
function quoteText(value: string): string {
  return `'${refuseNul(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function renderOwn(expression: OwnExpression): string {
  switch (expression.kind) {
    case 'date':
      return `CAST(${quoteText(expression.value)} AS DATE)`;
    case 'timestamp':
      return `CAST(CAST(${quoteText(expression.value)} AS TIMESTAMP) AS TIMESTAMP_NTZ)`;
    case 'same':
      return `(${render(expression.left)} <=> ${render(expression.right)})`;
    case 'holds':
      return renderHolds(expression.condition);
    case 'concatenate':
      return `concat(${expression.operands.map(render).join(', ')})`;
    case 'slice':
      return `substring(${render(expression.operand)}, ${expression.start + 1}, ${expression.count})`;
    case 'written-in':
      return matches(render(expression.operand), writtenPattern(expression));
    case 'parse':
      return renderParse(render(expression.operand), expression.type);
    case 'in-range':
      return renderInRange(render(expression.operand), expression.type);
    case 'convert':
      return renderConvert(render(expression.operand), expression.from, expression.to);
    case 'canonical-text':
      return `CAST(${render(expression.operand)} AS STRING)`;
    case 'hmac': {
      const pad = (side: string) =>
        `${quoteIdentifier(expression.keys)}.${quoteIdentifier(`${expression.key}_${side}`)}`;
      const inner = `sha2(concat(${pad('inner')}, CAST(${render(expression.operand)} AS BINARY)), 256)`;
      return `sha2(concat(${pad('outer')}, unhex(${inner})), 256)`;
    }
    case 'digest':
      return `sha2(CAST(${render(expression.operand)} AS BINARY), 256)`;
    case 'hex-number':
      return `CAST(conv(${render(expression.operand)}, 16, 10) AS BIGINT)`;
    case 'add-days': {
      const days = `CAST(${render(expression.days)} AS INT)`;
      const operand = render(expression.operand);
      return expression.type === 'date' ? `date_add(${operand}, ${days})` : `(${operand} + make_dt_interval(${days}))`;
    }
    case 'round-to':
      return renderRoundTo(render(expression.operand), expression.type, expression.multiple);
    case 'add-steps': {
      const { operand, type, steps, step } = expression;
      const added = `(CAST(${render(steps)} AS DECIMAL(13, 0)) * CAST(${quoteText(step)} AS ${renderStep(type, step)}))`;
      return `CAST((${render(operand)} + ${added}) AS ${renderType(type)})`;
    }
    case 'code':
      return `CAST(${render(expression.operand)} AS INT)`;
    case 'count-where':
      return `count_if(${render(expression.condition)})`;
    case 'text-set':
      return `array_join(array_sort(collect_set(${render(expression.operand)})), ',')`;
  }
}

/** As few digits as a step has: Spark cuts a sum's last digits where its type would be too wide. */
function renderStep(type: ColumnType, step: string): string {
  return type.kind === 'decimal'
    ? `DECIMAL(${Math.min(38, Math.max(15, step.length))}, ${type.scale})`
    : 'DECIMAL(15, 0)';
}

function renderRoundTo(value: string, type: NumberType, multiple: string): string {
  if (type.kind === 'double') {
    return renderRoundDouble(value, multiple, {
      double: (number) => `CAST(${number} AS DOUBLE)`,
      floor: (number) => `CAST(floor(${number}) AS DOUBLE)`,
    });
  }
  const exact = `CAST(${quoteText(multiple)} AS ${renderType(type)})`;
  const rounded = renderRoundExact(
    value,
    exact,
    (nearer, more) => `coalesce(try_cast(try_add(${nearer}, ${more}) AS ${renderType(type)}), ${nearer})`,
  );
  return `CAST(${rounded} AS ${renderType(type)})`;
}

const TRIED = { '+': 'try_add', '-': 'try_subtract', '*': 'try_multiply' } as const;

/** Spark has no `try` around a whole condition: what overflows in it is looked for by itself. */
function renderHolds(condition: SqlExpression): string {
  const overflows: string[] = [];
  const passes = `coalesce(${renderTried(condition, overflows)}, true)`;
  return overflows.length === 0 ? passes : `(${passes} AND NOT (${overflows.join(' OR ')}))`;
}

/** Null where a sum or product overflows; lists the conditions, never null, under which one does. */
function renderTried(expression: SqlExpression, overflows: string[]): string {
  const inside = (operand: SqlExpression) => renderTried(operand, overflows);
  switch (expression.kind) {
    case 'arithmetic': {
      const [left, right] = [inside(expression.left), inside(expression.right)];
      const tried = `${TRIED[expression.op]}(${left}, ${right})`;
      overflows.push(`(${tried} IS NULL AND ${left} IS NOT NULL AND ${right} IS NOT NULL)`);
      return tried;
    }
    case 'compare':
      return `(${inside(expression.left)} ${expression.op} ${inside(expression.right)})`;
    case 'and':
    case 'or':
      if (expression.operands.length === 0) return render(expression);
      return `(${expression.operands.map(inside).join(` ${expression.kind.toUpperCase()} `)})`;
    case 'not':
      return `(NOT ${inside(expression.operand)})`;
    case 'is-missing':
      return `(${inside(expression.operand)} IS NULL)`;
    case 'length':
      return `length(${inside(expression.operand)})`;
    case 'in':
      if (expression.values.length === 0) return 'false';
      return `(${inside(expression.operand)} IN (${expression.values.map(inside).join(', ')}))`;
    default:
      return render(expression);
  }
}

function renderType(type: ColumnType): string {
  switch (type.kind) {
    case 'integer':
      return 'BIGINT';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'timestamp':
      return 'TIMESTAMP_NTZ';
    case 'string':
    case 'double':
    case 'boolean':
    case 'date':
      return type.kind.toUpperCase();
  }
}

/** Java's `$` also stands before a last newline. */
function matches(operand: string, pattern: string): string {
  return `(${operand} RLIKE ${quoteText(`\\A(?:${pattern})\\z`)})`;
}

/** As for DuckDB: Spark's own casts are laxer still. They trim, and take `2026-3-5` and `7D`. */
function renderParse(operand: string, type: ColumnType): string {
  const where = (pattern: string, value: string) => `CASE WHEN ${matches(operand, pattern)} THEN ${value} END`;
  switch (type.kind) {
    case 'string':
      return operand;
    case 'integer':
      return where('[+-]?[0-9]+', `try_cast(${operand} AS BIGINT)`);
    case 'double':
      return where(NUMBER_PATTERN, renderWithin(`try_cast(${operand} AS DOUBLE)`, 'double'));
    case 'decimal':
      return renderParseDecimal(operand, type);
    case 'boolean':
      return renderParseBoolean(operand, quoteText);
    case 'date':
      return where(DATE_PATTERN, renderWithin(`try_cast(${operand} AS DATE)`, 'date'));
    case 'timestamp':
      return where(
        `${DATE_PATTERN}([T ]${TIME_PATTERN})?`,
        renderWithin(`CAST(try_cast(${operand} AS TIMESTAMP) AS TIMESTAMP_NTZ)`, 'timestamp'),
      );
  }
}

type DecimalType = Extract<ColumnType, { readonly kind: 'decimal' }>;

/** A number with an exponent is written out first: a cast of its own would round what does not fit. */
function renderParseDecimal(operand: string, type: DecimalType): string {
  const parse = (text: string) =>
    `CASE WHEN ${matches(text, decimalPattern(type))} THEN try_cast(${text} AS ${renderType(type)})`;
  const written = `${parse(renderWrittenOut(operand))} END`;
  return `${parse(operand)} WHEN ${matches(operand, EXPONENT_PATTERN)} THEN ${written} END`;
}

/** `-1.5e3` as `-0…01500.0…0`: its digits between zeros enough for any exponent, the point at its place. */
function renderWrittenOut(operand: string): string {
  const pattern = quoteText('^([+-]?)([0-9]*)[.]?([0-9]*)[eE]([+-]?[0-9]+)$');
  const part = (group: number) => `regexp_extract(${operand}, ${pattern}, ${group})`;
  const zeros = quoteText('0'.repeat(MOST_PLACES));
  const digits = `concat(${zeros}, ${part(2)}, ${part(3)}, ${zeros})`;
  const whole = `(${MOST_PLACES} + length(${part(2)}) + try_cast(${part(4)} AS INT))`;
  return `concat(${part(1)}, left(${digits}, ${whole}), '.', substring(${digits}, ${whole} + 1))`;
}

/** Spark puts NaN above all numbers. */
function renderInRange(value: string, type: 'double' | 'date' | 'timestamp'): string {
  switch (type) {
    case 'double':
      return `(${value} > CAST('-Infinity' AS DOUBLE) AND ${value} < CAST('Infinity' AS DOUBLE))`;
    case 'date':
      return `(${value} BETWEEN DATE'0001-01-01' AND DATE'9999-12-31')`;
    case 'timestamp':
      return `(${value} >= TIMESTAMP_NTZ'0001-01-01 00:00:00' AND ${value} < TIMESTAMP_NTZ'+10000-01-01 00:00:00')`;
  }
}

function renderWithin(value: string, type: 'double' | 'date' | 'timestamp'): string {
  return `CASE WHEN ${renderInRange(value, type)} THEN ${value} END`;
}

function renderConvert(operand: string, from: NativeType, to: ColumnType): string {
  const cast = `CAST(${operand} AS ${renderType(to)})`;
  const tryCast = `try_cast(${operand} AS ${renderType(to)})`;
  if (from.kind === 'string') return renderParse(operand, to);
  switch (to.kind) {
    case 'string':
      return cast;
    case 'integer':
      return renderConvertToInteger(operand, from, cast, tryCast);
    case 'double':
      return cast;
    case 'decimal':
      if (from.kind === 'double') return `CASE WHEN CAST(${tryCast} AS DOUBLE) = ${operand} THEN ${tryCast} END`;
      return fitsWithin(from, to) ? cast : renderParse(`CAST(${operand} AS STRING)`, to);
    case 'boolean':
      return from.kind === 'boolean' ? operand : renderParse(`CAST(${operand} AS STRING)`, to);
    case 'date':
      return from.kind === 'date' ? operand : `CASE WHEN ${operand} = CAST(${operand} AS DATE) THEN ${cast} END`;
    case 'timestamp':
      return cast;
  }
}

function renderConvertToInteger(operand: string, from: NativeType, cast: string, tryCast: string): string {
  switch (from.kind) {
    case 'integer':
      return cast;
    case 'wide-integer':
      return tryCast;
    case 'double':
      // Spark's cast of 2⁶³ ends one below it.
      return `CASE WHEN ${operand} = floor(${operand}) AND ${operand} < CAST('9223372036854775808' AS DOUBLE) THEN ${tryCast} END`;
    default:
      return `CASE WHEN ${operand} = floor(${operand}) THEN ${tryCast} END`;
  }
}
