import { formatCount } from '../../domain/format';
import { formatInstant } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';

const MOST_DRIFTS = 50;

/** What was granted, taken back or changed past the room, and put back by it. */
export function tabulateDrifts({ report, datasetOf }: AuditPage): Markup {
  const { drifts } = report;
  if (drifts.length === 0)
    return html`<p class="soft">Nothing that was granted was changed by hand in this period, by the record that was given to this report.</p>`;
  const shown = drifts.slice(0, MOST_DRIFTS);
  return html`<table class="rows" role="table"><caption class="hidden">Changes by hand that were put back</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time (UTC)</th><th role="columnheader" scope="col">Change</th><th role="columnheader" scope="col">For</th><th role="columnheader" scope="col">Of</th><th role="columnheader" scope="col">What holds</th></tr></thead>
<tbody role="rowgroup">${shown.map(({ at, agreement, leg, account, did, clause, reason }) => {
    const dataset = datasetOf(leg);
    return html`<tr role="row"><td role="cell" class="when">${formatInstant(at)}</td><td role="cell">${did}</td><td role="cell"><bdi>${account}</bdi></td>
<td role="cell"><bdi>${agreement}</bdi>${leg === 'none' ? undefined : html`<span class="note"><bdi>${dataset ?? leg}</bdi>${dataset === undefined ? undefined : html`, leg <bdi>${leg}</bdi>`}</span>`}</td>
<td role="cell">${reason}<span class="note">${clause}</span></td></tr>`;
  })}</tbody></table>
${drifts.length > shown.length ? html`<p class="soft">The first ${formatCount(shown.length)} of ${formatCount(drifts.length)}; all are in <code>drifts.csv</code>.</p>` : undefined}`;
}
