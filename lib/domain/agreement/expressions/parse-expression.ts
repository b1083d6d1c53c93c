import type { ColumnType } from '../plan/plan';
import type { Expression } from './expression';
import { readCondition } from './read-condition';
import { ExpressionProblem, tokeniseExpression } from './tokenise-expression';

type ExpressionReading =
  | { readonly kind: 'condition'; readonly condition: Expression }
  /** `offset`: characters from the start of the text. */
  | { readonly kind: 'refused'; readonly offset: number; readonly problem: string; readonly remedy: string };

const MAX_CHARACTERS = 2000;

/** Reads a check such as `minutes >= 0 and plan in ('S', 'M')` against the columns of its dataset. Never throws. */
export function parseExpression(text: string, columns: ReadonlyMap<string, ColumnType>): ExpressionReading {
  if (text.length > MAX_CHARACTERS) {
    return {
      kind: 'refused',
      offset: 0,
      problem: `the check is longer than ${MAX_CHARACTERS} characters`,
      remedy: 'Split it into a list of checks.',
    };
  }
  try {
    return { kind: 'condition', condition: readCondition(tokeniseExpression(text), columns) };
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    return { kind: 'refused', offset: error.offset, problem: error.message, remedy: error.remedy };
  }
}
