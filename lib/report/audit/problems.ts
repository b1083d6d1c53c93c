import { formatCount } from '../../domain/format';
import { formatInstant } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

const MOST_PROBLEMS = 50;

/** What parties have reported in the period, in their words: nobody has judged it. */
export function tabulateProblems({ report, cast, datasetOf }: AuditPage): Markup {
  const { problems } = report;
  if (problems.length === 0)
    return html`<p class="soft">No problem that a party reported in this period is on the record that was given to this report.</p>`;
  const shown = problems.slice(0, MOST_PROBLEMS);
  return html`<table class="rows problems" role="table"><caption class="hidden">Problems that parties reported</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time (UTC)</th><th role="columnheader" scope="col">Party</th><th role="columnheader" scope="col">About</th><th role="columnheader" scope="col">In its words</th></tr></thead>
<tbody role="rowgroup">${shown.map(({ at, agreement, party, leg, text }) => {
    const dataset = leg === undefined ? undefined : datasetOf(leg);
    return html`<tr role="row"><td role="cell" class="when">${formatInstant(at)}</td><td role="cell">${showAnyParty(cast, party)}</td>
<td role="cell"><bdi>${agreement}</bdi>${leg === undefined ? undefined : html`<span class="note"><bdi>${dataset ?? leg}</bdi>${dataset === undefined ? undefined : html`, leg <bdi>${leg}</bdi>`}</span>`}</td>
<td role="cell" class="words"><bdi>${text}</bdi></td></tr>`;
  })}</tbody></table>
${problems.length > shown.length ? html`<p class="soft">The first ${formatCount(shown.length)} of ${formatCount(problems.length)}; all are in <code>problems.csv</code>.</p>` : undefined}`;
}
