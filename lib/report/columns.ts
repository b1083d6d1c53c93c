import type { ColumnReport, LegReport } from '../domain/exchange/report/room-report';
import { html, type Markup } from './html';
import { explainLevel, explainTreatment, nameType, ROLE_NAMES } from './words';

/** What happened to each column, and how far up its ladder a generalised one had to go. */
export function tabulateColumns(id: string, { columns, dataset, certificate }: LegReport): Markup {
  const released = columns.filter((column) => column.released).length;
  return html`<table class="columns"><caption>${columns.length} columns received, ${released} ${certificate ? 'released' : 'to be released'}</caption>
<thead><tr><th scope="col">Column</th><th scope="col">What ${certificate ? 'was' : 'would be'} done to it</th><th scope="col">${certificate ? 'Released' : 'To release'}</th></tr></thead>
<tbody>${columns.map(
    (
      column,
      at,
    ) => html`<tr><th scope="row"><code><bdi>${column.name}</bdi></code><span class="note">${nameType(column.type)} · ${ROLE_NAMES[column.role]}</span></th>
<td>${explainTreatment(column, dataset.subject)}${drawLadder(`${id}-ladder-${at + 1}`, column)}</td>
<td>${column.released ? html`<span class="good">✓ yes</span>` : html`<span class="soft">– no</span>`}</td></tr>`,
  )}</tbody></table>`;
}

const RUNG = 16;

/** Steps from precise to general; those climbed are filled. */
function drawLadder(id: string, { ladder, treatment }: ColumnReport): Markup | undefined {
  if (ladder === undefined || treatment.kind !== 'generalise') return undefined;
  const { level, top, generalisation } = ladder;
  const words = `level ${level} of ${top}`;
  const rungs = Array.from({ length: top + 1 }, (_, at) => at);
  const height = (at: number): number => 4 + (10 * at) / Math.max(1, top);
  return html`<span class="ladder"><svg role="img" aria-labelledby="${id}" width="${rungs.length * RUNG - 2}" height="14"><title id="${id}">${words}</title>${rungs.map(
    (at) =>
      html`<rect class="${at === level ? 'rung chosen' : at < level ? 'rung climbed' : 'rung'}" x="${at * RUNG}" y="${(14 - height(at)).toFixed(1)}" width="${RUNG - 2}" height="${height(at).toFixed(1)}" rx="1.5"/>`,
  )}</svg> <span class="note">${words}: ${explainLevel(generalisation, level, top)}</span></span>`;
}
