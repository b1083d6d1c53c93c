import { formatCount } from '../../domain/format';
import { formatPlural } from '../format';
import { html, type Markup } from '../html';
import { drawAt, drawPlot, percent } from '../plot';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';
import { describeBin, drawTimeTicks, layTimeAxis, placeTime, type TimeAxis } from './time-axis';

const TOP = 34;
const BARS = 150;
const HEIGHT = TOP + BARS + 22;

interface Series {
  readonly party: string | undefined;
  readonly hue: string;
  readonly bins: readonly number[];
  readonly total: number;
}

/** Accesses over time, stacked by party, and above them when something did not add up. */
export function drawTimeline(page: AuditPage): Markup {
  const { accesses, header, exceptions } = page.report;
  const axis = layTimeAxis(header.period);
  const series = listSeries(page, axis);
  const sums = Array.from({ length: axis.bins }, (_, at) => series.reduce((sum, { bins }) => sum + (bins[at] ?? 0), 0));
  const most = Math.max(1, ...sums);
  const outside = accesses.total - accesses.internal;
  const text = `${formatCount(outside)} accesses, at most ${formatCount(most)} in ${describeBin(axis)}. ${series.map(({ party, total }) => `${party ?? 'not attributed'}: ${formatCount(total)}`).join(', ')}.`;
  return html`<ul class="legend">${series.map(({ party, total }) => html`<li>${showAnyParty(page.cast, party)} <span class="soft">${formatCount(total)}</span></li>`)}</ul>
${drawPlot(
  { id: 'timeline', title: 'Accesses over time, by party', text },
  HEIGHT,
  html`<text class="tick" x="0" y="11">${formatCount(most)} per ${describeBin(axis)}</text><line class="axis" x1="0" x2="100%" y1="${TOP}" y2="${TOP}"/>
${drawTimeTicks(axis, TOP, HEIGHT - 6)}
${drawBars(series, axis, most)}<line class="baseline" x1="0" x2="100%" y1="${TOP + BARS}" y2="${TOP + BARS}"/>
${exceptions.listed.map(({ at, severity }) => drawMark(placeTime(axis, at), severity))}`,
)}
<figcaption>Bars: accesses per ${describeBin(axis)}, refused attempts included. Marks above: <span class="mark-key breach">▲ breach</span>, <span class="mark-key gap">● gap</span>, <span class="mark-key notice">– notice</span>${exceptions.beyond > 0 ? ` (the first ${formatPlural(exceptions.listed.length, 'exception')})` : ''}.</figcaption>`;
}

function listSeries({ report, cast }: AuditPage, axis: TimeAxis): readonly Series[] {
  const byParty = new Map<string | undefined, number[]>();
  for (const { hour, party, accesses } of report.accesses.byHour) {
    const bin = Math.floor((Date.parse(hour) - axis.from) / axis.bin);
    if (bin < 0 || bin >= axis.bins) continue;
    const bins = byParty.get(party) ?? Array.from({ length: axis.bins }, () => 0);
    bins[bin] = (bins[bin] ?? 0) + accesses;
    byParty.set(party, bins);
  }
  const order = [...cast.keys(), undefined];
  return order.flatMap((party) => {
    const bins = byParty.get(party);
    if (bins === undefined) return [];
    const hue = party === undefined ? 'stranger' : (cast.get(party)?.hue ?? '');
    return [{ party, hue, bins, total: bins.reduce((sum, count) => sum + count, 0) }];
  });
}

/** A stack is at least a pixel high for each party in it: one access among many is still one. */
function drawBars(series: readonly Series[], { bins }: TimeAxis, most: number): Markup {
  const width = percent(0.86 / bins);
  return html`${Array.from({ length: bins }, (_, at) => {
    let y = TOP + BARS;
    const x = percent((at + 0.07) / bins);
    return series.map(({ hue, bins: counts }) => {
      const count = counts[at] ?? 0;
      if (count === 0) return undefined;
      const height = Math.max(1.5, (BARS * count) / most);
      y -= height;
      return html`<rect class="stack ${hue}" x="${x}" y="${y.toFixed(1)}" width="${width}" height="${height.toFixed(1)}"/>`;
    });
  })}`;
}

function drawMark(x: number, severity: 'breach' | 'gap' | 'notice'): Markup | undefined {
  if (!(x >= 0 && x <= 1)) return undefined;
  const y = TOP - 8;
  switch (severity) {
    case 'breach':
      return drawAt(x, y, html`<path class="mark breach" d="M0 -8L5 2H-5Z"/>`);
    case 'gap':
      return drawAt(x, y, html`<circle class="mark gap" cy="-2.5" r="4"/>`);
    case 'notice':
      return drawAt(x, y, html`<path class="mark notice" d="M-4 -2.5H4"/>`);
  }
}
