import { formatShare } from '../domain/format';
import type { Certificate, RiskMeasures } from '../domain/privacy/certificate/certificate';
import { formatOdds } from './format';
import { html, type Markup } from './html';
import { drawAt, drawPlot, percent } from './plot';

const MEASURES: readonly { readonly key: keyof RiskMeasures; readonly name: string; readonly meaning: string }[] = [
  {
    key: 'prosecutor',
    name: 'Prosecutor',
    meaning: 'Somebody looks for one person and knows that the person is in the data: the worst chance of a hit.',
  },
  {
    key: 'journalist',
    name: 'Journalist',
    meaning: 'Somebody looks for any one person, without knowing who is in the data.',
  },
  { key: 'marketer', name: 'Marketer', meaning: 'Somebody tries everybody: the share of hits to expect.' },
  { key: 'unique', name: 'Unique', meaning: 'Share that stands alone, in a class of one.' },
];

type Risk = NonNullable<Certificate['risk']>;

/** Left end of the logarithmic scale; a smaller risk is drawn there. */
const SMALLEST = 1e-5;
const TICKS = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
const ROW = 40;

/** Re-identification risk of the untreated and the released rows, on one scale. */
export function drawRisk(id: string, { before, after }: Risk): Markup {
  const text = MEASURES.map(
    ({ key, name }) => `${name} from ${formatShare(before[key])} to ${formatShare(after[key])}`,
  ).join(', ');
  const axis = MEASURES.length * ROW;
  return html`<figure>${drawPlot(
    { id: `${id}-risk`, title: 'Risk before and after treatment', text: `${text}.` },
    axis + 20,
    html`${[0, ...TICKS].map(
      (
        risk,
      ) => html`<line class="grid" x1="${percent(placeRisk(risk))}" x2="${percent(placeRisk(risk))}" y1="0" y2="${axis}"/>
<text class="tick" x="${percent(placeRisk(risk))}" y="${axis + 15}" text-anchor="middle">${risk === 0 ? '0' : formatShare(risk).replace(' ', '')}</text>`,
    )}
${MEASURES.map(({ key, name }, at) => drawMeasure(name, before[key], after[key], at * ROW))}`,
  )}<figcaption><span class="key before">before treatment</span> <span class="key after">as released</span> Each step of the scale is ten times the one before.</figcaption></figure>`;
}

export function tabulateRisk({ before, after }: Risk): Markup {
  return html`<table class="figures"><caption>Risk that a row is tied to its person</caption>
<thead><tr><th scope="col">Who tries</th><th scope="col" class="n">Before</th><th scope="col" class="n">After</th></tr></thead>
<tbody>${MEASURES.map(
    ({ key, name, meaning }) =>
      html`<tr><th scope="row">${name}<span class="note">${meaning}</span></th><td class="n">${formatShare(before[key])}</td><td class="n"><strong>${formatShare(after[key])}</strong>${after[key] > 0 && after[key] < 1 ? html`<span class="note">${formatOdds(after[key])}</span>` : undefined}</td></tr>`,
  )}</tbody></table>`;
}

function drawMeasure(name: string, before: number, after: number, y: number): Markup {
  const [x1, x2] = [placeRisk(before), placeRisk(after)];
  return html`<text class="risk-name" x="0" y="${y + 13}">${name}</text>
<line class="risk-change" x1="${percent(x1)}" x2="${percent(x2)}" y1="${y + 27}" y2="${y + 27}"/>
${drawAt(x1, y + 27, html`<circle class="risk-before" r="5.5"/>`)}${drawAt(x2, y + 27, html`<circle class="risk-after" r="5.5"/>`)}`;
}

/** Nothing at the left edge, then five powers of ten up to certainty at the right. */
function placeRisk(risk: number): number {
  if (risk <= 0) return 0.02;
  const decades = Math.log10(Math.max(risk, SMALLEST) / SMALLEST) / -Math.log10(SMALLEST);
  return 0.12 + 0.86 * Math.min(1, decades);
}
