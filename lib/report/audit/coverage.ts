import type { CoverageRun } from '../../domain/audit/report/audit-report';
import { formatCount } from '../../domain/format';
import { formatPlural } from '../format';
import { html, type Markup } from '../html';
import { drawPlot, percent } from '../plot';
import type { AuditPage } from './audit-page';
import { COVERAGE_STATES, COVERAGE_WORDS } from './audit-words';
import { drawTimeTicks, layTimeAxis, placeTime, type TimeAxis } from './time-axis';

const ROW = 44;
const HOUR = 3_600_000;

/** How high a run is drawn, in pixels: the worse, the lower, so that it does not rest on colour alone. */
const HEIGHTS: Readonly<Record<CoverageRun['state'], number>> = {
  validated: 18,
  quiet: 18,
  'partly-validated': 13,
  logged: 8,
  incomplete: 5,
  silent: 3,
};

/** Which hours of which trail and region are proven. */
export function drawCoverage({ report }: AuditPage): Markup {
  const { coverage, header } = report;
  if (coverage.length === 0) return html`<p class="soft">No trail was named, so nothing can be said of its hours.</p>`;
  const axis = layTimeAxis(header.period);
  const lanes = groupLanes(coverage);
  const text = [...lanes].map(([lane, runs]) => `${lane}: ${describeHours(runs)}`).join('; ');
  const bottom = lanes.size * ROW + 18;
  return html`<ul class="legend">${COVERAGE_STATES.map((state) => html`<li><span class="swatch ${state}" aria-hidden="true"></span>${COVERAGE_WORDS[state]} <span class="soft">${formatPlural(sumHours(coverage, state), 'hour')}</span></li>`)}</ul>
${drawPlot(
  { id: 'coverage-plot', title: 'Hours of each trail and region', text: `${text}.` },
  bottom + 4,
  html`${drawTimeTicks(axis, 0, bottom)}${[...lanes].map(([lane, runs], at) => html`<text class="lane-name" x="0" y="${at * ROW + 14}">${lane}</text>${runs.map((run) => drawRun(axis, run, at * ROW + 20))}`)}`,
)}`;
}

function drawRun(axis: TimeAxis, { from, hours, state }: CoverageRun, top: number): Markup {
  const start = Math.max(0, placeTime(axis, from));
  const end = Math.min(1, placeTime(axis, Date.parse(from) + hours * HOUR));
  const height = HEIGHTS[state];
  return html`<rect class="covered ${state}" x="${percent(start)}" width="${percent(Math.max(0.002, end - start))}" y="${top + 18 - height}" height="${height}"/>`;
}

function groupLanes(coverage: readonly CoverageRun[]): ReadonlyMap<string, readonly CoverageRun[]> {
  const lanes = new Map<string, CoverageRun[]>();
  for (const run of coverage) {
    const lane = `${run.trail} · ${run.region} · ${run.account}`;
    const runs = lanes.get(lane);
    if (runs === undefined) lanes.set(lane, [run]);
    else runs.push(run);
  }
  return lanes;
}

function describeHours(runs: readonly CoverageRun[]): string {
  return COVERAGE_STATES.flatMap((state) => {
    const hours = sumHours(runs, state);
    return hours === 0 ? [] : [`${formatCount(hours)} ${COVERAGE_WORDS[state]}`];
  }).join(', ');
}

function sumHours(runs: readonly CoverageRun[], state: CoverageRun['state']): number {
  return runs.reduce((sum, run) => sum + (run.state === state ? run.hours : 0), 0);
}
