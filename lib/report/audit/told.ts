import type { ReportedWord } from '../../domain/audit/report/reported-conduct';
import { formatCount } from '../../domain/format';
import { formatInstant, formatTerm } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

const MOST_WORDS = 50;

/** What peers' rooms say of breaches, and that it is no more than that; nothing where none has said anything. */
export function renderTold({ report, cast, datasetOf }: AuditPage): Markup | undefined {
  const { told = [] } = report;
  if (told.length === 0) return undefined;
  const shown = told.slice(0, MOST_WORDS);
  return html`
<div class="card"><h3 id="told">Told by peers’ rooms</h3><p class="soft">Each is the word of the party whose room it is, of what its own logs show. What shows it is in that room’s report.</p><table class="rows" role="table"><caption class="hidden">What peers’ rooms say of breaches</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Heard (UTC)</th><th role="columnheader" scope="col">By</th><th role="columnheader" scope="col">Party</th><th role="columnheader" scope="col">Breach</th><th role="columnheader" scope="col">There</th></tr></thead>
<tbody role="rowgroup">${shown.map((word) => {
    const { heard, until, from, party, kind, agreement, leg, since, measures } = word;
    return html`<tr role="row"><td role="cell" class="when">${formatInstant(heard)}${until === undefined ? undefined : html`<span class="note">until ${formatInstant(until)}</span>`}</td><td role="cell">${showAnyParty(cast, from)}${showFault(word)}</td><td role="cell">${showAnyParty(cast, party)}</td>
<td role="cell"><strong>${formatTerm(kind).replaceAll('-', ' ')}</strong><span class="note"><bdi>${agreement}</bdi>${leg === undefined ? '' : `, ${datasetOf(leg) ?? leg}`}, since ${formatInstant(since)}</span></td>
<td role="cell">${word.state}<span class="note">${measures.join(', ') || 'nothing has followed'}</span></td></tr>`;
  })}</tbody></table>
${told.length > shown.length ? html`<p class="soft">The first ${formatCount(shown.length)} of ${formatCount(told.length)}; all are in <code>told.csv</code>.</p>` : undefined}</div>`;
}

function showFault({ fault }: ReportedWord): Markup | undefined {
  return fault === undefined
    ? undefined
    : html`<span class="pill warn">not proven</span><span class="note">${fault.replaceAll('-', ' ')}</span>`;
}
