import type { ReportedBreach } from '../../domain/audit/report/audit-report';
import { formatInstant, formatTerm } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

const REMEDY_STATES: Readonly<
  Record<NonNullable<ReportedBreach['remedy']>['state'], { readonly label: string; readonly tone: string }>
> = {
  done: { label: 'done', tone: 'good' },
  due: { label: 'due', tone: 'warn' },
  lifted: { label: 'lifted again', tone: 'plain' },
};

/** Breaches that the room has on record, and what the agreement had done about them. */
export function tabulateBreaches({ report, cast, datasetOf }: AuditPage): Markup {
  const { breaches } = report;
  if (breaches.length === 0)
    return html`<p><span class="good">✓</span> The room has no breach of an agreement on record in this period.</p>`;
  return html`<table class="rows" role="table"><caption class="hidden">Breaches and remedies</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time (UTC)</th><th role="columnheader" scope="col">Party</th><th role="columnheader" scope="col">Breach</th><th role="columnheader" scope="col">Remedy</th></tr></thead>
<tbody role="rowgroup">${breaches.map(({ at, breach, agreement, party, leg, remedy }) => {
    const state = remedy === undefined ? undefined : REMEDY_STATES[remedy.state];
    return html`<tr role="row"><td role="cell" class="when">${formatInstant(at)}</td><td role="cell">${party === undefined ? html`<span class="soft">–</span>` : showAnyParty(cast, party)}</td>
<td role="cell"><strong>${formatTerm(breach).replaceAll('-', ' ')}</strong><span class="note"><bdi>${agreement}</bdi>${leg === undefined ? '' : `, ${datasetOf(leg) ?? leg}`}</span></td>
<td role="cell">${remedy === undefined || state === undefined ? html`<span class="soft">the agreement names none</span>` : html`${formatTerm(remedy.do).replaceAll('-', ' ')} <span class="pill ${state.tone}">${state.label}</span>${remedy.at === undefined ? undefined : html`<span class="note">${formatInstant(remedy.at)}</span>`}`}</td></tr>`;
  })}</tbody></table>`;
}
