import fc from 'fast-check';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import {
  type ActualEntitlement,
  diffEntitlements,
  type EntitlementStep,
} from '../../../../lib/domain/exchange/entitlements/diff-entitlements';
import type { Entitlement } from '../../../../lib/domain/exchange/entitlements/entitlement';
import type { EntitlementRecord } from '../../../../lib/domain/registry/round-records';
import { conductOf, placedFor, releaseOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const GRANT: Entitlement = {
  leg: 'a-b-x',
  from: 'a',
  party: 'b',
  account: '222222222222',
  kind: 'lake-formation',
  effect: 'grant',
  releases: ['2026-01-01', '2026-02-01'],
  reason: 'agreed',
  clause: 'legs.a-b-x',
};
const WITHHELD: Entitlement = { ...GRANT, effect: 'withhold', releases: [], reason: 'party-suspended', clause: '8.1' };
const HELD: ActualEntitlement = {
  kind: 'lake-formation',
  leg: 'a-b-x',
  account: '222222222222',
  releases: GRANT.releases,
  reference: 'g-1',
};
const RECORD: EntitlementRecord = {
  agreement: 'swap',
  leg: 'a-b-x',
  party: 'b',
  kind: 'lake-formation',
  state: 'granted',
  releases: [...GRANT.releases],
  clause: 'legs.a-b-x',
  reason: 'agreed',
  at: '2026-02-01T00:00:00Z',
};
const stepsOf = (...args: Parameters<typeof diffEntitlements>) =>
  diffEntitlements(...args).flatMap(({ steps }) => steps);

describe('what a data set shows by itself', () => {
  const DAYS = ['2026-01-01', '2026-02-01'] as const;
  const byWay = (version: number, kind: 'sftp' | 'data-grant' | 'lake-formation'): Plan => ({
    ...TELCO_RETAIL_PLAN,
    agreement: { ...TELCO_RETAIL_PLAN.agreement, version },
    legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, via: { kind } })),
  });
  const leg = TELCO_RETAIL_PLAN.legs[0]!.id;
  const grant: Entitlement = { ...GRANT, leg, kind: 'data-grant' };
  const held: ActualEntitlement = { ...HELD, leg, kind: 'data-grant' };
  const record: EntitlementRecord = { ...RECORD, leg, kind: 'data-grant' };
  const of = (plans: readonly Plan[], rounds: readonly string[], made: readonly Plan[]) => {
    const now = plans.at(-1)!;
    const releases = made.map((plan, at) => releaseOf(plan, leg, DAYS[at]!));
    const conduct = conductOf(now, rounds, { versions: plans.map((plan) => placedFor(plan)), releases });
    return { plan: planForSide(now, { kind: 'hosted' }), conduct };
  };

  test('what was published and taken back before anybody looked is withdrawn, and nobody did it by hand', () => {
    const plan = byWay(1, 'data-grant');
    const wanted = { ...grant, releases: [DAYS[0]] };
    const before = { ...record, releases: [DAYS[0]] };
    const on = of([plan], DAYS, [plan, plan]);
    const [step, ...others] = stepsOf([wanted], [held], [before], on);
    expect(others).toEqual([]);
    expect(step).toMatchObject({ do: 'withdraw', releases: [DAYS[1]] });
    expect(step).not.toHaveProperty('drift');
    // Final without being published it is by hand, and so it is in a place where publication puts nothing.
    const [final] = stepsOf([wanted], [held], [before], of([plan], DAYS.slice(0, 1), [plan, plan]));
    expect(final).toMatchObject({ do: 'withdraw', drift: 'changed' });
    // Nor is it publication that shows again what was looked at since, or is revoked for good.
    const [again] = stepsOf([wanted], [held], [{ ...before, at: '2026-06-01T00:00:00Z' }], on);
    expect(again).toMatchObject({ do: 'withdraw', drift: 'changed' });
    const releases = on.conduct.releases.map((each) => ({ ...each, state: 'revoked' as const }));
    const gone = { ...on, conduct: { ...on.conduct, releases } };
    expect(stepsOf([wanted], [held], [before], gone)[0]).toMatchObject({ do: 'withdraw', drift: 'changed' });
    const [table] = stepsOf(
      [{ ...wanted, kind: 'lake-formation' }],
      [{ ...held, kind: 'lake-formation' }],
      [{ ...before, kind: 'lake-formation' }],
      on,
    );
    expect(table).toMatchObject({ do: 'withdraw', drift: 'changed' });
  });

  test('is nothing of what went another way, by the version before', () => {
    const [before, now] = [byWay(1, 'sftp'), byWay(2, 'data-grant')];
    const later = { ...held, releases: [DAYS[1]] };
    expect(stepsOf([grant], [later], [record], of([before, now], [], [before, now]))).toEqual([]);
    // Of what it did have, somebody took it away.
    const steps = stepsOf([grant], [later], [record], of([before, now], [], [now, now]));
    expect(steps).toMatchObject([{ do: 'show', releases: [DAYS[0]], drift: 'changed' }]);
    const table = byWay(2, 'lake-formation');
    const inTable = { ...grant, kind: 'lake-formation' } as const;
    const shown = { ...later, kind: 'lake-formation' } as const;
    expect(stepsOf([inTable], [shown], [record], of([before, table], [], [before, table]))).toMatchObject([
      { do: 'show', releases: [DAYS[0]] },
    ]);
  });
});

test('nothing to do where all is as it should be', () => {
  expect(diffEntitlements([GRANT], [HELD], [RECORD])).toEqual([]);
  expect(diffEntitlements([WITHHELD], [], [{ ...RECORD, state: 'revoked' }])).toEqual([]);
});

test.each<[string, Entitlement[], ActualEntitlement[], EntitlementRecord[], Partial<EntitlementStep>[]]>([
  ['what is new is granted', [GRANT], [], [], [{ do: 'grant', releases: GRANT.releases, clause: 'legs.a-b-x' }]],
  ['what somebody revoked by hand is granted again', [GRANT], [], [RECORD], [{ do: 'grant', drift: 'removed' }]],
  [
    'what is suspended is revoked, by its clause',
    [WITHHELD],
    [HELD],
    [RECORD],
    [{ do: 'revoke', reference: 'g-1', reason: 'party-suspended', clause: '8.1' }],
  ],
  [
    'what somebody granted by hand is revoked',
    [WITHHELD],
    [HELD],
    [{ ...RECORD, state: 'revoked' }],
    [{ do: 'revoke', drift: 'added' }],
  ],
  [
    'what no leg explains is revoked',
    [],
    [{ ...HELD, account: '999999999999' }],
    [],
    [{ do: 'revoke', account: '999999999999', reason: 'not-agreed', drift: 'added' }],
  ],
  [
    'what is there twice is revoked once',
    [GRANT],
    [HELD, { ...HELD, reference: 'g-2' }],
    [RECORD],
    [{ do: 'revoke', reference: 'g-2', drift: 'added' }],
  ],
  [
    'a new release is shown',
    [GRANT],
    [{ ...HELD, releases: ['2026-01-01'] }],
    [{ ...RECORD, releases: ['2026-01-01'] }],
    [{ do: 'show', releases: ['2026-02-01'] }],
  ],
  [
    'a release that ran out is withdrawn',
    [{ ...GRANT, releases: ['2026-02-01'] }],
    [HELD],
    [RECORD],
    [{ do: 'withdraw', releases: ['2026-01-01'] }],
  ],
  [
    'a release that was shown by hand is withdrawn',
    [GRANT],
    [{ ...HELD, releases: [...GRANT.releases, '2025-12-01'] }],
    [RECORD],
    [{ do: 'withdraw', releases: ['2025-12-01'], drift: 'changed' }],
  ],
  [
    'what a run had begun to show is withdrawn, and nobody did it by hand',
    [{ ...GRANT, releases: ['2026-01-01'] }],
    [HELD],
    [{ ...RECORD, releases: ['2026-01-01'], giving: true }],
    [{ do: 'withdraw', releases: ['2026-02-01'] }],
  ],
  [
    'what may be there is given again, and nobody took it away by hand',
    [GRANT],
    [{ ...HELD, isUnsure: true }],
    [RECORD],
    [{ do: 'grant', releases: GRANT.releases }],
  ],
  [
    'a release that was hidden by hand is shown',
    [GRANT],
    [{ ...HELD, releases: ['2026-01-01'] }],
    [RECORD],
    [{ do: 'show', drift: 'changed' }],
  ],
])('%s', (_, desired, actual, recorded, expected) => {
  const steps = stepsOf(desired, actual, recorded);
  expect(steps).toHaveLength(expected.length);
  expect(steps).toMatchObject(expected);
  for (const [index, step] of steps.entries()) expect(step.drift).toBe(expected[index]?.drift);
});

test('parties are apart, and each first loses what it has to', () => {
  const other = { ...GRANT, leg: 'a-c-x', party: 'c', account: '333333333333' };
  const foreign = { ...HELD, leg: 'a-c-y', account: '333333333333' };
  const plan = diffEntitlements([GRANT, other], [foreign], []);
  expect(plan.map(({ account, steps }) => [account, steps.map((step) => step.do)])).toEqual([
    ['222222222222', ['grant']],
    ['333333333333', ['revoke', 'grant']],
  ]);
});

test('whatever is there, doing the steps ends in what should be, and nothing is left to do', () => {
  const days = ['2026-01-01', '2026-02-01', '2026-03-01'];
  const legs = ['l1', 'l2', 'l3'] as const;
  const accountOf = { l1: '111111111111', l2: '222222222222', l3: '222222222222' };
  const desiredOf = fc.tuple(
    ...legs.map((leg) =>
      fc.subarray(days).map(
        (releases): Entitlement => ({
          ...GRANT,
          leg,
          account: accountOf[leg],
          releases,
          effect: releases.length > 0 ? 'grant' : 'withhold',
        }),
      ),
    ),
  );
  const actualOf = fc.array(
    fc.record({
      leg: fc.constantFrom(...legs, undefined),
      account: fc.constantFrom('111111111111', '222222222222', '999999999999'),
      releases: fc.subarray(days),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(desiredOf, actualOf, (desired, found) => {
      const actual = found.map(
        ({ leg, ...rest }, index): ActualEntitlement => ({
          kind: 'lake-formation',
          ...(leg && { leg }),
          ...rest,
          reference: `g-${index}`,
        }),
      );
      const after = apply(actual, stepsOf(desired, actual, []));
      expect(stepsOf(desired, after, [])).toEqual([]);
      expect(after.map(({ leg, account, releases }) => `${leg} ${account} ${[...releases].sort()}`).sort()).toEqual(
        desired
          .filter(({ effect }) => effect === 'grant')
          .map(({ leg, account, releases }) => `${leg} ${account} ${[...releases].sort()}`)
          .sort(),
      );
    }),
    { numRuns: 500, seed: 5 },
  );
});

function apply(actual: readonly ActualEntitlement[], steps: readonly EntitlementStep[]): readonly ActualEntitlement[] {
  const held = new Map(actual.map((each) => [each.reference, each]));
  for (const [index, { do: act, kind, leg, account, releases, reference = `new-${index}` }] of steps.entries()) {
    const before = held.get(reference);
    if (act === 'revoke') held.delete(reference);
    else if (act === 'grant')
      held.set(reference, { kind, ...(leg === undefined ? {} : { leg }), account, releases, reference });
    else if (before !== undefined && act === 'show')
      held.set(reference, { ...before, releases: [...before.releases, ...releases] });
    else if (before !== undefined)
      held.set(reference, { ...before, releases: before.releases.filter((day) => !releases.includes(day)) });
  }
  return [...held.values()];
}
