import { createHash } from 'node:crypto';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import { formatDate } from '../format';
import { html, type Markup, renderMarkup, trustMarkup } from '../html';
import { STYLE } from '../style';
import { renderAccessRows } from './access-rows';
import { drawAccountFlow } from './account-flow';
import { type AuditPage, openAuditPage } from './audit-page';
import { AUDIT_STYLE } from './audit-style';
import { renderAuditVerdict } from './audit-verdict';
import { tabulateBreaches } from './breaches';
import { drawCoverage } from './coverage';
import { tabulateDrifts } from './drifts';
import { renderExceptions } from './exceptions';
import { drawHeatmap } from './heatmap';
import { renderLate } from './late';
import type { PageRows } from './page-rows';
import { PAGE_SCRIPT } from './page-script';
import { tabulateParties } from './party-table';
import { tabulateProblems } from './problems';
import { renderOperation, renderProcessing, tabulateDestruction } from './processing';
import { tabulateReleases } from './releases';
import { tabulateRounds } from './rounds';
import { renderOperator, renderUnseen } from './sight';
import { renderStandards } from './standards';
import { drawTimeline } from './timeline';
import { renderTold } from './told';
import { renderAbout, renderFunctions, renderInputs, renderIntegrity, renderReliance, renderTrails } from './trust';

const SCRIPT_HASH = createHash('sha256').update(PAGE_SCRIPT).digest('base64');

/** Nothing but this page's own style and its one script may load or run. */
const CONTENT_POLICY = `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;

const VERDICT_WORDS: Readonly<Record<AuditReport['verdict']['kind'], string>> = {
  clean: 'Clean',
  doubtful: 'Not all proven',
  breached: 'Breached',
};

/** The audit report as one HTML page that asks for nothing else; it can be read without its script. */
export function renderAuditReport(report: AuditReport, rows: PageRows): string {
  const page = openAuditPage(report, rows);
  return renderMarkup(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${VERDICT_WORDS[report.verdict.kind]}: audit report to ${formatDate(report.header.period.to)}</title>
<link rel="icon" href="data:,">
<style>${trustMarkup(STYLE + AUDIT_STYLE)}</style>
</head>
<body>
${renderAuditVerdict(page)}
<nav aria-label="On this page"><ul>${SECTIONS.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>${SECTIONS.map(
    ({
      id,
      title,
      lead,
      render,
    }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${lead === undefined ? undefined : html`<p class="lead">${lead}</p>`}${render(page)}</section>
`,
  )}</main>
<script>${trustMarkup(PAGE_SCRIPT)}</script>
</body>
</html>
`);
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead?: string;
  readonly render: (page: AuditPage) => Markup;
}

const SECTIONS: readonly Section[] = [
  {
    id: 'exceptions',
    title: 'Exceptions',
    lead: 'What does not add up, gravest first: logs against decisions, decisions against logs, and each log against the others.',
    render: renderExceptions,
  },
  {
    id: 'accesses',
    title: 'Accesses',
    render: (page) => html`<figure class="card"><h3>Over time</h3>${drawTimeline(page)}</figure>
<div class="two"><figure class="card"><h3>Who reached what</h3>${drawHeatmap(page)}</figure>
<figure class="card"><h3>Between accounts</h3>${drawAccountFlow(page)}</figure></div>
<div class="card"><h3>By party and clause</h3>${tabulateParties(page)}</div>
${renderLate(page)}<div class="card"><h3>One by one</h3>${renderAccessRows(page)}</div>`,
  },
  {
    id: 'breaches',
    title: 'Breaches and remedies',
    render: (page) => html`<div class="card">${tabulateBreaches(page)}</div>${renderTold(page)}
<div class="card"><h3 id="drifts">Changed by hand, and put back</h3>${tabulateDrifts(page)}</div>
<div class="card"><h3 id="problems">Reported by parties</h3>${tabulateProblems(page)}</div>`,
  },
  {
    id: 'trust',
    title: 'Can the logs be trusted?',
    render: (page) => html`<div class="card"><h3 id="integrity">Integrity</h3>${renderIntegrity(page)}</div>
<figure class="card"><h3 id="coverage">Coverage</h3>${drawCoverage(page)}</figure>
<div class="card"><h3 id="trails">What the trails record</h3>${renderTrails(page)}</div>
<div class="card"><h3 id="functions">The room’s code</h3>${renderFunctions(page)}</div>
<div class="card"><h3 id="reliance">Taken on trust</h3>${renderReliance(page)}</div>`,
  },
  {
    id: 'unseen',
    title: 'What cannot be seen',
    lead: 'Where silence proves nothing.',
    render: renderUnseen,
  },
  {
    id: 'operator',
    title: 'Who runs the room',
    render: (page) => html`<div class="card">${renderOperator(page)}</div>`,
  },
  {
    id: 'releases',
    title: 'Rounds and certified releases',
    render: (page) => html`<div class="card"><h3 id="rounds">Rounds</h3>${tabulateRounds(page)}</div>
<div class="card"><h3>Certificates</h3>${tabulateReleases(page)}</div>`,
  },
  {
    id: 'processing',
    title: 'Record of processing (GDPR art. 30)',
    lead: 'Generated from the agreements: of controllers one entry per leg, of whoever runs the room one per controller.',
    render: (page) =>
      html`<div class="card">${renderProcessing(page)}<h3 id="on-behalf" class="after">By the room, for each controller (art. 30(2))</h3>${renderOperation(page)}<h3 id="destruction" class="after">Destruction</h3>${tabulateDestruction(page)}</div>`,
  },
  {
    id: 'standards',
    title: 'Standards',
    render: (page) => html`<div class="card">${renderStandards(page)}</div>`,
  },
  {
    id: 'evidence',
    title: 'Evidence',
    render: (page) => html`<div class="card"><h3 id="agreements">This report</h3>${renderAbout(page)}</div>
<div class="card"><h3>What was read</h3>${renderInputs(page)}</div>
<div class="card"><h3>How to verify</h3><p>Run <code>barter verify FOLDER --key KEY</code> on the folder that this page lies in, with the key of whoever signed, which you have from them by another way. It compares every file with the signed manifest, and page, sums and explanations with the accesses, the ledger and the record; given the logs and digests, these too, without a network. It says what it did not check. By hand: take the file named as evidence, compare its SHA-256, unpack it, and look at the record by its number.</p></div>`,
  },
];
