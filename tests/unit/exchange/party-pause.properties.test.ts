import * as fc from 'fast-check';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { decide, NOTHING_USED } from '../../../lib/domain/enforcement/policies/decide';
import { pauseAgreement } from '../../../lib/domain/enforcement/words/pause-agreement';
import { entitlementsAt } from '../../../lib/domain/exchange/entitlements/entitlements-at';
import type { Conduct } from '../../../lib/domain/registry/conduct';
import { readConduct } from '../../../lib/domain/registry/read-conduct';
import { rememberPolicies } from '../../../lib/policy/remember-policies';
import { conductOf, releaseOf, roundOf } from '../../fixtures/conduct';
import { registerSigned } from '../../fixtures/registered';
import { makeCrowdedPlan } from '../../fixtures/sample-plan';

const PLAN: Plan = makeCrowdedPlan(5, 20);
const PARTIES = PLAN.parties.map(({ id }) => id);
const DAYS = ['2026-03-01', '2026-04-01'];
const NOW = '2026-04-10T12:00:00Z';
const ACTIVE = conductOf(PLAN, DAYS);
const paused = (holders: readonly string[]): Conduct => ({ ...ACTIVE, state: 'suspended', holders });
const granted = (conduct: Conduct, plan = PLAN) =>
  new Map(entitlementsAt(plan, conduct, NOW).map((each) => [each.leg, each] as const));

test.each<[string, readonly string[]]>([
  ['the operator', ['operator']],
  ['a party and the operator', [PARTIES[0]!, 'operator']],
  ['a party that the agreement has no more', ['gone']],
  ['nobody that is known', []],
])('by %s it takes everything back', (_, holders) => {
  for (const { effect, reason, clause } of granted(paused(holders)).values())
    expect([effect, reason, clause]).toEqual(['withhold', 'suspended', 'term']);
});

test('a party stops what it gives and gets at once, by a clause of its own, and nothing of two others', () => {
  const [first = ''] = PARTIES;
  const before = granted(ACTIVE);
  for (const { id, from, to } of PLAN.legs) {
    const now = granted(paused([first])).get(id)!;
    if (from === first || to === first) expect(now).toMatchObject({ reason: 'suspended', clause: `parties.${first}` });
    else expect(now).toEqual(before.get(id));
  }
  const clauses = [{ id: '9.3', text: 'Each may stop.', controls: ['access.veto' as const], legalOnly: false }];
  const own = PLAN.legs.find(({ from }) => from === first)!;
  expect(granted(paused([first]), { ...PLAN, clauses }).get(own.id)).toMatchObject({ clause: '9.3' });
});

test('no party’s pause widens anybody’s access, and no more parties’ pauses do', () => {
  const holders = fc.uniqueArray(fc.constantFrom(...PARTIES, 'operator'), { maxLength: 4 });
  const state = fc.constantFrom('published', 'open', 'withheld', 'publishing');
  fc.assert(
    fc.property(
      holders,
      fc.constantFrom(...PARTIES),
      fc.array(state, { minLength: 2, maxLength: 2 }),
      (held, one, states) => {
        const rounds = DAYS.map((day, at) => roundOf(PLAN, day, { state: states[at]! }));
        const active = granted({ ...ACTIVE, rounds });
        const fewer = granted({ ...paused(held), rounds });
        const more = granted({ ...paused([...new Set([...held, one])]), rounds });
        for (const { id } of PLAN.legs) {
          expect(active.get(id)!.releases).toEqual(expect.arrayContaining([...fewer.get(id)!.releases]));
          if (held.length > 0)
            expect(fewer.get(id)!.releases).toEqual(expect.arrayContaining([...more.get(id)!.releases]));
        }
      },
    ),
    { seed: 11, numRuns: 100 },
  );
});

test('a pause that is resumed, by however many, leaves every entitlement as it was', async () => {
  const word = fc.record({
    by: fc.constantFrom(...PARTIES),
    act: fc.constantFrom('suspend' as const, 'resume' as const),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (words) => {
      const { registry, agreement } = await registerSigned(PLAN);
      await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
      for (const day of DAYS) await registry.rounds(agreement).create(roundOf(PLAN, day));
      for (const release of ACTIVE.releases) await registry.releases(agreement).create(release);
      const read = async () => granted((await readConduct(registry, agreement))!.conduct);
      const before = await read();
      let minute = 0;
      const say = ({ by, act }: (typeof words)[0]) => {
        minute += 1;
        const at = new Date(Date.parse('2026-04-10T00:00:00Z') + minute * 60_000).toISOString();
        return pauseAgreement(registry, agreement, { by, act, at, reason: 'a reason' }).catch(() => undefined);
      };
      for (const each of words) await say(each);
      for (const by of PARTIES) await say({ by, act: 'resume' });
      expect((await readConduct(registry, agreement))?.conduct).toMatchObject({ state: 'active' });
      expect(await read()).toEqual(before);
    }),
    { seed: 12, numRuns: 15 },
  );
});

describe('what the doors say meanwhile', () => {
  const policiesOf = rememberPolicies();
  const { policies, engine } = policiesOf(PLAN);
  const ask = (
    conduct: Conduct,
    operation: string,
    party: string,
    about: string,
    operands: Record<string, string> = {},
  ) =>
    decide(
      { id: 'asked', operation, party, about, operands },
      { plan: PLAN, conduct, policies, used: NOTHING_USED, now: NOW },
      engine,
    );

  test('is what is granted: a release is read by legs between others, and by no other', () => {
    for (const holders of [[PARTIES[0]!], PARTIES.slice(1, 3), ['operator'], []]) {
      const conduct = paused(holders);
      const held = granted(conduct);
      for (const { id, to, purposes } of PLAN.legs) {
        const [purpose = ''] = purposes;
        const operands = { round: DAYS[1]!, purpose };
        const { effect, clause } = ask(conduct, 'read-release', to, id, operands);
        const { effect: wanted, clause: cited } = held.get(id)!;
        expect(effect).toBe(wanted === 'grant' ? 'permit' : 'forbid');
        if (effect === 'forbid') expect(clause).toBe(cited);
      }
    }
  });

  test('lets nothing be published or handed in, whoever has it stand still', () => {
    const waiting = releaseOf(PLAN, PLAN.legs[0]!.id, '2026-05-01', { state: 'prepared' });
    const rounds = [roundOf(PLAN, '2026-05-01', { state: 'open', legs: [waiting.leg] })];
    const conduct = { ...paused([PARTIES[4]!]), rounds, releases: [waiting] };
    const { from, id, dataset } = PLAN.legs[0]!;
    const publish = [from, id, { round: '2026-05-01' }] as const;
    expect(ask({ ...conduct, state: 'active' }, 'publish-release', ...publish)).toMatchObject({ effect: 'permit' });
    const by = { effect: 'forbid', reason: 'suspended', clause: `parties.${PARTIES[4]}` };
    expect(ask(conduct, 'publish-release', ...publish)).toMatchObject(by);
    expect(ask(conduct, 'request-upload', from, dataset)).toMatchObject(by);
  });
});
