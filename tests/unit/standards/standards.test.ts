import { writeDataContract } from '../../../lib/domain/standards/write-data-contract';
import { writePolicy } from '../../../lib/domain/standards/write-policy';
import { readExamplePlan } from '../../fixtures/example-plan';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { makeCrowdedPlan } from '../../fixtures/sample-plan';

const PLANS = [
  ['the telecommunications example', readExamplePlan('telco-retail')],
  ['the healthcare example', readExamplePlan('hospital-pharma')],
  ['a ring of ten', makeCrowdedPlan(10, 20)],
  [
    'one with quotas, networks, watermarks and a warehouse',
    {
      ...TELCO_RETAIL_PLAN,
      parties: TELCO_RETAIL_PLAN.parties.map((party) => ({ ...party, networks: ['192.0.2.0/24'] })),
      datasets: TELCO_RETAIL_PLAN.datasets.map((dataset) => ({
        ...dataset,
        basisBy: 'of-the-basis',
        persons: 'of-the-persons',
      })),
      legs: TELCO_RETAIL_PLAN.legs.map((leg, at) =>
        at === 0
          ? {
              ...leg,
              via: { kind: 'api' } as const,
              quota: { requests: 77, bytes: 4_242 },
              watermark: 0.0013,
              safeguardBy: 'of-the-safeguard',
              expects: { subjects: 31_415, completeness: 0.9265, lossAtMost: 0.3589 },
            }
          : { ...leg, via: { kind: 'product', productId: 'prod-abc123' } as const },
      ),
    },
  ],
] as const;

/** Every text, number and truth value of a part of the plan. */
function listLeaves(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(listLeaves);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(listLeaves);
  return value === undefined ? [] : [String(value)];
}

describe.each(PLANS)('%s as standards', (_, plan) => {
  const policy = writePolicy(plan);
  const contracts = plan.legs.map((leg) => writeDataContract(plan, leg));
  const written = new Set(listLeaves([policy, contracts]));
  const has = (leaf: string) =>
    written.has(leaf) || written.has(`barter:${leaf}`) || written.has(`dpv:${leaf}`) || written.has(`mailto:${leaf}`);

  test('loses nothing of terms, legs, remedies, clauses and fairness', () => {
    const { term, legs, remedies, clauses, fairness } = plan;
    expect(
      listLeaves([term, legs, remedies, clauses, fairness]).filter((leaf) => !has(leaf) && !isDerived(leaf)),
    ).toEqual([]);

    function isDerived(leaf: string): boolean {
      // Forbidden acts that ODRL has a word for are in the contracts as they were written.
      return JSON.stringify(contracts).includes(JSON.stringify(leaf));
    }
  });

  test('loses nothing of datasets: columns that are not released by name alone', () => {
    for (const { columns, owner: _owner, asymmetryBy: _by, ...dataset } of plan.datasets) {
      const text = JSON.stringify(contracts);
      const released = columns
        .filter(({ releasedAs }) => releasedAs !== undefined)
        .map(({ checks, releasedAs: _type, ...column }) => ({ ...column, checks: checks.map((check) => check.text) }));
      const leaves = listLeaves([dataset, released, columns.map(({ name }) => name)]);
      expect(leaves.filter((leaf) => !has(leaf) && !text.includes(JSON.stringify(leaf).slice(1, -1)))).toEqual([]);
    }
  });

  test('the policy has a permission, an obligation and its prohibitions for each leg, between its parties', () => {
    const { permission, obligation, prohibition } = policy as Record<string, readonly Record<string, unknown>[]>;
    const party = (id: string) =>
      `urn:barter-room:agreement:${plan.agreement.id}:${plan.agreement.version}:party:${id}`;
    expect(permission!.map(({ assigner, assignee }) => [assigner, assignee])).toEqual(
      plan.legs.map(({ from, to }) => [party(from), party(to)]),
    );
    expect(obligation!.map(({ assignee }) => assignee)).toEqual(plan.legs.map(({ from }) => party(from)));
    expect(prohibition).toHaveLength(plan.legs.reduce((sum, { forbids }) => sum + forbids.length + 1, 0));
    const uids = [...permission!, ...obligation!, ...prohibition!].map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
  });

  test('the policy uses words of ODRL 2.2, or its own by their prefix', () => {
    // https://www.w3.org/TR/odrl-vocab/, of its actions, left operands and operators those that are wanted here.
    const actions = ['use', 'delete', 'sell', 'distribute', 'aggregate'];
    const operands = ['purpose', 'dateTime', 'deliveryChannel', 'elapsedTime', 'timeInterval'];
    const operators = ['eq', 'gt', 'gteq', 'lteq', 'isAnyOf'];
    const find = (key: string, value: unknown): readonly unknown[] =>
      typeof value !== 'object' || value === null
        ? []
        : Object.entries(value).flatMap(([name, each]) => [...(name === key ? [each] : []), ...find(key, each)]);
    const other = (key: string, words: readonly string[]) =>
      find(key, policy).filter((word) => !words.includes(String(word)) && !String(word).startsWith('barter:'));
    expect([other('action', actions), other('leftOperand', operands), other('operator', operators)]).toEqual([
      [],
      [],
      [],
    ]);
  });

  test('each contract promises the columns that are released, as they are released', () => {
    for (const [at, leg] of plan.legs.entries()) {
      const dataset = plan.datasets.find(({ id }) => id === leg.dataset)!;
      const [table] = contracts[at]!.schema as readonly { readonly properties: readonly Record<string, unknown>[] }[];
      expect(table!.properties.map(({ name }) => name)).toEqual(
        dataset.columns.flatMap(({ name, releasedAs }) => (releasedAs === undefined ? [] : [name])),
      );
    }
  });
});
