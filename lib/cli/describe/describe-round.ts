import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../domain/agreement/plan/plan';
import type { GateResult, LegOutcome, RoundOutcome } from '../../domain/exchange/rounds/round';
import { formatCount, formatShare } from '../../domain/format';
import { ROUND_RECORD } from '../../rehearsal/round-folder';
import type { Terminal } from './terminal';

/** The round in a screenful: the verdict, a paragraph per leg, and where to look next. */
export function describeRound(plan: Plan, outcome: RoundOutcome, out: string, colour: Terminal['colour']): string {
  const delivered = outcome.kind === 'delivered';
  const { id, version } = plan.agreement;
  const verdict = delivered
    ? colour.green(colour.bold('Delivered.'))
    : colour.red(colour.bold('Withheld: nothing was delivered to anybody.'));
  const legs = outcome.legs.map((leg) => describeLeg(leg, delivered, out, colour));
  const unfair = outcome.balance.filter((party) => !party.withinTolerance).map(({ party }) => party);
  const balance = outcome.balance.flatMap(({ party, difference }) =>
    difference === undefined
      ? []
      : [`${party} gets ${formatShare(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'} than it gives`],
  );
  return [
    `${verdict} Agreement ${id}, version ${version}.`,
    ...legs,
    ...(balance.length > 0 ? [`In worth: ${balance.join('; ')}.`] : []),
    ...(unfair.length > 0 && delivered
      ? [colour.yellow(`Warning: less than the agreed fairness.tolerance allows for ${unfair.join(', ')}.`)]
      : []),
    `Report: ${join(out, 'room.html')}   for programs: ${join(out, ROUND_RECORD)}   per party: ${join(out, '<party>', 'notice.md')}`,
  ].join('\n\n');
}

function describeLeg(outcome: LegOutcome, delivered: boolean, out: string, colour: Terminal['colour']): string {
  const { leg, rows, certificate, gates } = outcome;
  const lines = [colour.bold(`${leg.from} → ${leg.to}: ${leg.dataset}`)];
  if (rows) {
    const treated = certificate
      ? `, ${formatCount(rows.suppressed)} suppressed, ${formatCount(rows.released)} released`
      : '';
    lines.push(`  ${formatCount(rows.received)} rows received, ${formatCount(rows.rejected)} rejected${treated}`);
  }
  if (certificate?.privacy) {
    const { k, linkedK, countedOn, l, t, loss, levels, kMap, search, classes } = certificate.privacy;
    const measured = [`k ${k} (${countedOn})`];
    if (linkedK !== undefined) measured.push(`linkedK ${linkedK} (followed over several rows)`);
    if (kMap !== undefined) measured.push(`k-map ${kMap}`);
    for (const { column, distinct } of l) measured.push(`l ${distinct} of ${column}`);
    for (const { column, distance } of t) measured.push(`t ${distance.toFixed(3)} of ${column}`);
    lines.push(`  measured: ${measured.join(', ')}, loss ${loss.toFixed(5)}`);
    lines.push(
      search.mode === 'multidimensional'
        ? `  ${formatCount(classes)} regions (multidimensional: the mode of higher risk)`
        : `  levels: ${levels.map(({ column, level, of }) => `${column} ${level}/${of}`).join(', ')}`,
    );
    if (search.endedBy !== undefined)
      lines.push(
        search.mode === 'multidimensional'
          ? '  the search ended early: regions may be larger than they need be'
          : `  the search ended early: proven to be within ${formatShare(search.gap ?? 1)} of the least`,
      );
  }
  for (const gate of gates) if (!gate.passed) lines.push(...describeFailure(gate, leg.from, colour));
  if (gates.every((gate) => gate.passed) && !delivered) lines.push('  passed every gate, and waits for the other legs');
  if (delivered) lines.push(`  → ${join(out, leg.to, 'inbox', leg.dataset)}`);
  // Rows of erased subjects are kept nowhere.
  const quarantine = join(out, leg.from, 'quarantine', `${leg.dataset}.csv`);
  if (rows && rows.rejected > 0 && existsSync(quarantine)) lines.push(`  rejected rows: ${quarantine}`);
  return lines.join('\n');
}

function describeFailure(gate: GateResult, giver: string, colour: Terminal['colour']): readonly string[] {
  const lines = [`  ${colour.red(`gate ${gate.gate} failed:`)} ${gate.finding}`];
  if (gate.remedy) lines.push(`  to do: ${gate.remedy}`);
  if (gate.detail) lines.push(`  for ${giver} only: ${gate.detail}`);
  return lines;
}
