import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDecisions } from '../../../lib/cli/check-decisions';
import { InvalidInput } from '../../../lib/cli/describe/exit-code';
import { loadDecisions } from '../../../lib/cli/read/load-decisions';
import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { makeTwoPartyPlan } from '../../fixtures/sample-plan';

const folder = mkdtempSync(join(tmpdir(), 'barter-decisions-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLAN = makeTwoPartyPlan();
const { agreement, legs } = PLAN;
const GIVEN = {
  id: '2026-02-01T00:00:00Z/1',
  effect: 'permit',
  agreement: { id: agreement.id, version: agreement.version },
  party: legs[0]!.to,
  leg: legs[0]!.id,
  clause: '1.1',
  at: '2026-02-01T00:00:00Z',
} as const;

function load(...lines: readonly string[]) {
  const file = join(folder, 'decisions.jsonl');
  writeFileSync(file, lines.join('\n'));
  return loadDecisions(file);
}

test.each([
  ['what is no JSON', '{"id": ', 'it is no object of JSON'],
  ['what is no object', '[1]', 'it is no object of JSON'],
  [
    'a field that is missing',
    JSON.stringify({ ...GIVEN, clause: undefined }),
    '`clause` is missing or not as it must be',
  ],
  [
    'fields that are something else',
    JSON.stringify({ ...GIVEN, at: 'secret', agreement: { id: 'x', version: '1' } }),
    '`agreement.version`, `at` are missing or not as they must be',
  ],
])('a decision is refused with its line and fields, and nothing of what is in them: %s', (_, line, problem) => {
  const told = `decisions.jsonl:2: this is no decision: ${problem.replace('as they', 'as it')}.`;
  expect(() => load(JSON.stringify(GIVEN), line)).toThrow(InvalidInput);
  expect(() => load(JSON.stringify(GIVEN), line)).toThrow(told);
  expect(() => load(line)).not.toThrow('secret');
});

test.each([
  ['a party', { party: `${GIVEN.party}x` }, `the party \`${GIVEN.party}x\`, which ${agreement.id} version`],
  ['a leg', { leg: `${GIVEN.leg}x` }, `Did you mean \`${GIVEN.leg}\`?`],
])('a permit for %s that no agreement has is refused', (_, more, problem) => {
  const tell = jest.fn();
  const decisions = load(JSON.stringify({ ...GIVEN, ...more }));
  expect(() => checkDecisions(decisions, [{ plan: PLAN }], tell)).toThrow(problem);
});

test('decisions of this agreement, of legs left out, and what was forbidden are taken; of others it is told that they permit nothing', () => {
  const told: string[] = [];
  const check = (...decisions: readonly object[]) =>
    checkDecisions(
      load(...decisions.map((each) => JSON.stringify(each))),
      [{ plan: { ...PLAN, legs: legs.slice(1) }, former: legs.slice(0, 1) }],
      (text) => told.push(text),
    );
  check(GIVEN, { ...GIVEN, id: '2', effect: 'forbid', leg: 'nowhere' });
  expect(told).toEqual([]);
  check({ ...GIVEN, agreement: { id: agreement.id, version: 99 } });
  expect(told).toEqual([expect.stringContaining(`${agreement.id} version 99`)]);
});

test('in a party’s own room decisions of what others give are taken, and a slip of the pen is not', () => {
  const [own] = legs;
  const plan = planForSide(PLAN, { kind: 'peer', party: legs[1]!.from });
  expect(plan.legs).not.toContainEqual(own);
  const check = (leg: string) => () =>
    checkDecisions(load(JSON.stringify({ ...GIVEN, leg })), [{ plan }], (text) => {
      throw new Error(text);
    });
  expect(check(own!.id)).not.toThrow();
  expect(check(`${own!.id}x`)).toThrow(`Did you mean \`${own!.id}\`?`);
});
