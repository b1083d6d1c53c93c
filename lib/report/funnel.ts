import { formatCount, formatShare } from '../domain/format';
import type { RowCounts } from '../domain/privacy/certificate/certificate';
import { formatPlural } from './format';
import { html, type Markup } from './html';
import { drawPlot, percent } from './plot';

interface Step {
  readonly name: string;
  readonly kind: 'received' | 'lost' | 'waiting' | 'released';
  readonly rows: number;
  /** Rows that remain below this bar: where it starts. */
  readonly start: number;
}

/** From what came in to what goes out, with what was lost on the way. */
export function drawFunnel(id: string, rows: RowCounts): Markup {
  const steps = listSteps(rows);
  const share = (count: number): number => (rows.received === 0 ? 0 : count / rows.received);
  const describe = ({ name, rows: count }: Step): string =>
    `${name} ${formatCount(count)} (${formatShare(share(count))})`;
  return html`${drawPlot(
    { id: `${id}-funnel`, title: 'From received to released rows', text: `${steps.map(describe).join(', ')}.` },
    steps.length * 38,
    html`${steps.map(({ name, kind, rows: count, start }, at) => {
      const y = at * 38;
      return html`<text x="0" y="${y + 14}">${name}</text>
<text class="figure" x="100%" y="${y + 14}" text-anchor="end"><tspan class="strong">${formatCount(count)}</tspan> · ${formatShare(share(count))}</text>
<rect class="track" width="100%" y="${y + 20}" height="10" rx="2"/>
<rect class="bar ${kind}" x="${percent(share(start))}" width="${percent(share(count))}" y="${y + 20}" height="10" rx="2"/>
${count === 0 ? undefined : drawHairline(share(start), y + 20, kind)}`;
    })}`,
  )}${tabulateRejections(rows)}`;
}

/** A few rows in a million are less than a pixel, and yet not none. */
function drawHairline(x: number, y: number, kind: string): Markup {
  const at = Math.min(x, 0.996);
  return html`<line class="hairline ${kind}" x1="${percent(at)}" x2="${percent(at)}" y1="${y}" y2="${y + 10}"/>`;
}

function listSteps({ received, rejected, suppressed, marked = 0, released }: RowCounts): Step[] {
  const waiting = received - rejected - suppressed - marked - released;
  return [
    { name: 'Received', kind: 'received', rows: received, start: 0 },
    { name: 'Rejected by cleaning', kind: 'lost', rows: rejected, start: received - rejected },
    { name: 'Suppressed for privacy', kind: 'lost', rows: suppressed, start: released + waiting + marked },
    ...(marked > 0
      ? [{ name: 'Left out as marks', kind: 'lost' as const, rows: marked, start: released + waiting }]
      : []),
    ...(waiting > 0
      ? [{ name: 'Accepted, not treated', kind: 'waiting' as const, rows: waiting, start: released }]
      : []),
    { name: 'Released', kind: 'released', rows: released, start: 0 },
  ];
}

function tabulateRejections({ rejectedBy, received, rejected }: RowCounts): Markup {
  if (rejectedBy.length === 0) return html`<p class="soft">No row was rejected.</p>`;
  return html`<table class="figures"><caption>Why ${formatPlural(rejected, 'row')} ${rejected === 1 ? 'was' : 'were'} rejected</caption>
<thead><tr><th scope="col">Reason</th><th scope="col" class="n">Rows</th><th scope="col" class="n">Share</th></tr></thead>
<tbody>${rejectedBy.map(
    ({ reason, rows }) =>
      html`<tr><th scope="row"><bdi>${reason}</bdi></th><td class="n">${formatCount(rows)}</td><td class="n">${formatShare(rows / received)}</td></tr>`,
  )}</tbody></table>`;
}
