import type { LegReport, RoomReport } from '../domain/exchange/report/room-report';
import { tabulateBalance } from './balance';
import { type Cast, castParties, findMember } from './cast';
import { tabulateClauses } from './clauses';
import { drawFlow } from './flow';
import { formatDate, formatDuration } from './format';
import { html, type Markup, renderMarkup, trustMarkup } from './html';
import { renderLeg } from './leg';
import { STYLE } from './style';
import { renderVerdict } from './verdict';

/** Nothing but this page's own style may load or run. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The room report as one HTML page that needs nothing else: no script, no request, the same text for the same report. */
export function renderRoomReport(report: RoomReport): string {
  const cast = castParties(report.parties);
  const { title, id } = report.agreement;
  return renderMarkup(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${report.kind === 'delivered' ? 'Delivered' : 'Withheld'}: ${title || id}</title>
<link rel="icon" href="data:,">
<style>${trustMarkup(STYLE)}</style>
</head>
<body>
${renderVerdict(report, cast)}
${renderContents(report, cast)}
<main>
<section aria-labelledby="glance"><h2 id="glance">The swap at a glance</h2>
<div class="card"><h3>Who gave what to whom</h3>${drawFlow(report, cast)}</div>
<div class="card"><h3 id="fairness">Fairness</h3>${tabulateBalance(report, cast)}</div>
</section>
<section aria-labelledby="legs"><h2 id="legs">Leg by leg</h2>
${report.legs.map((leg, at) => renderLeg(report, cast, leg, at))}
</section>
<section aria-labelledby="clauses"><h2 id="clauses">What each clause rests on</h2>
<div class="card">${tabulateClauses(report, cast)}</div>
</section>
</main>
${renderFooter(report, cast)}
</body>
</html>
`);
}

function renderContents({ legs }: RoomReport, cast: Cast): Markup {
  const nameLeg = ({ terms }: LegReport): Markup => {
    const several = legs.filter((leg) => leg.terms.dataset === terms.dataset).length > 1;
    return html`${terms.dataset}${several ? html` to <bdi>${findMember(cast, terms.to).name}</bdi>` : undefined}`;
  };
  return html`<nav aria-label="On this page"><ul>
<li><a href="#glance">At a glance</a></li>
${legs.map((leg, at) => html`<li><a href="#leg-${at + 1}">${nameLeg(leg)}</a></li>`)}
<li><a href="#clauses">Clauses</a></li>
<li><a href="#verify">How to verify</a></li>
</ul></nav>`;
}

function renderFooter(report: RoomReport, cast: Cast): Markup {
  const { agreement, term, toolVersion, produced, kind, legs } = report;
  const certified = legs.filter(({ certificate }) => certificate !== undefined);
  return html`<footer><div class="inner"><h2 id="verify">How to verify</h2>
${
  kind === 'delivered'
    ? html`<p>Each receiver has the proof beside its data. Take the SHA-256 of <code>release.parquet</code> (<code>sha256sum release.parquet</code>) and compare it with <code>hashes.output</code> in <code>certificate.json</code>; the other figures of this page stand there too. The plan's hash is the same in every certificate of the round.</p>
<table class="figures"><caption>Where the certificates are</caption><thead><tr><th scope="col">Receiver</th><th scope="col">Certificate</th></tr></thead>
<tbody>${certified.map(({ terms }) => html`<tr><th scope="row"><bdi>${findMember(cast, terms.to).name}</bdi></th><td><code>${terms.to}/inbox/${terms.dataset}/certificate.json</code>${terms.via.kind === 'query-only' ? html`<span class="note">By queries of a shared table: its rows are in <code>${terms.from}/held/${terms.to}/${terms.dataset}/release.parquet</code></span>` : undefined}</td></tr>`)}</tbody></table>`
    : html`<p>Nothing was handed over, so there is no certificate to compare with. Each party's <code>notice.md</code> repeats the reasons above.</p>`
}
<h2>About this report</h2>
<dl class="terms">
<div><dt>Agreement</dt><dd><code>${agreement.id}</code>, version ${agreement.version}</dd></div>
<div><dt>Term</dt><dd>${formatDate(term.starts)} to ${formatDate(term.ends)}</dd></div>
<div><dt>Notice</dt><dd>${formatDuration(term.notice)}</dd></div>
<div><dt>Destroyed after the end within</dt><dd>${formatDuration(term.destroyWithin)}</dd></div>
<div><dt>Produced</dt><dd>${formatDate(produced)}</dd></div>
<div><dt>Written by</dt><dd>barter-room ${toolVersion}</dd></div>
</dl></div></footer>`;
}
