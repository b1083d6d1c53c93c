import type { ReportedBreach, ReportedRemedy } from '../../domain/audit/report/reported-conduct';
import { formatInstant, formatTerm } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

const REMEDY_STATES: Readonly<Record<ReportedRemedy['state'], { readonly label: string; readonly tone: string }>> = {
  pending: { label: 'not due yet', tone: 'plain' },
  due: { label: 'due', tone: 'warn' },
  done: { label: 'done', tone: 'good' },
  lifted: { label: 'lifted again', tone: 'plain' },
  spared: { label: 'not needed', tone: 'plain' },
};

/** Breaches that the room has on record, and what the agreement had done about them. */
export function tabulateBreaches({ report, cast, datasetOf }: AuditPage): Markup {
  const { breaches } = report;
  if (breaches.length === 0)
    return html`<p class="soft">No breach that lasted into this period is on the record that was given to this report. What the logs themselves show is under <a href="#exceptions">exceptions</a>.</p>`;
  return html`<table class="rows" role="table"><caption class="hidden">Breaches and remedies</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Since (UTC)</th><th role="columnheader" scope="col">Party</th><th role="columnheader" scope="col">Breach</th><th role="columnheader" scope="col">Remedy</th></tr></thead>
<tbody role="rowgroup">${breaches.map((breach) => {
    const { at, agreement, party, leg, clause, remedies } = breach;
    return html`<tr role="row"><td role="cell" class="when">${formatInstant(at)}${showEnd(breach)}</td><td role="cell">${party === undefined ? html`<span class="soft">–</span>` : showAnyParty(cast, party)}</td>
<td role="cell"><strong>${formatTerm(breach.breach).replaceAll('-', ' ')}</strong><span class="note"><bdi>${agreement}</bdi>${leg === undefined ? '' : `, ${datasetOf(leg) ?? leg}`}, clause <bdi>${clause}</bdi></span></td>
<td role="cell">${remedies.length === 0 ? html`<span class="soft">the agreement names none</span>` : remedies.map(showRemedy)}</td></tr>`;
  })}</tbody></table>`;
}

function showEnd({ resolvedAt, overruled }: ReportedBreach): Markup | undefined {
  if (overruled !== undefined)
    return html`<span class="note">overruled ${formatInstant(overruled.at)} by <bdi>${overruled.by}</bdi>: <bdi>${overruled.reason}</bdi></span>`;
  return resolvedAt === undefined ? undefined : html`<span class="note">over ${formatInstant(resolvedAt)}</span>`;
}

function showRemedy({ do: measure, state, clause, at }: ReportedRemedy): Markup {
  const { label, tone } = REMEDY_STATES[state];
  return html`<div>${formatTerm(measure).replaceAll('-', ' ')} <span class="pill ${tone}">${label}</span><span class="note">${formatInstant(at)}, <bdi>${clause}</bdi></span></div>`;
}
