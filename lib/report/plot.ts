import { html, type Markup } from './html';

interface PlotText {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** The figures in words, for who cannot see the drawing. */
  readonly text: string;
}

/**
 * An SVG as wide as its place and `height` pixels high, without a view box: horizontal positions in it are
 * percentages, so that letters keep their size on a phone and on paper.
 */
export function drawPlot({ id, title, text }: PlotText, height: number, body: Markup): Markup {
  return html`<svg class="plot" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-text" width="100%" height="${height}"><title id="${id}-title">${title}</title><desc id="${id}-text">${text}</desc>${body}</svg>`;
}

/** A horizontal position or length, 0 to 1. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}

/** Pixels drawn at a percentage: a nested SVG moves its content's origin there. */
export function drawAt(x: number, y: number, body: Markup): Markup {
  return html`<svg x="${percent(x)}" y="${y}" overflow="visible">${body}</svg>`;
}
