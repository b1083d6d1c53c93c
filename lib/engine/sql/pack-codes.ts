import { classValuesName, keyName, TUPLES } from './count-tuples';
import { columnOf, number, same, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Join } from './rendering/sql-query';

/**
 * A tuple as one number: the codes of its values, as digits of which each has as many values as its class column. Rows find
 * their tuple by it in a table that is looked up by place, where several values would have to be hashed and compared.
 */
export const PACKED = 'packed';

/** Up to here DuckDB looks up by place. */
const MOST_PACKED = 2 ** 20;

/** Nothing where there are too many combinations. `sizes`: how many values each class column has. */
export function packSizes(sizes: readonly number[]): readonly number[] | undefined {
  return sizes.reduce((product, size) => product * size, 1) <= MOST_PACKED ? sizes : undefined;
}

/** Of a row of the table of tuples. */
export function packTuple(sizes: readonly number[]): SqlExpression {
  return packCodes(sizes, (index) => columnOf(TUPLES, `code_${index}`));
}

/** Of a row of `rows`, which has the keys of its tuple, once it is joined with `joinCodes`. */
export function packRow(sizes: readonly number[]): SqlExpression {
  return packCodes(sizes, (index) => columnOf(classValuesName(index), 'code'));
}

/** Every value of an accepted row has a code. */
export function joinCodes(sizes: readonly number[], rows: string): readonly Join[] {
  return sizes.map((_, index) => {
    const name = classValuesName(index);
    return { kind: 'inner', with: table(name), on: same(columnOf(rows, keyName(index)), columnOf(name, 'value')) };
  });
}

function packCodes(sizes: readonly number[], codeOf: (index: number) => SqlExpression): SqlExpression {
  return sizes
    .map((_, index) => codeOf(index))
    .reduce((packed, code, index) => ({
      kind: 'arithmetic',
      op: '+',
      left: { kind: 'arithmetic', op: '*', left: packed, right: number(sizes[index]!) },
      right: code,
    }));
}
