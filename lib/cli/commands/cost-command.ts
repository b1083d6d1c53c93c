import { type Command, InvalidArgumentError } from 'commander';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { planForSide } from '../../domain/agreement/plan/plan-for-side';
import { formatFinding } from '../../domain/agreement/yaml/finding';
import { type CostEstimate, estimateCost, type ResourceCounts, totalCost } from '../../domain/room/estimate-cost';
import { PRICES, type Price } from '../../domain/room/prices';
import { sideOf } from '../../domain/room/side-of';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { loadRoom } from '../read/load-room';
import { type SynthesizedStack, synthesizeRoom } from '../synthesize-room';

interface CostOptions {
  readonly room: string;
  readonly gb: number;
}

export function addCostCommand(program: Command, terminal: Terminal): void {
  program
    .command('cost')
    .description('estimate what the room costs per month: idle, per delivery and per GB')
    .option('--room <file>', "the room's file", 'room.yaml')
    .option('--gb <number>', 'GB of each delivery', readGb, 1)
    .addHelpText('after', '\nExample:\n  barter cost --gb 20')
    .action(({ room: file, gb }: CostOptions) => {
      const loaded = loadRoom(file);
      if (loaded.kind === 'invalid') throw new InvalidInput(loaded.findings.map(formatFinding).join('\n'));
      const { room, agreements } = loaded;
      const plans = agreements.map(planAgreement);
      const sides = plans.map((plan) => planForSide(plan, sideOf(room)));
      terminal.progress('Counting what would be deployed …');
      const estimate = estimateCost(room, sides, countResources(synthesizeRoom(loaded)));
      for (const line of formatCost(estimate, gb, plans.length)) terminal.out(line);
    });
}

function readGb(text: string): number {
  const gb = Number(text);
  if (text.trim() !== '' && Number.isFinite(gb) && gb >= 0) return gb;
  throw new InvalidArgumentError('Write a number of GB, e.g. 0.5.');
}

function countResources(stacks: readonly SynthesizedStack[]): ResourceCounts {
  const counts: Record<string, number> = {};
  for (const { template } of stacks)
    for (const { Type } of Object.values(template.Resources)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}

function formatCost(estimate: CostEstimate, gb: number, agreements: number): readonly string[] {
  const { lines, deliveries, assumptions } = estimate;
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(18)}${cells.map((cell) => cell.padStart(14)).join('')}`;
  const sum = (pick: (line: CostEstimate['lines'][number]) => number) =>
    lines.reduce((total, line) => total + pick(line), 0);
  const each = (dollars: number) => (dollars === 0 ? '–' : dollars < 0.0001 ? '< $0.0001' : `$${dollars.toFixed(4)}`);
  const month = (dollars: number) => (dollars === 0 ? '–' : `$${dollars.toFixed(2)}`);
  const body = lines.map(({ service, idle, perDelivery, perGb }) =>
    row(service, [month(idle), each(perDelivery), each(perGb)]),
  );
  const totals = [
    month(sum(({ idle }) => idle)),
    each(sum((line) => line.perDelivery)),
    each(sum((line) => line.perGb)),
  ];
  const served = `${agreements} ${agreements === 1 ? 'agreement' : 'agreements'}, ${deliveries.toFixed(1)} deliveries`;
  return [
    'An estimate, not a quote: list prices and the assumptions below. The bill is what AWS says.',
    '',
    row('US dollars', ['idle, a month', 'per delivery', 'per GB']),
    ...body,
    row('Together', totals),
    '',
    `A month of ${served} of ${gb} GB each: about ${month(totalCost(estimate, gb))}.`,
    '',
    'Assumed:',
    ...assumptions.map((assumption) => `- ${assumption}`),
    '',
    'Prices:',
    ...Object.values(PRICES).map((price) => `- ${formatPrice(price)}`),
  ];
}

function formatPrice({ dollars, per, source }: Price): string {
  const amount = dollars.toFixed(10).replace(/\.?0+$/, '');
  return `$${amount} per ${per}: ${describeSource(source)}`;
}

function describeSource(source: Price['source']): string {
  switch (source.kind) {
    case 'aws':
      return source.page;
    case 'elsewhere':
      return `not read at AWS, but at ${source.page} (${source.dated})`;
    case 'unverified':
      return 'NOT VERIFIED: look it up before you rely on it';
  }
}
