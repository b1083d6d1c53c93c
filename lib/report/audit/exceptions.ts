import { isLogged } from '../../domain/audit/ledger-evidence';
import type { EvidenceReference } from '../../domain/audit/report/reported-access';
import type { ExceptionList, ExceptionSeverity, ReportedException } from '../../domain/audit/report/reported-exception';
import { formatCount } from '../../domain/format';
import { formatInstant, formatPlural } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { EXCEPTION_WORDS, SEVERITY_WORDS } from './audit-words';
import { showAnyParty } from './show-party';

/** Of each kind; all are in exceptions.csv. */
const MOST_OF_A_KIND = 25;

/** What does not add up, gravest first, each kind with what it means and what to do. */
export function renderExceptions(page: AuditPage): Markup {
  const { exceptions } = page.report;
  if (exceptions.counts.length === 0) {
    return html`<div class="card"><p><span class="good">✓</span> The logs, the decisions and each other were compared, and nothing contradicts anything.</p></div>`;
  }
  return html`${summarise(exceptions)}${exceptions.counts.map((count) => renderKind(page, count))}`;
}

function summarise({ counts }: ExceptionList): Markup {
  const severities = (Object.keys(SEVERITY_WORDS) as ExceptionSeverity[]).map((severity) => ({
    severity,
    count: counts.reduce((sum, each) => sum + (each.severity === severity ? each.count : 0), 0),
  }));
  return html`<ul class="severities">${severities.map(({ severity, count }) => {
    const { one, many, tone, explains } = SEVERITY_WORDS[severity];
    return html`<li class="tone-${count === 0 ? 'plain' : tone}"><strong>${formatCount(count)}</strong> ${count === 1 ? one : many}<span class="note">${explains}</span></li>`;
  })}</ul>`;
}

function renderKind(page: AuditPage, { kind, severity, count }: ExceptionList['counts'][number]): Markup {
  const { title, meaning, remedy } = EXCEPTION_WORDS[kind];
  const { tone, one } = SEVERITY_WORDS[severity];
  const listed = page.report.exceptions.listed.filter((each) => each.kind === kind);
  const shown = listed.slice(0, MOST_OF_A_KIND);
  return html`<details class="exception tone-${tone}" id="exception-${kind}"${severity === 'breach' ? OPEN : undefined}>
<summary><span class="pill ${tone}">${one}</span> <strong>${title}</strong> <span class="count">${formatCount(count)}</span></summary>
<p>${meaning}</p><p class="remedy"><strong>To do:</strong> ${remedy}</p>
<table class="rows" role="table"><caption class="hidden">${title}: ${formatPlural(count, 'exception')}</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time (UTC)</th><th role="columnheader" scope="col">Party and leg</th><th role="columnheader" scope="col">What</th><th role="columnheader" scope="col">Evidence</th></tr></thead>
<tbody role="rowgroup">${shown.map((each) => renderException(page, each))}</tbody></table>
${count > shown.length ? html`<p class="soft">${formatCount(count - shown.length)} more of this kind are in <code>exceptions.csv</code>.</p>` : undefined}
</details>`;
}

const OPEN = html` open`;

function renderException({ cast, datasetOf }: AuditPage, each: ReportedException): Markup {
  const { at, to, party, leg, decision, detail, evidence } = each;
  const dataset = leg === undefined ? undefined : (datasetOf(leg) ?? leg);
  return html`<tr role="row"><td role="cell" class="when"><time datetime="${at}">${formatInstant(at)}</time>${to === undefined ? undefined : html`<span class="note">to ${formatInstant(to)}</span>`}</td>
<td role="cell">${party === undefined ? html`<span class="soft">–</span>` : showAnyParty(cast, party)}${dataset === undefined ? undefined : html`<span class="note"><bdi>${dataset}</bdi></span>`}</td>
<td role="cell" class="what"><bdi>${detail}</bdi>${decision === undefined ? undefined : html`<span class="note">decision <code><bdi>${decision}</bdi></code></span>`}</td>
<td role="cell" class="proof">${showEvidence(evidence)}</td></tr>`;
}

/** File, record and event; the hash with them, so that the file can be told from any other. */
function showEvidence(evidence: readonly EvidenceReference[]): Markup {
  if (evidence.length === 0) return html`<span class="soft">an absence: nothing to point at</span>`;
  return html`<details class="proofs"><summary>${formatPlural(evidence.length, 'record')}</summary><ul>${evidence.map(
    ({ file, record, sha256, event }) =>
      html`<li><code><bdi>${file}</bdi></code> ${isLogged([{ file }]) ? 'record' : 'entry'} ${record}<span class="note">event <code><bdi>${event}</bdi></code></span><span class="note">${isLogged([{ file }]) ? 'SHA-256 of the file' : 'hash of its leaf'} <code>${sha256}</code></span></li>`,
  )}</ul></details>`;
}
