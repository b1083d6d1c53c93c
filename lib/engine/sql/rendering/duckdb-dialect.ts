import type { Dialect } from './dialect';
import { renderType } from './duckdb-types';
import { refuseNul, renderNumber } from './render-constant';
import { createExpressionRenderer, type OwnExpression } from './render-expression';
import { createQueryRenderer } from './render-query';
import type { RangedType } from './render-values';
import {
  type MeanParts,
  renderAddMean,
  renderDecade,
  renderRoundDouble,
  renderRoundExact,
  renderUnitsAbove,
} from './rounding';
import type { NumberType, SqlExpression } from './sql-expression';

const { renderQuery, renderSortKey } = createQueryRenderer({
  quoteIdentifier,
  renderExpression: (expression) => render(expression),
  antiJoin: 'ANTI',
});
const render = createExpressionRenderer({
  quoteIdentifier,
  quoteText,
  renderType,
  renderMatch: (value, pattern) => `regexp_full_match(${value}, ${quoteText(pattern)})`,
  renderInRange,
  renderMoment: (value) => `CAST(TRY_CAST(${value} AS TIMESTAMPTZ) AS TIMESTAMP)`,
  renderSortKey,
  renderOwn,
});

/** DuckDB 1.5; sessions run in UTC. */
export const duckDbDialect: Dialect = { name: 'DuckDB', renderQuery, quoteIdentifier, quoteText };

function quoteIdentifier(name: string): string {
  return `"${refuseNul(name).replaceAll('"', '""')}"`;
}

function quoteText(value: string): string {
  return `'${refuseNul(value).replaceAll("'", "''")}'`;
}

const MEANS: MeanParts = {
  renderType,
  wide: (number) => `CAST(${number} AS HUGEINT)`,
  quotient: (dividend, divisor) => `(${dividend} // ${divisor})`,
};

function renderOwn(expression: OwnExpression): string {
  switch (expression.kind) {
    case 'timestamp':
      return `CAST(CAST(${quoteText(expression.value)} AS TIMESTAMPTZ) AS TIMESTAMP)`;
    case 'holds': {
      const passes = `coalesce(${render(expression.condition)}, true)`;
      return canFail(expression.condition) ? `coalesce(try(${passes}), false)` : passes;
    }
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
    case 'add-minutes':
      return `(${render(expression.operand)} + to_minutes(CAST(${render(expression.minutes)} AS INTEGER)))`;
    case 'begin-period': {
      const value = render(expression.operand);
      const begun =
        expression.period === 'decade' ? renderDecade(value) : `date_trunc('${expression.period}', ${value})`;
      return `CAST(${begun} AS ${expression.type.toUpperCase()})`;
    }
    case 'round-to':
      return renderRoundTo(render(expression.operand), expression.type, expression.multiple);
    case 'round-by':
      return renderRoundBy(render(expression.operand), expression.type, render(expression.multiple));
    case 'add-steps': {
      const { operand, type, steps, step } = expression;
      const added = `(CAST(${render(steps)} AS DECIMAL(38, 0)) * ${renderNumber(step)})`;
      // DuckDB's own sums of decimals are as narrow as their parts.
      const wide = `DECIMAL(38, ${type.kind === 'decimal' ? type.scale : 0})`;
      return `CAST((CAST(${render(operand)} AS ${wide}) + ${added}) AS ${renderType(type)})`;
    }
    case 'units-above':
      return renderUnitsAbove(render(expression.operand), render(expression.lower), expression.type, MEANS);
    case 'add-mean': {
      const { operand, units, rows, type } = expression;
      return renderAddMean([render(operand), render(units), render(rows)], type, MEANS);
    }
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

function renderRoundTo(value: string, type: NumberType, multiple: string): string {
  if (type.kind === 'double') {
    return renderRoundDouble(value, multiple, {
      double: (number) => `CAST(${number} AS DOUBLE)`,
      floor: (number) => `floor(${number})`,
    });
  }
  return renderRoundBy(value, type, `CAST(${quoteText(multiple)} AS ${renderType(type)})`);
}

function renderRoundBy(value: string, type: NumberType, multiple: string): string {
  return renderRoundExact(
    value,
    multiple,
    (nearer, more) => `coalesce(TRY_CAST(try(${nearer} + ${more}) AS ${renderType(type)}), ${nearer})`,
  );
}

/** By comparison, which row groups whose statistics say enough are spared. */
function renderInRange(value: string, type: RangedType): string {
  switch (type) {
    case 'double':
      return `isfinite(${value})`;
    case 'date':
      return `(${value} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')`;
    case 'timestamp':
      return `(${value} >= TIMESTAMP '0001-01-01 00:00:00' AND ${value} < TIMESTAMP '10000-01-01 00:00:00')`;
  }
}
