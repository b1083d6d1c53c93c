import type { LegReport, RoomReport } from '../domain/exchange/report/room-report';
import { formatCount } from '../domain/format';
import { drawArrow, type FlowState, placeLabel } from './arrow';
import { type Cast, type CastMember, findMember, showBadge } from './cast';
import { formatPlural } from './format';
import { html, type Markup } from './html';
import { drawPlot, percent } from './plot';
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
