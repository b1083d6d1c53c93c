import type { ReportedRound } from '../../domain/audit/report/reported-conduct';
import type { WorthOfRound } from '../../domain/exchange/fairness/track-worth';
import { formatCount, formatShare } from '../../domain/format';
import { formatDate, formatInstant, formatSignedShare, formatWorth } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';

const MOST_ROUNDS = 100;

const STATES: Readonly<Record<ReportedRound['state'], { readonly label: string; readonly tone: string }>> = {
  open: { label: 'waits in escrow', tone: 'plain' },
  publishing: { label: 'being published', tone: 'plain' },
  published: { label: 'published whole', tone: 'good' },
  withheld: { label: 'withheld whole', tone: 'warn' },
};

/** Round by round: whether everything was handed over at once, or nothing was. */
export function tabulateRounds({ report, datasetOf }: AuditPage): Markup {
  const { rounds } = report;
  if (rounds.length === 0) return html`<p class="soft">No round of this period was given to this report.</p>`;
  const shown = rounds.slice(0, MOST_ROUNDS);
  return html`<table class="rows" role="table"><caption class="hidden">Rounds</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Round</th><th role="columnheader" scope="col">State</th><th role="columnheader" scope="col">Certified releases</th><th role="columnheader" scope="col">Worth</th></tr></thead>
<tbody role="rowgroup">${shown.map(({ day, agreement, state, at, reason, legs, certified, worth }) => {
    const { label, tone } = STATES[state];
    const missing = legs.filter((leg) => !certified.includes(leg));
    return html`<tr role="row"><td role="cell"><strong>${formatDate(day)}</strong><span class="note"><bdi>${agreement.id}</bdi> v${agreement.version}</span></td>
<td role="cell"><span class="pill ${tone}">${label}</span><span class="note">${formatInstant(at)} UTC</span>${reason === undefined ? undefined : html`<span class="note"><bdi>${reason}</bdi></span>`}</td>
<td role="cell" data-label="certified">${formatCount(certified.length)} of ${formatCount(legs.length)}${missing.length === 0 ? undefined : html`<span class="note">missing: <bdi>${missing.map((leg) => datasetOf(leg) ?? leg).join(', ')}</bdi></span>`}</td>
<td role="cell" data-label="worth">${worth.length === 0 ? html`<span class="soft">not on record</span>` : html`${worth.map((each) => showWorth(each, datasetOf(each.leg) ?? each.leg))}`}</td></tr>`;
  })}</tbody></table>
${rounds.length > shown.length ? html`<p class="soft">The first ${formatCount(shown.length)} of ${formatCount(rounds.length)}; all are in <code>rounds.csv</code>.</p>` : undefined}`;
}

/** What a leg gave, from what, and against its release before. */
function showWorth({ value, figures, change, erased, leftOut }: WorthOfRound, dataset: string): Markup {
  return html`<div><bdi>${dataset}</bdi> <strong>${formatWorth(value)}</strong>${change === undefined ? undefined : html` (${formatSignedShare(change)})`}${
    figures === undefined
      ? undefined
      : html`<span class="note">${formatCount(figures.subjects)} subjects, ${formatShare(figures.completeness)} complete, ${formatShare(figures.loss)} of the detail lost</span>`
  }${leftOut === undefined ? undefined : html`<span class="note">erased before, and left out: ${formatCount(leftOut.persons)}, the last asked on ${formatDate(leftOut.asked)}</span>`}${erased === undefined ? undefined : html`<span class="note">erased since: ${formatCount(erased)}${figures === undefined ? '' : ` of ${formatCount(figures.subjects)}`}</span>`}</div>`;
}
