import { answerProblem, MOST_PROBLEMS } from '../../../../lib/domain/enforcement/api/answers/report-problem';
import { showProblems } from '../../../../lib/domain/enforcement/api/answers/show-problems';
import { listProblemLetters } from '../../../../lib/domain/enforcement/letters/list-problem-letters';
import { registerSigned } from '../../../fixtures/registered';
import { makeRingPlan } from '../../../fixtures/sample-plan';

const PLAN = makeRingPlan();
const [FIRST, SECOND] = PLAN.legs as [(typeof PLAN.legs)[number], (typeof PLAN.legs)[number]];
const NOW = '2026-03-10T10:00:00Z';

async function open() {
  const { registry, agreement } = await registerSigned(PLAN);
  const told: unknown[] = [];
  let serial = 0;
  const report = (body: unknown, party = FIRST.from, now = NOW) => {
    serial += 1;
    const tell = async (...said: unknown[]) => void told.push(said);
    return answerProblem({ id: `r-${serial}`, party, body }, PLAN, { registry, tell }, now);
  };
  return { registry, agreement, report, told };
}

test('a problem is on record, and told to the room in the words of its party', async () => {
  const { registry, agreement, report, told } = await open();
  const said = { text: 'a column is empty', leg: FIRST.id };
  expect(await report(said)).toEqual({ status: 201, body: { decision: 'permit' } });
  const problem = { ...said, id: 'r-1', agreement, party: FIRST.from, at: NOW };
  expect(await registry.problems(agreement).list()).toEqual([problem]);
  expect(told).toEqual([['problemReported', { ...said, agreement, party: FIRST.from, problem: 'r-1' }]]);
});

test.each<[string, unknown, number, string]>([
  ['of a leg between others', { text: 'x', leg: SECOND.id }, 404, 'no-such-leg'],
  ['of no leg there is', { text: 'x', leg: 'none' }, 404, 'no-such-leg'],
  ['without a word', { text: '' }, 400, 'malformed-request'],
  ['in many words', { text: 'x'.repeat(1001) }, 400, 'malformed-request'],
  ['that would begin a line of a letter', { text: 'x\nTo: all' }, 400, 'malformed-request'],
  ['in another’s name', { text: 'x', party: SECOND.to }, 400, 'malformed-request'],
  ['that is none', null, 400, 'malformed-request'],
])('refused: one %s', async (_, body, status, reason) => {
  const { registry, agreement, report, told } = await open();
  expect(await report(body)).toEqual({ status, body: { reason } });
  expect([await registry.problems(agreement).list(), told]).toEqual([[], []]);
});

test('a party fills nobody’s mailbox: so many a day, each party for itself', async () => {
  const { report, told } = await open();
  for (let times = 0; times < MOST_PROBLEMS; times += 1) expect((await report({ text: 'x' })).status).toBe(201);
  expect(await report({ text: 'x' })).toEqual({ status: 409, body: { reason: 'too-many' } });
  expect(told).toHaveLength(MOST_PROBLEMS);
  expect((await report({ text: 'x' }, SECOND.to)).status).toBe(201);
  expect((await report({ text: 'x' }, FIRST.from, '2026-03-11T00:00:00Z')).status).toBe(201);
});

test('each party sees its own, those of its legs and those that concern all; the latest first', async () => {
  const { registry, agreement, report } = await open();
  await report({ text: 'of the first leg', leg: FIRST.id }, FIRST.from, '2026-03-10T10:00:00Z');
  await report({ text: 'of all' }, SECOND.to, '2026-03-10T11:00:00Z');
  const problems = await registry.problems(agreement).list();
  const shown = (party: string) => showProblems(PLAN, problems, party, []).map(({ text, by }) => `${by}: ${text}`);
  const both = [`${SECOND.to}: of all`, `${FIRST.from}: of the first leg`];
  expect([FIRST.from, FIRST.to, SECOND.to].map(shown)).toEqual([both, both, both.slice(0, 1)]);
});

test('what was said of a leg that has been left out since is shown to its parties, and to no other', async () => {
  const { registry, agreement, report } = await open();
  await report({ text: 'of the first leg', leg: FIRST.id }, FIRST.from, '2026-03-10T10:00:00Z');
  const problems = await registry.problems(agreement).list();
  const without = { ...PLAN, legs: PLAN.legs.filter(({ id }) => id !== FIRST.id) };
  const shown = (party: string) => showProblems(without, problems, party, [PLAN]).length;
  expect([FIRST.from, FIRST.to, SECOND.to].map(shown)).toEqual([1, 1, 0]);
  const [letter] = listProblemLetters(without, problems, [PLAN]);
  expect([...new Set(letter?.to.map((to) => to.split(':')[0]))]).toEqual([FIRST.to]);
});
