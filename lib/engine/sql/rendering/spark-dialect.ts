import type { ColumnType } from '../../../domain/agreement/plan/plan';
import type { ShownPeriod } from '../../../domain/privacy/treatments/list-period-steps';
import type { Dialect } from './dialect';
import { refuseNul } from './render-constant';
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
  antiJoin: 'LEFT ANTI',
  renderHashed,
});
const render = createExpressionRenderer({
  quoteIdentifier,
  quoteText,
  renderType,
  renderMatch,
  renderInRange,
  renderMoment: (value) => `CAST(TRY_CAST(${value} AS TIMESTAMP) AS TIMESTAMP_NTZ)`,
  renderSortKey,
  renderOwn,
});

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

const TEN_BILLION = `CAST('1${'0'.repeat(10)}' AS DECIMAL(11, 0))`;

const MEANS: MeanParts = {
  renderType,
  wide: (number) => `CAST(${number} AS DECIMAL(38, 0))`,
  // `div` gives 64 bits: of 38 digits the first 18 are divided, then ten, then the last ten.
  quotient: (dividend, divisor) => {
    const [first, second] = [`(${divisor} * ${TEN_BILLION} * ${TEN_BILLION})`, `(${divisor} * ${TEN_BILLION})`];
    const digits = (divided: string) => `CAST((${divided}) AS DECIMAL(19, 0))`;
    const upper = `(${digits(`${dividend} div ${first}`)} * ${TEN_BILLION} * ${TEN_BILLION})`;
    const middle = `(${digits(`(${dividend} % ${first}) div ${second}`)} * ${TEN_BILLION})`;
    return `(${upper} + ${middle} + ((${dividend} % ${second}) div ${divisor}))`;
  },
};

function renderOwn(expression: OwnExpression): string {
  switch (expression.kind) {
    case 'timestamp':
      return `CAST(CAST(${quoteText(expression.value)} AS TIMESTAMP) AS TIMESTAMP_NTZ)`;
    case 'holds':
      return renderHolds(expression.condition);
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
    case 'add-minutes':
      return `(${render(expression.operand)} + make_dt_interval(0, 0, CAST(${render(expression.minutes)} AS INT)))`;
    case 'begin-period':
      return renderBeginPeriod(render(expression.operand), expression.period, renderType({ kind: expression.type }));
    case 'round-to':
      return renderRoundTo(render(expression.operand), expression.type, expression.multiple);
    case 'round-by':
      return renderRoundBy(render(expression.operand), expression.type, render(expression.multiple));
    case 'add-steps': {
      const { operand, type, steps, step } = expression;
      const added = `(CAST(${render(steps)} AS DECIMAL(13, 0)) * CAST(${quoteText(step)} AS ${renderStep(type, step)}))`;
      return `CAST((${render(operand)} + ${added}) AS ${renderType(type)})`;
    }
    case 'units-above':
      return renderUnitsAbove(render(expression.operand), render(expression.lower), expression.type, MEANS);
    case 'add-mean': {
      const { operand, units, rows, type } = expression;
      return renderAddMean([render(operand), render(units), render(rows)], type, MEANS);
    }
    case 'text-set':
      return `array_join(array_sort(collect_set(${render(expression.operand)})), ',')`;
  }
}

/** Spark knows no decades, and cuts nothing shorter than a week from a date. */
function renderBeginPeriod(value: string, period: ShownPeriod, type: string): string {
  const day = `CAST(${value} AS DATE)`;
  switch (period) {
    case 'minute':
    case 'hour':
      return `CAST(date_trunc('${period}', ${value}) AS ${type})`;
    case 'day':
      return `CAST(${day} AS ${type})`;
    case 'decade':
      return `CAST(${renderDecade(day)} AS ${type})`;
    default:
      return `CAST(trunc(${day}, '${period}') AS ${type})`;
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
  return renderRoundBy(value, type, `CAST(${quoteText(multiple)} AS ${renderType(type)})`);
}

function renderRoundBy(value: string, type: NumberType, multiple: string): string {
  const rounded = renderRoundExact(
    value,
    multiple,
    (nearer, more) => `coalesce(try_cast(try_add(${nearer}, ${more}) AS ${renderType(type)}), ${nearer})`,
  );
  return `CAST(${rounded} AS ${renderType(type)})`;
}

const TRIED = { '+': 'try_add', '-': 'try_subtract', '*': 'try_multiply' } as const;

/**
 * Spark looks rows up by one number in a third of the time that several values or a text take, and takes for such values
 * whatever it sees compared by `=`: so they are compared in full in other words.
 */
function renderHashed(on: SqlExpression): string {
  const pairs = on.kind === 'and' ? on.operands : [on];
  const sides = pairs.map((pair) => {
    if (pair.kind !== 'same' && !(pair.kind === 'compare' && pair.op === '='))
      throw new Error(`A hashed join compares values by equality, not by ${pair.kind}.`);
    return { kind: pair.kind, left: render(pair.left), right: render(pair.right) };
  });
  const hash = (side: 'left' | 'right') => `xxhash64(${sides.map((pair) => pair[side]).join(', ')})`;
  const compared = sides.map(({ kind, left, right }) =>
    kind === 'same'
      ? `(${left} = ${right} OR (${left} IS NULL AND ${right} IS NULL))`
      : `(${left} <= ${right} AND ${left} >= ${right})`,
  );
  return `(${[`${hash('left')} = ${hash('right')}`, ...compared].join(' AND ')})`;
}

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
function renderMatch(operand: string, pattern: string): string {
  return `(${operand} RLIKE ${quoteText(`\\A(?:${pattern})\\z`)})`;
}

/** Spark puts NaN above all numbers. */
function renderInRange(value: string, type: RangedType): string {
  switch (type) {
    case 'double':
      return `(${value} > CAST('-Infinity' AS DOUBLE) AND ${value} < CAST('Infinity' AS DOUBLE))`;
    case 'date':
      return `(${value} BETWEEN DATE'0001-01-01' AND DATE'9999-12-31')`;
    case 'timestamp':
      return `(${value} >= TIMESTAMP_NTZ'0001-01-01 00:00:00' AND ${value} < TIMESTAMP_NTZ'+10000-01-01 00:00:00')`;
  }
}
