import type { OperatorView } from '../../domain/audit/report/audit-report';
import { formatCount } from '../../domain/format';
import { formatBytes, formatInstant } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

const MOST_PRINCIPALS = 25;
const MOST_LINES = 50;

/** What whoever runs the room was able to see, and who of its own accounts did reach data. */
export function renderOperator({ report, cast }: AuditPage): Markup {
  const { operator, header } = report;
  const { party, reach, principals } = operator;
  const runs =
    party === undefined
      ? html`A neutral operator runs this room; no party does.`
      : html`${showAnyParty(cast, party)} runs this room, in account ${header.room.accounts.join(', ')}.`;
  return html`<p>${runs} Who administers an account can read what its keys open. So, whatever the policies say, these lay within the operator’s reach:</p>
${reach.length === 0 ? html`<p class="soft">Nothing that belongs to others.</p>` : html`<ul class="reach">${reach.map(({ dataset, owner, holds }) => html`<li>${showAnyParty(cast, owner)} <bdi>${dataset}</bdi>: ${holds === 'delivery' ? html`<strong>raw delivery</strong>` : 'treated release'}</li>`)}</ul>`}
<p>Whether it did is on the trail. In the room’s buckets, principals of its own accounts, its own jobs among them, did this in the logs that were read:</p>
${operator.reached.length === 0 ? html`<p class="soft">Nothing.</p>` : tabulateReached(operator)}
${principals.length === 0 ? undefined : tabulatePrincipals(operator)}${operator.signIns.length === 0 ? undefined : tabulateSignIns(operator)}`;
}

/** By principal, operation and bucket. */
function tabulateReached({ reached, reachedBeyond }: OperatorView): Markup {
  const shown = reached.slice(0, MOST_LINES);
  const left = reached.length + reachedBeyond - shown.length;
  return html`<table class="figures"><caption class="hidden">What the room’s own principals did in its buckets</caption><thead><tr><th scope="col">Principal</th><th scope="col">What</th><th scope="col" class="n">Records</th></tr></thead><tbody>${shown.map(({ principal, operation, bucket, records, first, last }) => html`<tr><th scope="row"><bdi>${principal === '' ? 'AWS itself' : principal.slice(principal.lastIndexOf('/') + 1)}</bdi><span class="note"><code><bdi>${principal}</bdi></code></span><span class="note">${formatInstant(first)} to ${formatInstant(last)}</span></th><td><bdi>${operation === '' ? 'various' : operation}</bdi><span class="note"><bdi>${bucket}</bdi></span></td><td class="n">${formatCount(records)}</td></tr>`)}</tbody></table>
${left > 0 ? html`<p class="soft">${formatCount(left)} more lines; see <code>report.json</code>.</p>` : undefined}`;
}

/** Of the accesses that were explained one by one: by Lake Formation, by queries, or in the name of somebody else. */
function tabulatePrincipals({ principals, principalsBeyond }: OperatorView): Markup {
  const shown = principals.slice(0, MOST_PRINCIPALS);
  const left = principals.length + principalsBeyond - shown.length;
  return html`<p>And, explained one by one, since it might have been for somebody else:</p>
<table class="figures"><caption class="hidden">Principals of the room’s accounts</caption><thead><tr><th scope="col">Principal</th><th scope="col" class="n">Accesses</th><th scope="col" class="n">Read</th></tr></thead><tbody>${shown.map(({ name, accesses, bytesOut, first, last }) => html`<tr><th scope="row"><code><bdi>${name}</bdi></code><span class="note">${formatInstant(first)} to ${formatInstant(last)}</span></th><td class="n">${formatCount(accesses)}</td><td class="n">${formatBytes(bytesOut)}</td></tr>`)}</tbody></table>
${left > 0 ? html`<p class="soft">${formatCount(left)} more; see <code>report.json</code>.</p>` : undefined}`;
}

/** Whom the room's own identity provider vouched for: nobody outside the room can come in by it. */
function tabulateSignIns({ signIns, signInsBeyond }: OperatorView): Markup {
  const shown = signIns.slice(0, MOST_PRINCIPALS);
  const left = signIns.length + signInsBeyond - shown.length;
  return html`<p>By single sign-on, these people came in; what they then did stands above, under the role:</p>
<table class="figures"><caption class="hidden">Operators who came in by single sign-on</caption><thead><tr><th scope="col">Who</th><th scope="col">By the role</th><th scope="col" class="n">Times</th></tr></thead><tbody>${shown.map(({ name, role, times, refused, first, last }) => html`<tr><th scope="row"><bdi>${name.slice(name.lastIndexOf(' ') + 1)}</bdi><span class="note"><code><bdi>${name.slice(0, name.lastIndexOf(' '))}</bdi></code></span><span class="note">${formatInstant(first)} to ${formatInstant(last)}</span></th><td><bdi>${role.slice(role.lastIndexOf('/') + 1)}</bdi></td><td class="n">${formatCount(times)}${refused === 0 ? undefined : html`<span class="note">${formatCount(refused)} refused</span>`}</td></tr>`)}</tbody></table>
${left > 0 ? html`<p class="soft">${formatCount(left)} more; see <code>report.json</code>.</p>` : undefined}`;
}

/** Where silence proves nothing. */
export function renderUnseen({ report, cast }: AuditPage): Markup {
  return html`<ul class="unseen">${report.unseen.map(({ kind, party, sentence }) => html`<li class="${kind}">${party === undefined ? undefined : html`${showAnyParty(cast, party)} `}<bdi>${sentence}</bdi></li>`)}</ul>`;
}
