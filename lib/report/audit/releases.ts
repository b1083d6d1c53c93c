import type { CertifiedRelease } from '../../domain/audit/report/reported-conduct';
import { formatCount, formatShare } from '../../domain/format';
import { formatInstant, formatOdds } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

const MOST_RELEASES = 200;

/** What was handed over, by its certificate. */
export function tabulateReleases({ report, cast }: AuditPage): Markup {
  const { releases } = report;
  if (releases.length === 0)
    return html`<p class="soft">No release that was certified in this period was given to this report.</p>`;
  const shown = releases.slice(0, MOST_RELEASES);
  return html`<table class="rows releases" role="table"><caption class="hidden">Certified releases</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Release</th><th role="columnheader" scope="col">To</th><th role="columnheader" scope="col">k</th><th role="columnheader" scope="col">Risk</th><th role="columnheader" scope="col">Hashes (SHA-256)</th></tr></thead>
<tbody role="rowgroup">${shown.map(
    (
      release,
    ) => html`<tr role="row"><td role="cell"><strong><bdi>${release.dataset}</bdi></strong><span class="note">${describeRelease(release)}</span><span class="note"><bdi>${release.agreement.id}</bdi> v${release.agreement.version}</span></td>
<td role="cell">${showAnyParty(cast, release.to)}<span class="note">from ${cast.get(release.from)?.name ?? release.from}</span></td>
<td role="cell" data-label="smallest class">${showK(release)}</td><td role="cell" data-label="risk">${showRisk(release)}</td>
<td role="cell"><span class="note">release</span><code class="hash">${release.sha256}</code>${RECEIVED[release.received]}<span class="note">certificate <bdi>${release.certificate.file}</bdi>${CERTIFICATE_STATES[release.certificate.state]}</span><code class="hash">${release.certificate.sha256}</code></td></tr>`,
  )}</tbody></table>
${releases.length > shown.length ? html`<p class="soft">The first ${formatCount(shown.length)} of ${formatCount(releases.length)}; all are in <code>releases.csv</code>.</p>` : undefined}`;
}

/** What its receiver says of what arrived. */
const RECEIVED: Readonly<Record<CertifiedRelease['received'], Markup>> = {
  'as-promised': html`<span class="note good">arrived as certified, its receiver says</span>`,
  other: html`<span class="note bad">its receiver says that something else arrived</span>`,
  unproven: html`<span class="note bad">what its receiver is said to have got is not signed by it</span>`,
  'not-compared': html`<span class="note">not compared with what arrived</span>`,
};

/** What of a certificate could not be told. */
const CERTIFICATE_STATES: Readonly<Record<CertifiedRelease['certificate']['state'], Markup | undefined>> = {
  read: undefined,
  'not-read': html` <span class="warn">not read</span>`,
  other: html` <span class="bad">not the one on record</span>`,
};

function describeRelease({ rows, at, round, state }: CertifiedRelease): string {
  return [
    ...(rows === undefined ? [] : [`${formatCount(rows)} rows`]),
    ...(at === undefined ? [] : [`${formatInstant(at)} UTC`]),
    ...(round === undefined ? [] : [`round ${round}`]),
    ...(state === undefined ? [] : [STATE_WORDS[state]]),
  ].join(' · ');
}

const STATE_WORDS: Readonly<Record<NonNullable<CertifiedRelease['state']>, string>> = {
  prepared: 'in escrow',
  final: 'handed over',
  revoked: 'withdrawn',
};

function showK({ k, certificate }: CertifiedRelease): Markup {
  if (k === undefined)
    return html`<span class="soft">${certificate.state === 'read' ? 'no classes' : 'not known'}</span>`;
  const holds = k.agreed === undefined || k.size >= k.agreed;
  return html`<strong class="${holds ? 'good' : 'bad'}">${formatCount(k.size)}</strong> ${k.countedOn}${k.agreed === undefined ? undefined : html`<span class="note">agreed at least ${formatCount(k.agreed)}</span>`}`;
}

function showRisk({ risk }: CertifiedRelease): Markup {
  if (risk === undefined) return html`<span class="soft">not measured</span>`;
  return html`at most ${formatOdds(risk.prosecutor)}<span class="note">on average ${formatShare(risk.marketer)}; ${formatShare(risk.unique)} unique</span>`;
}
