import type { LegReport, RoomReport } from '../domain/exchange/room-report';
import { formatCount } from '../domain/format';
import { type Cast, type CastMember, findMember, showBadge } from './cast';
import { formatPlural } from './format';
import { html, type Markup } from './html';
import { drawAt, drawPlot, percent } from './plot';
import { GATE_TITLES } from './words';

/** Parties as columns, legs as arrows between them, one below the other: no two labels can meet, whatever the number. */
export function drawFlow(report: RoomReport, cast: Cast): Markup {
  const most = Math.max(1, ...report.legs.map(({ rows }) => rows?.released ?? 0));
  const crowded = cast.size > 4 ? ' crowded' : '';
  return html`<div class="flow${crowded}" style="--parties:${cast.size}">
<ul class="flow-parties">${report.parties.map(({ id, name, jurisdiction }) => html`<li>${showBadge(findMember(cast, id))}<span class="flow-party"><bdi>${name}</bdi><span class="note">${jurisdiction}</span></span></li>`)}</ul>
<ol class="flow-legs">${report.legs.map((leg, at) => html`<li>${drawLeg(report, cast, leg, at, most)}</li>`)}</ol>
</div>`;
}

const HEIGHT = 62;
const ARROW_Y = 31;
const HEAD = 13;

function drawLeg(report: RoomReport, cast: Cast, leg: LegReport, at: number, most: number): Markup {
  const { dataset } = leg.terms;
  const from = findMember(cast, leg.terms.from);
  const to = findMember(cast, leg.terms.to);
  const outcome = describeFlow(report, leg);
  const x1 = (from.at + 0.5) / cast.size;
  const x2 = (to.at + 0.5) / cast.size;
  const width = Math.round(2 + 4 * Math.sqrt((leg.rows?.released ?? 0) / most));
  const label = placeLabel(x1, x2);
  const text = { id: `flow-${at + 1}`, title: `${from.name} → ${to.name}`, text: `${dataset}: ${outcome}.` };
  return drawPlot(
    text,
    HEIGHT,
    html`${[...cast.values()].map((member) => drawLane(member, cast.size))}${drawArrow(x1, x2, width, from.hue, flowState(report, leg))}
<text class="flow-what" x="${percent(label.x)}" y="17" dx="${label.dx}" text-anchor="${label.anchor}">${dataset}</text>
<text class="flow-rows" x="${percent(label.x)}" y="53" dx="${label.dx}" text-anchor="${label.anchor}">${outcome}</text>`,
  );
}

function drawLane({ at, hue }: CastMember, parties: number): Markup {
  const x = percent((at + 0.5) / parties);
  return html`<line class="lane ${hue}" x1="${x}" x2="${x}" y1="0" y2="${HEIGHT}"/>`;
}

type FlowState = 'flowed' | 'held' | 'stopped';

function flowState({ kind }: RoomReport, leg: LegReport): FlowState {
  if (kind === 'delivered') return 'flowed';
  return leg.state === 'failed' ? 'stopped' : 'held';
}

function describeFlow(report: RoomReport, leg: LegReport): string {
  const released = leg.rows?.released ?? 0;
  switch (flowState(report, leg)) {
    case 'flowed':
      return formatPlural(released, 'row');
    case 'held':
      return leg.certificate === undefined ? 'not judged' : `${formatCount(released)} rows held back`;
    case 'stopped': {
      const failed = leg.gates.find(({ state }) => state === 'failed');
      return `stopped: ${failed === undefined ? 'failed' : GATE_TITLES[failed.gate].toLowerCase()}`;
    }
  }
}

function drawArrow(x1: number, x2: number, width: number, hue: string, state: FlowState): Markup {
  const ahead = x2 > x1 ? 1 : -1;
  const middle = (x1 + x2) / 2;
  const half = 5 + (state === 'flowed' ? width : 2) / 2;
  return html`<g class="arrow ${hue} ${state}">
${state === 'flowed' ? drawShaft(x1, middle, x2, width, ahead) : drawLine(x1, x2, 2)}
<circle cx="${percent(x1)}" cy="${ARROW_Y}" r="5"/>
${drawAt(x2, ARROW_Y, html`<path d="M${-ahead * 2} 0L${-ahead * (HEAD + 2)} ${half}V${-half}Z"/>`)}
${state === 'stopped' ? drawAt(middle, ARROW_Y, html`<circle class="stop" r="9"/><path class="stop-mark" d="M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5"/>`) : undefined}</g>`;
}

/** Two overlapping lines, the second moved back by the head's length: a thick line must not show beside the tip. */
function drawShaft(x1: number, middle: number, x2: number, width: number, ahead: number): Markup {
  return html`${drawLine(x1, middle, width)}<g transform="translate(${-ahead * HEAD} 0)">${drawLine(middle, x2, width)}</g>`;
}

function drawLine(x1: number, x2: number, width: number): Markup {
  return html`<line x1="${percent(x1)}" x2="${percent(x2)}" y1="${ARROW_Y}" y2="${ARROW_Y}" stroke-width="${width}"/>`;
}

/** Centred on the arrow, but where the arrow is near an edge: there the text grows inwards. */
function placeLabel(x1: number, x2: number): { readonly x: number; readonly dx: number; readonly anchor: string } {
  const middle = (x1 + x2) / 2;
  if (middle < 0.3) return { x: Math.min(x1, x2), dx: 8, anchor: 'start' };
  if (middle > 0.7) return { x: Math.max(x1, x2), dx: -8, anchor: 'end' };
  return { x: middle, dx: 0, anchor: 'middle' };
}
