import { performance } from 'node:perf_hooks';
import type { Plan } from '../lib/domain/agreement/plan/plan';
import { compilePolicies } from '../lib/domain/enforcement/policies/compile-policies';
import { type DecisionContext, type DecisionRequest, decide } from '../lib/domain/enforcement/policies/decide';
import { openCedarEngine } from '../lib/policy/cedar-engine';
import { conductOf } from '../tests/fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../tests/fixtures/plan';
import { makeCrowdedPlan } from '../tests/fixtures/sample-plan';

const WARM_UP = 1000;
const CALLS = 5000;
const DAY = '2026-03-01';

/**
 * Decisions at a door, beside a baseline in the same process and in turn: the same answer by plain comparisons, which is what
 * a decision costs without policies that can be read, validated and named.
 */
export function benchDecisions(print: (line: string) => void = console.log): void {
  const widths = [24, 10, 10, 10, 10, 12, 12, 10];
  const line = (cells: readonly string[]) => print(cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join(''));
  line(['', 'policies', 'open', 'p50', 'p99', 'per second', 'plain p50', 'plain p99']);
  for (const [name, plan] of [
    ['2 parties, 2 legs', TELCO_RETAIL_PLAN],
    ['10 parties, 30 legs', makeCrowdedPlan(10, 30)],
    ['30 parties, 300 legs', makeCrowdedPlan(30, 300)],
  ] as const) {
    const policies = compilePolicies(plan);
    const start = performance.now();
    const engine = openCedarEngine(policies);
    const opened = performance.now() - start;
    const context: DecisionContext = {
      plan,
      policies,
      conduct: conductOf(plan, [DAY]),
      used: { requests: 0, bytes: 0 },
      now: '2026-03-10T10:00:00Z',
    };
    const requests = plan.legs.flatMap((leg): DecisionRequest[] => [
      ask(leg.to, leg.id, leg.purposes[0] ?? ''),
      ask(leg.to, leg.id, 'Marketing'),
      ask(leg.from, leg.id, leg.purposes[0] ?? ''),
    ]);
    const [policy, plain] = [
      time(requests, (request) => decide(request, context, engine).effect === 'permit'),
      time(requests, (request) => compare(request, plan)),
    ];
    if (policy.permitted !== plain.permitted) throw new Error(`${name}: the baseline decides otherwise.`);
    line([
      name,
      String(policies.length),
      `${opened.toFixed(0)} ms`,
      ...[policy.p50, policy.p99].map((ms) => `${ms.toFixed(3)} ms`),
      (1000 / policy.mean).toFixed(0),
      ...[plain.p50, plain.p99].map((ms) => `${ms.toFixed(4)} ms`),
    ]);
  }
}

function ask(party: string, about: string, purpose: string): DecisionRequest {
  return { id: 'r', operation: 'read-release', party, about, operands: { round: DAY, purpose } };
}

function compare({ party, about, operands }: DecisionRequest, plan: Plan): boolean {
  const leg = plan.legs.find(({ id }) => id === about);
  return leg !== undefined && leg.to === party && leg.purposes.includes(operands.purpose ?? '');
}

function time(requests: readonly DecisionRequest[], act: (request: DecisionRequest) => boolean) {
  const times: number[] = [];
  let permitted = 0;
  for (let call = 0; call < WARM_UP + CALLS; call += 1) {
    const start = performance.now();
    const isPermitted = act(requests[call % requests.length]!);
    const took = performance.now() - start;
    if (call < WARM_UP) continue;
    times.push(took);
    if (isPermitted) permitted += 1;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), mean: times.reduce((sum, each) => sum + each, 0) / times.length, permitted };
}
