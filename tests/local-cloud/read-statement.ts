import { type ConditionTest, isOperator } from './judge-conditions';
import type { RoleStatement } from './role-policy';

/** A statement as a policy's JSON has it, every reference in it resolved. */
export function readStatement({ Effect, Action, Resource, Condition }: StatementJson): RoleStatement {
  return {
    effect: Effect === 'Deny' ? 'Deny' : 'Allow',
    actions: listTexts(Action),
    resources: listTexts(Resource),
    conditions: listConditions(Condition),
  };
}

type StatementJson = Readonly<Record<string, unknown>>;

/** @throws for an operator that is not judged here: nothing is to be taken for allowed because of it */
function listConditions(condition: unknown): readonly ConditionTest[] {
  return Object.entries((condition ?? {}) as Readonly<Record<string, StatementJson>>).flatMap(([written, tests]) => {
    const [, of, operator = '', ifExists] = OPERATOR.exec(written) ?? [];
    if (!isOperator(operator)) throw new Error(`The local cloud does not judge ${written}.`);
    return Object.entries(tests).map(([key, values]) => ({
      operator,
      ...(of === undefined ? {} : { of: of as 'ForAllValues' | 'ForAnyValue' }),
      ifExists: ifExists !== undefined,
      key: key.toLowerCase(),
      values: listTexts(values),
    }));
  });
}

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

function listTexts(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
