import type { BreachRecord } from './conduct-records';

/** The name of what was found, without which time it was. */
export function nameOnce(report: string): string {
  return report.replace(/:again-\d+$/, '');
}

/** The name of the same found for the first, second, … time: each time the one before had been answered. */
export function nameAgain(base: string, time: number): string {
  return time === 1 ? base : `${base}:again-${time}`;
}

/** Which time a name is of. */
export function timeOf(report: string): number {
  return Number(/:again-(\d+)$/.exec(report)?.[1] ?? 1);
}

/** Whether a person overruled it, or it is over: nothing that comes later belongs to it. */
export function isAnswered({ overruled, resolvedAt }: Pick<BreachRecord, 'overruled' | 'resolvedAt'>): boolean {
  return overruled !== undefined || resolvedAt !== undefined;
}
