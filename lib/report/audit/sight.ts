import { formatCount } from '../../domain/format';
import { formatBytes, formatInstant } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

const MOST_PRINCIPALS = 25;

/** What whoever runs the room was able to see, and who of its own accounts did reach data. */
export function renderOperator({ report, cast }: AuditPage): Markup {
  const { operator, header } = report;
  const { party, reach, principals, principalsBeyond } = operator;
  const runs =
    party === undefined
      ? html`A neutral operator runs this room; no party does.`
      : html`${showAnyParty(cast, party)} runs this room, in account ${header.room.accounts.join(', ')}.`;
  const shown = principals.slice(0, MOST_PRINCIPALS);
  return html`<p>${runs} Who administers an account can read what its keys open. So, whatever the policies say, these lay within the operator’s reach:</p>
${reach.length === 0 ? html`<p class="soft">Nothing that belongs to others.</p>` : html`<ul class="reach">${reach.map(({ dataset, owner, holds }) => html`<li>${showAnyParty(cast, owner)} <bdi>${dataset}</bdi>: ${holds === 'delivery' ? html`<strong>raw delivery</strong>` : 'treated release'}</li>`)}</ul>`}
<p>Whether it did is on the trail: principals of the room’s own accounts that reached objects or tables, the room’s own jobs among them.</p>
${principals.length === 0 ? html`<p class="soft">None is listed: nobody of these accounts did, or their records were counted by kind only (see what was read).</p>` : html`<table class="figures"><caption class="hidden">Principals of the room’s accounts</caption><thead><tr><th scope="col">Principal</th><th scope="col" class="n">Accesses</th><th scope="col" class="n">Read</th></tr></thead><tbody>${shown.map(({ name, accesses, bytesOut, first, last }) => html`<tr><th scope="row"><code><bdi>${name}</bdi></code><span class="note">${formatInstant(first)} to ${formatInstant(last)}</span></th><td class="n">${formatCount(accesses)}</td><td class="n">${formatBytes(bytesOut)}</td></tr>`)}</tbody></table>`}
${principals.length + principalsBeyond > shown.length ? html`<p class="soft">${formatCount(principals.length + principalsBeyond - shown.length)} more; see <code>report.json</code>.</p>` : undefined}`;
}

/** Where silence proves nothing. */
export function renderUnseen({ report, cast }: AuditPage): Markup {
  return html`<ul class="unseen">${report.unseen.map(({ kind, party, sentence }) => html`<li class="${kind}">${party === undefined ? undefined : html`${showAnyParty(cast, party)} `}<bdi>${sentence}</bdi></li>`)}</ul>`;
}
