import type { PartitionTest, RoleStatement } from './role-policy';

/** A statement as a policy's JSON has it, every reference in it resolved. */
export function readStatement({ Effect, Action, Resource, Condition }: StatementJson): RoleStatement {
  return {
    effect: Effect === 'Deny' ? 'Deny' : 'Allow',
    actions: listTexts(Action),
    resources: listTexts(Resource),
    partitions: listPartitionTests(Condition),
    isConditional: Condition !== undefined,
  };
}

type StatementJson = Readonly<Record<string, unknown>>;

const LEADING_KEYS = 'dynamodb:leadingkeys';

/** @throws for an operator over partitions that is not judged here: nothing is to be taken for allowed because of it */
function listPartitionTests(condition: unknown): readonly PartitionTest[] {
  return Object.entries((condition ?? {}) as Readonly<Record<string, StatementJson>>).flatMap(([operator, tests]) =>
    Object.entries(tests)
      .filter(([key]) => key.toLowerCase() === LEADING_KEYS)
      .map(([, values]) => {
        const kind = OPERATORS[operator];
        if (kind === undefined) throw new Error(`The local cloud judges no ${operator} of partitions.`);
        return { kind, values: listTexts(values) };
      }),
  );
}

const OPERATORS: Readonly<Record<string, PartitionTest['kind']>> = {
  'ForAllValues:StringLike': 'like',
  'ForAllValues:StringEquals': 'equals',
};

function listTexts(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
