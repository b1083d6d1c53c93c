import type { CoveredHour } from '../attribution/measure-coverage';
import type { CoverageRun } from './audit-report';

const HOUR_MS = 60 * 60 * 1000;

/** Joins neighbouring hours of the same trail, region and state. @param hours in order of time within each trail and region */
export function joinCoverage(hours: readonly CoveredHour[]): readonly CoverageRun[] {
  const runs: CoverageRun[] = [];
  for (const { trail, account, region, hour, state } of hours) {
    const last = runs.at(-1);
    const continues =
      last !== undefined &&
      last.trail === trail &&
      last.account === account &&
      last.region === region &&
      last.state === state &&
      Date.parse(last.from) + last.hours * HOUR_MS === Date.parse(hour);
    if (continues) runs[runs.length - 1] = { ...last, hours: last.hours + 1 };
    else runs.push({ trail, account, region, from: hour, hours: 1, state });
  }
  return runs;
}

/** End of a run, not included: UTC, ISO 8601. */
export function endOfRun({ from, hours }: CoverageRun): string {
  return new Date(Date.parse(from) + hours * HOUR_MS).toISOString().replace('.000Z', 'Z');
}
