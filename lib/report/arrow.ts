import { html, type Markup } from './html';
import { drawAt, percent } from './plot';

/** How far below the top of its plot an arrow is drawn, in pixels. */
const ARROW_Y = 31;
const HEAD = 13;

export type FlowState = 'flowed' | 'held' | 'stopped';

/** From `x1` to `x2`, each 0 to 1. */
export function drawArrow(x1: number, x2: number, width: number, hue: string, state: FlowState): Markup {
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
export function placeLabel(
  x1: number,
  x2: number,
): { readonly x: number; readonly dx: number; readonly anchor: string } {
  const middle = (x1 + x2) / 2;
  if (middle < 0.3) return { x: Math.min(x1, x2), dx: 8, anchor: 'start' };
  if (middle > 0.7) return { x: Math.max(x1, x2), dx: -8, anchor: 'end' };
  return { x: middle, dx: 0, anchor: 'middle' };
}
