import { matchesPattern } from './matches-pattern';

/** One test among a statement's conditions, e.g. `ForAllValues:StringLike` of `dynamodb:LeadingKeys`. */
export interface ConditionTest {
  readonly operator: Operator;
  /** Of what has many values, how many have to pass. */
  readonly of?: 'ForAllValues' | 'ForAnyValue';
  /** Passes where the request does not have it. */
  readonly ifExists: boolean;
  /** In lower case: names of condition keys have no case. */
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * What is known of a request by a condition key in lower case: its values; none, where it has none; undefined, where nobody here
 * can tell.
 */
export type TellFact = (key: string) => readonly string[] | undefined;

/** `unknown`: it rests on what nobody here can tell. */
export type Verdict = 'holds' | 'fails' | 'unknown';

/** As IAM does: all tests of a statement have to hold. */
export function judgeConditions(tests: readonly ConditionTest[], tell: TellFact): Verdict {
  const verdicts = tests.map((test): Verdict => {
    const facts = tell(test.key);
    if (facts === undefined) return 'unknown';
    return holds(test, facts) ? 'holds' : 'fails';
  });
  if (verdicts.includes('fails')) return 'fails';
  return verdicts.includes('unknown') ? 'unknown' : 'holds';
}

function holds({ operator, of, ifExists, values }: ConditionTest, facts: readonly string[]): boolean {
  if (operator === 'Null') return values.includes(String(facts.length === 0));
  const passes = (fact: string) => OPERATORS[operator](fact, values);
  if (of === 'ForAnyValue') return facts.some(passes);
  // What is not there: for all of none everything holds; else a denial of values holds, and nothing else.
  if (facts.length === 0) return of === 'ForAllValues' || ifExists || /Not/.test(operator);
  return facts.every(passes);
}

const like = (fact: string, values: readonly string[]) => values.some((value) => matchesPattern(value, fact));
const notLike = (fact: string, values: readonly string[]) => !like(fact, values);
const equals = (fact: string, values: readonly string[]) => values.includes(fact);

/** Whether one value of the request passes, by the values of the policy. */
const OPERATORS = {
  StringEquals: equals,
  StringNotEquals: (fact: string, values: readonly string[]) => !equals(fact, values),
  StringLike: like,
  StringNotLike: notLike,
  ArnEquals: like,
  ArnLike: like,
  ArnNotLike: notLike,
  Bool: equals,
  NumericLessThan: (fact: string, [most]: readonly string[]) => Number(fact) < Number(most),
  NumericLessThanEquals: (fact: string, [most]: readonly string[]) => Number(fact) <= Number(most),
} as const;

export type Operator = keyof typeof OPERATORS | 'Null';

export function isOperator(name: string): name is Operator {
  return name === 'Null' || name in OPERATORS;
}
