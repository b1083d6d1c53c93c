import type { ColumnType } from '../../domain/agreement/plan';
import type { Dialect } from './dialect';
import { renderType } from './duckdb-types';
import {
  createExpressionRenderer,
  fitsWithin,
  type OwnExpression,
  refuseNul,
  renderNumber,
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
  antiJoin: 'ANTI',
});
const render = createExpressionRenderer({ quoteIdentifier, quoteText, renderType, renderSortKey, renderOwn });

/** DuckDB 1.5; sessions run in UTC. */
export const duckDbDialect: Dialect = { name: 'DuckDB', renderQuery, quoteIdentifier, quoteText };

function quoteIdentifier(name: string): string {
  return `"${refuseNul(name).replaceAll('"', '""')}"`;
}

function quoteText(value: string): string {
  return `'${refuseNul(value).replaceAll("'", "''")}'`;
}

function renderOwn(expression: OwnExpression): string {
  switch (expression.kind) {
    case 'date':
      return `CAST(${quoteText(expression.value)} AS DATE)`;
    case 'timestamp':
      return `CAST(CAST(${quoteText(expression.value)} AS TIMESTAMPTZ) AS TIMESTAMP)`;
    case 'same':
      return `(${render(expression.left)} IS NOT DISTINCT FROM ${render(expression.right)})`;
    case 'holds': {
      const passes = `coalesce(${render(expression.condition)}, true)`;
      return canFail(expression.condition) ? `coalesce(try(${passes}), false)` : passes;
    }
    case 'concatenate':
      return `(${expression.operands.map(render).join(' || ')})`;
    case 'slice':
      return `substr(${render(expression.operand)}, ${expression.start + 1}, ${expression.count})`;
    case 'written-in':
      return `regexp_full_match(${render(expression.operand)}, ${quoteText(writtenPattern(expression))})`;
    case 'parse':
      return renderParse(render(expression.operand), expression.type);
    case 'in-range':
      return renderInRange(render(expression.operand), expression.type);
    case 'convert':
      return renderConvert(render(expression.operand), expression.from, expression.to);
    case 'canonical-text':
      return `CAST(${render(expression.operand)} AS VARCHAR)`;
    case 'hmac': {
      const pad = (side: string) =>
        `${quoteIdentifier(expression.keys)}.${quoteIdentifier(`${expression.key}_${side}`)}`;
      return `sha256(${pad('outer')} || unhex(sha256(${pad('inner')} || encode(${render(expression.operand)}))))`;
    }
    case 'digest':
      return `sha256(${render(expression.operand)})`;
    case 'hex-number':
      return `CAST('0x' || ${render(expression.operand)} AS BIGINT)`;
    case 'add-days': {
      const days = `CAST(${render(expression.days)} AS INTEGER)`;
      return `(${render(expression.operand)} + ${expression.type === 'date' ? days : `to_days(${days})`})`;
    }
    case 'round-to':
      return renderRoundTo(render(expression.operand), expression.type, expression.multiple);
    case 'add-steps': {
      const { operand, type, steps, step } = expression;
      const added = `(CAST(${render(steps)} AS DECIMAL(38, 0)) * ${renderNumber(step)})`;
      // DuckDB's own sums of decimals are as narrow as their parts.
      const wide = `DECIMAL(38, ${type.kind === 'decimal' ? type.scale : 0})`;
      return `CAST((CAST(${render(operand)} AS ${wide}) + ${added}) AS ${renderType(type)})`;
    }
    case 'code':
      return `CAST(${render(expression.operand)} AS INTEGER)`;
    case 'count-where':
      return `count(*) FILTER (WHERE ${render(expression.condition)})`;
    case 'text-set': {
      const operand = render(expression.operand);
      return `string_agg(DISTINCT ${operand}, ',' ORDER BY ${operand})`;
    }
  }
}

/** Sums and products overflow; nothing else in a condition fails. */
function canFail(condition: SqlExpression): boolean {
  switch (condition.kind) {
    case 'arithmetic':
      return true;
    case 'compare':
      return canFail(condition.left) || canFail(condition.right);
    case 'and':
    case 'or':
      return condition.operands.some(canFail);
    case 'not':
    case 'is-missing':
    case 'length':
      return canFail(condition.operand);
    case 'in':
      return [condition.operand, ...condition.values].some(canFail);
    default:
      return false;
  }
}

/** DuckDB's own casts are laxer: they take `1_000`, `5.7` and ` 7` for whole numbers, and round decimals. */
function renderParse(operand: string, type: ColumnType): string {
  const where = (pattern: string, value: string) =>
    `CASE WHEN regexp_full_match(${operand}, '${pattern}') THEN ${value} END`;
  switch (type.kind) {
    case 'string':
      return operand;
    case 'integer':
      return where('[+-]?[0-9]+', `TRY_CAST(${operand} AS BIGINT)`);
    case 'double':
      return where(NUMBER_PATTERN, renderWithin(`TRY_CAST(${operand} AS DOUBLE)`, 'double'));
    case 'decimal':
      return renderParseDecimal(operand, type);
    case 'boolean':
      return renderParseBoolean(operand, quoteText);
    case 'date':
      return where(DATE_PATTERN, renderWithin(`TRY_CAST(${operand} AS DATE)`, 'date'));
    case 'timestamp':
      return where(
        `${DATE_PATTERN}([T ]${TIME_PATTERN})?`,
        renderWithin(`CAST(TRY_CAST(${operand} AS TIMESTAMPTZ) AS TIMESTAMP)`, 'timestamp'),
      );
  }
}

type DecimalType = Extract<ColumnType, { readonly kind: 'decimal' }>;

/** A number with an exponent is written out first: a cast of its own would round what does not fit. */
function renderParseDecimal(operand: string, type: DecimalType): string {
  const matches = (text: string, pattern: string) => `regexp_full_match(${text}, '${pattern}')`;
  const parse = (text: string) =>
    `CASE WHEN ${matches(text, decimalPattern(type))} THEN TRY_CAST(${text} AS ${renderType(type)})`;
  return `${parse(operand)} WHEN ${matches(operand, EXPONENT_PATTERN)} THEN ${parse(renderWrittenOut(operand))} END END`;
}

/** `-1.5e3` as `-0…01500.0…0`: its digits between zeros enough for any exponent, the point at its place. */
function renderWrittenOut(operand: string): string {
  const part = (group: number) =>
    `regexp_extract(${operand}, '^([+-]?)([0-9]*)[.]?([0-9]*)[eE]([+-]?[0-9]+)$', ${group})`;
  const zeros = quoteText('0'.repeat(MOST_PLACES));
  const digits = `(${zeros} || ${part(2)} || ${part(3)} || ${zeros})`;
  const whole = `(${MOST_PLACES} + length(${part(2)}) + CAST(${part(4)} AS BIGINT))`;
  return `(${part(1)} || left(${digits}, ${whole}) || '.' || substr(${digits}, ${whole} + 1))`;
}

function renderRoundTo(value: string, type: NumberType, multiple: string): string {
  if (type.kind === 'double') {
    return renderRoundDouble(value, multiple, {
      double: (number) => `CAST(${number} AS DOUBLE)`,
      floor: (number) => `floor(${number})`,
    });
  }
  const step = `CAST(${quoteText(multiple)} AS ${renderType(type)})`;
  return renderRoundExact(
    value,
    step,
    (nearer, more) => `coalesce(TRY_CAST(try(${nearer} + ${more}) AS ${renderType(type)}), ${nearer})`,
  );
}

/** By comparison, which row groups whose statistics say enough are spared. */
function renderInRange(value: string, type: 'double' | 'date' | 'timestamp'): string {
  switch (type) {
    case 'double':
      return `isfinite(${value})`;
    case 'date':
      return `(${value} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')`;
    case 'timestamp':
      return `(${value} >= TIMESTAMP '0001-01-01 00:00:00' AND ${value} < TIMESTAMP '10000-01-01 00:00:00')`;
  }
}

function renderWithin(value: string, type: 'double' | 'date' | 'timestamp'): string {
  return `CASE WHEN ${renderInRange(value, type)} THEN ${value} END`;
}

function renderConvert(operand: string, from: NativeType, to: ColumnType): string {
  const cast = `CAST(${operand} AS ${renderType(to)})`;
  const tryCast = `TRY_${cast}`;
  if (from.kind === 'string') return renderParse(operand, to);
  switch (to.kind) {
    case 'string':
      return cast;
    case 'integer':
      if (from.kind === 'integer') return cast;
      return from.kind === 'wide-integer' ? tryCast : `CASE WHEN ${operand} = floor(${operand}) THEN ${tryCast} END`;
    case 'double':
      return cast;
    case 'decimal':
      if (from.kind === 'double') return `CASE WHEN CAST(${tryCast} AS DOUBLE) = ${operand} THEN ${tryCast} END`;
      return fitsWithin(from, to) ? cast : renderParse(`CAST(${operand} AS VARCHAR)`, to);
    case 'boolean':
      return from.kind === 'boolean' ? operand : renderParse(`CAST(${operand} AS VARCHAR)`, to);
    case 'date':
      return from.kind === 'date' ? operand : `CASE WHEN ${operand} = CAST(${operand} AS DATE) THEN ${cast} END`;
    case 'timestamp':
      return cast;
  }
}
