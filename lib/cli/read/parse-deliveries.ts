import { existsSync } from 'node:fs';
import type { Plan } from '../../domain/agreement/plan/plan';
import { narrowToLegs } from '../../domain/exchange/handover/narrow-to-legs';
import { InvalidInput } from '../describe/exit-code';

/**
 * Reads `--data DATASET=PATH` of every dataset.
 * @param legs of the round that is delivered for
 * @returns by dataset, the file or folder that its owner delivers
 * @throws InvalidInput naming every dataset that is missing, not wanted, unknown, doubled or without a file.
 */
export function parseDeliveries(
  plan: Plan,
  legs: readonly string[],
  options: readonly string[],
): ReadonlyMap<string, string> {
  const wanted = narrowToLegs(plan, legs).datasets.map(({ id }) => id);
  const deliveries = new Map<string, string>();
  const problems: string[] = [];
  for (const option of options) {
    const delivery = parseDelivery(plan, option);
    if (delivery.kind === 'problem') problems.push(delivery.problem);
    else if (!wanted.includes(delivery.dataset))
      problems.push(`no release of ${delivery.dataset} is due in this round; leave --data ${option} out`);
    else if (deliveries.has(delivery.dataset))
      problems.push(`dataset ${delivery.dataset} is given twice; a folder may hold several files`);
    if (delivery.dataset !== undefined) deliveries.set(delivery.dataset, delivery.path);
  }
  const missing = wanted.filter((dataset) => !deliveries.has(dataset));
  if (missing.length > 0) problems.push(`add ${missing.map((dataset) => `--data ${dataset}=PATH`).join(' ')}`);
  if (problems.length === 0) return deliveries;
  throw new InvalidInput(describe(plan, problems));
}

/**
 * Reads `--data DATASET=PATH` of one dataset.
 * @throws InvalidInput where there is no such dataset, or no such file or folder.
 */
export function parseOneDelivery(plan: Plan, option: string): { readonly dataset: string; readonly path: string } {
  const delivery = parseDelivery(plan, option);
  if (delivery.kind === 'problem') throw new InvalidInput(describe(plan, [delivery.problem]));
  return delivery;
}

type ParsedDelivery =
  | { readonly kind: 'delivery'; readonly dataset: string; readonly path: string }
  /** `dataset`: where it can be told. */
  | { readonly kind: 'problem'; readonly problem: string; readonly dataset?: string; readonly path: string };

function parseDelivery(plan: Plan, option: string): ParsedDelivery {
  const [dataset = '', ...rest] = option.split('=');
  const path = rest.join('=');
  const given = `--data ${option}`;
  if (path === '' || dataset === '')
    return { kind: 'problem', problem: `${given} is not of the form DATASET=PATH`, dataset, path };
  if (plan.datasets.every(({ id }) => id !== dataset))
    return { kind: 'problem', problem: `${given}: the agreement’s legs give no dataset ${dataset}`, path };
  if (!existsSync(path))
    return { kind: 'problem', problem: `${given}: there is no file or folder ${path}`, dataset, path };
  return { kind: 'delivery', dataset, path };
}

function describe({ datasets }: Plan, problems: readonly string[]): string {
  const known = datasets.map(({ id }) => id).join(', ');
  return `${problems.join('\n       ')}\n       The agreement’s datasets: ${known}.`;
}
