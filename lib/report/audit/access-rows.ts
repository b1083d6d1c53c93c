import { isLogged } from '../../domain/audit/ledger-evidence';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { formatCount } from '../../domain/format';
import { formatBytes, formatInstant, formatPlural } from '../format';
import { html, type Markup, trustMarkup } from '../html';
import { ACCESS_STATES, stateOf } from './access-state';
import type { AuditPage } from './audit-page';
import { STATE_WORDS } from './audit-words';
import { describeFound } from './page-rows';
import { showAnyParty } from './show-party';

/** The accesses themselves: the first as plain HTML, and all that fit as data that the page's script searches. */
export function renderAccessRows(page: AuditPage): Markup {
  const { total, internal, late } = page.report.accesses;
  const { first, pieces, rows, beyond } = page.rows;
  const outside = total - internal + (late?.further ?? 0);
  if (first.length === 0) return html`<p>Nobody outside the room made a request in this period.</p>`;
  return html`<form class="filter" id="filter" role="search" aria-label="Accesses" hidden>
<label class="wide">Search<input type="search" name="text" placeholder="key, role, address, user agent, file …" autocomplete="off" spellcheck="false"></label>
<label>Party<select name="party"><option value="">all</option></select></label>
<label>Dataset<select name="dataset"><option value="">all</option></select></label>
<label>State<select name="state"><option value="">all</option>${ACCESS_STATES.map((state, at) => html`<option value="${at}">${STATE_WORDS[state].label}</option>`)}</select></label>
<label>Clause<select name="clause"><option value="">all</option></select></label>
<label>From (UTC)<input type="date" name="from"></label>
<label>To<input type="date" name="to"></label>
<button type="reset">Clear</button></form>
<p id="rows-status" class="rows-status" aria-live="polite">The first ${formatPlural(first.length, 'access')} of ${formatCount(outside)}; every one is in <code>accesses.csv</code>. Search and filters need JavaScript.</p>
${beyond > 0 ? html`<p class="aside">This page holds ${formatCount(rows)} of ${formatCount(outside)} accesses, so that it stays small. Its search does not see the other ${formatCount(beyond)}: they are in <code>accesses.csv</code> and <code>accesses.jsonl</code>. Figures and plots count all.</p>` : undefined}
<table class="rows accesses" role="table" id="rows"><caption class="hidden">Accesses</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time (UTC)</th><th role="columnheader" scope="col">Who</th><th role="columnheader" scope="col">What</th><th role="columnheader" scope="col">Explained by</th><th role="columnheader" scope="col">State</th></tr></thead>
<tbody role="rowgroup">${first.map((access) => renderRow(page, access))}</tbody></table>
<nav class="pager" id="pager" aria-label="Pages of accesses" hidden><button type="button" name="previous">Previous</button><span></span><button type="button" name="next">Next</button></nav>
${pieces.map((piece) => html`<script type="application/octet-stream" class="packed">${trustMarkup(piece)}</script>`)}
<template id="parties">${[...page.cast.keys(), undefined].map((party) => html`<span data-party="${party ?? ''}">${showAnyParty(page.cast, party)}</span>`)}</template>`;
}

/** The script makes the same of a packed row. */
function renderRow({ cast }: AuditPage, access: ReportedAccess): Markup {
  const { at, explained, service, operation, resource, actor, client, bytes, error, outcome, evidence } = access;
  const state = STATE_WORDS[stateOf(access)];
  const own = explained.kind === 'attributed' ? explained : undefined;
  const party = explained.kind === 'own-door' ? explained.party : own?.party;
  const moved = (bytes?.out ?? 0) + (bytes?.in ?? 0);
  const [day, time] = formatInstant(at).split(' ');
  return html`<tr role="row"><td role="cell" class="when"><time datetime="${at}">${day}<br> ${time}</time></td>
<td role="cell">${showAnyParty(cast, party)}<span class="note"><bdi>${actor.name || actor.kind}</bdi></span><span class="note">${actor.account} <bdi>${client?.ip}</bdi></span></td>
<td role="cell" class="what"><code>${`${service} ${operation}`}</code><span class="note"><bdi>${resource.name}</bdi></span><span class="note">${moved === 0 ? '' : formatBytes(moved)}</span></td>
<td role="cell">${own?.decision === undefined ? undefined : html`clause <strong>${own.decision.clause}</strong><span class="note"><bdi>${own.decision.id}</bdi></span>`}${own === undefined ? html`<span class="note">${describeFound(access)}</span>` : html`<span class="note">${`${own.agreement.id} v${own.agreement.version}, ${own.leg}`}</span>`}</td>
<td role="cell"><span class="pill ${state.tone}">${state.label}</span><span class="note"><bdi>${outcome === 'allowed' ? '' : (error ?? outcome)}</bdi></span><details class="proofs"><summary>evidence</summary><span class="note"><bdi>${evidence[0]?.file}</bdi> ${isLogged(evidence.slice(0, 1)) ? 'record' : 'entry'} ${evidence[0]?.record}</span><span class="note">${describeFound(access)}</span><span class="note"><bdi>${client?.agent}</bdi></span></details></td></tr>`;
}
