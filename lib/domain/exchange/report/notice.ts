import type { Plan } from '../../agreement/plan/plan';
import type { GateResult, LegOutcome, RoundOutcome } from '../rounds/round';

/** What one party is told of a round: the gates of every leg, but the details of its own deliveries only. */
export function writeNotice(plan: Plan, outcome: RoundOutcome, party: string): string {
  const { id, version } = plan.agreement;
  const failed = outcome.legs.filter((leg) => leg.gates.some((gate) => !gate.passed));
  const verdict =
    outcome.kind === 'delivered'
      ? 'Delivered: every leg of this round is certified.'
      : `Withheld: ${failed.length} of ${plan.legs.length} legs did not pass. Nothing was delivered to anybody.`;
  const legs = outcome.legs.map((leg) => describeLeg(leg, party));
  return [`# Notice to ${party}: agreement ${id}, version ${version}`, verdict, ...legs].join('\n\n').concat('\n');
}

function describeLeg(outcome: LegOutcome, party: string): string {
  const { from, to, dataset } = outcome.leg;
  const gates = outcome.gates.map((gate) => describeGate(gate, party === from));
  return [`## ${from} gives ${to}: ${dataset}`, ...gates].join('\n\n');
}

function describeGate(gate: GateResult, ownDelivery: boolean): string {
  const lines = [`- ${gate.passed ? 'passed' : 'FAILED'}: ${gate.gate}. ${gate.finding}`];
  if (gate.remedy && !gate.passed) lines.push(`  To do: ${gate.remedy}`);
  if (gate.detail && ownDelivery) lines.push(`  For your eyes only: ${gate.detail}`);
  return lines.join('\n');
}
