import { formatCount } from '../../domain/format';
import { findMember, showBadge } from '../cast';
import { formatCompact } from '../format';
import { html, type Markup } from '../html';
import { drawPlot, percent } from '../plot';
import type { AuditPage } from './audit-page';

const ROW = 58;
const CELL_Y = 22;
const CELL = 30;

interface Cell {
  readonly accesses: number;
  readonly breaches: number;
}

/** Who reached which dataset, how often: parties across, datasets down. */
export function drawHeatmap(page: AuditPage): Markup {
  const { report, cast } = page;
  const cells = sumCells(page);
  const strangers = [...cells.keys()].some((key) => key.startsWith('\n'));
  const columns = [...cast.keys(), ...(strangers ? [''] : [])];
  const datasets = [...new Set(report.agreements.flatMap(({ legs }) => legs.map(({ dataset }) => dataset)))];
  const others = [...cells.keys()].some((key) => key.endsWith('\n'));
  const rows = [...datasets, ...(others ? [''] : [])];
  const most = Math.max(1, ...[...cells.values()].map(({ accesses }) => accesses));
  const name = (party: string) => (party === '' ? 'not attributed' : findMember(cast, party).name);
  const text = rows
    .flatMap((dataset) =>
      columns.flatMap((party) => {
        const cell = cells.get(keyOf(party, dataset));
        return cell === undefined ? [] : [`${name(party)}, ${dataset || 'no dataset told'}: ${describeCell(cell)}`];
      }),
    )
    .join('; ');
  return html`<div class="heat" style="--columns:${columns.length}"><ul class="heat-parties">${columns.map((party) =>
    party === ''
      ? html`<li><span class="badge stranger" aria-hidden="true">?</span><span class="heat-name">not attributed</span></li>`
      : html`<li>${showBadge(findMember(cast, party))}<span class="heat-name"><bdi>${name(party)}</bdi></span></li>`,
  )}</ul>
${drawPlot(
  { id: 'heatmap', title: 'Accesses by party and dataset', text: `${text || 'No access'}.` },
  rows.length * ROW,
  html`${rows.map(
    (
      dataset,
      row,
    ) => html`<text class="strong" x="0" y="${row * ROW + 15}">${dataset || 'no dataset, or not told which'}</text>
${columns.map((party, column) => drawCell(cells.get(keyOf(party, dataset)), column / columns.length, 1 / columns.length, row * ROW + CELL_Y, most, party === '' ? 'stranger' : findMember(cast, party).hue))}`,
  )}`,
)}</div>
<figcaption>The darker, the more. A red number counts breaches; those by the room’s own people are not attributed.</figcaption>`;
}

function describeCell({ accesses, breaches }: Cell): string {
  return `${formatCount(accesses)}${breaches === 0 ? '' : `, breaches: ${formatCount(breaches)}`}`;
}

function drawCell(cell: Cell | undefined, x: number, width: number, y: number, most: number, hue: string): Markup {
  const inner = width * 0.96;
  const box = html`x="${percent(x)}" y="${y}" width="${percent(inner)}" height="${CELL}" rx="4"`;
  if (cell === undefined) return html`<rect class="cell none" ${box}/>`;
  const strength = 0.1 + 0.32 * Math.sqrt(cell.accesses / most);
  const text = y + CELL / 2 + 5;
  const middle = percent(x + inner / 2);
  return html`<rect class="cell" ${box}/><rect class="cell ${hue} filled" fill-opacity="${strength.toFixed(2)}" ${box}/>
<text x="${middle}" y="${text}" text-anchor="middle">${formatCompact(cell.accesses)}${cell.breaches === 0 ? undefined : html`<tspan class="breaches" dx="4">▲${formatCompact(cell.breaches)}</tspan>`}</text>`;
}

function keyOf(party: string, dataset: string): string {
  return `${party}\n${dataset}`;
}

function sumCells({ report, datasetOf }: AuditPage): ReadonlyMap<string, Cell> {
  const cells = new Map<string, { accesses: number; breaches: number }>();
  const cellOf = (party: string | undefined, dataset: string | undefined) => {
    const key = keyOf(party ?? '', dataset ?? '');
    const cell = cells.get(key) ?? { accesses: 0, breaches: 0 };
    cells.set(key, cell);
    return cell;
  };
  for (const { party, dataset, accesses } of report.accesses.byHour) cellOf(party, dataset).accesses += accesses;
  for (const { kind, severity, party, leg } of report.exceptions.listed) {
    if (severity !== 'breach' || kind === 'record-changed') continue;
    // It looks like the party's, and is counted as nobody's.
    const by = kind === 'operator-as-party' ? undefined : party;
    cellOf(by, leg === undefined ? undefined : datasetOf(leg)).breaches += 1;
  }
  return cells;
}
