import type { FloorCheck, GateReport, LegReport, RoomReport } from '../domain/exchange/report/room-report';
import { formatCount } from '../domain/format';
import type { Certificate } from '../domain/privacy/certificate/certificate';
import { type Cast, findMember, showParty } from './cast';
import { drawClassSizes } from './class-sizes';
import { tabulateColumns } from './columns';
import { formatDuration, formatList, formatPlural, formatTerm } from './format';
import { drawFunnel } from './funnel';
import { html, type Markup } from './html';
import { drawRisk, tabulateRisk } from './risk';
import { renderSearch } from './search';
import { showTransfer } from './transfer';
import { formatAgreed, formatMeasure, GATE_QUESTIONS, GATE_TITLES, nameCheck, nameDelivery } from './words';

/** Everything measured of one leg. `at`: its index in the report. */
export function renderLeg(report: RoomReport, cast: Cast, leg: LegReport, at: number): Markup {
  const id = `leg-${at + 1}`;
  const from = findMember(cast, leg.terms.from);
  const to = findMember(cast, leg.terms.to);
  const { certificate } = leg;
  const floor = leg.floor.find(({ control }) => control === 'privacy.k')?.agreed;
  return html`<section class="leg ${from.hue}" id="${id}" aria-labelledby="${id}-title">
<header><h3 id="${id}-title"><bdi class="dataset">${leg.dataset.title}</bdi> <span class="route">${showParty(from)} <span class="to" aria-hidden="true">→</span><span class="hidden">to</span> ${showParty(to)}</span></h3>${showState(report, leg)}</header>
${describeTerms(leg)}
<div class="pair">
<div class="part"><h4>From delivery to release</h4>${leg.rows === undefined ? html`<p class="soft">Nothing was counted: cleaning refused the delivery.</p>` : drawFunnel(id, leg.rows)}</div>
<div class="part"><h4>Gates</h4><ul class="gates">${leg.gates.map(showGate)}</ul></div>
<div class="part"><h4>Class sizes</h4>${
    certificate?.privacy !== undefined && floor !== undefined
      ? drawClassSizes(id, certificate.privacy, floor)
      : html`<p class="soft">${explainNoClasses(leg)}</p>`
  }</div>
<div class="part"><h4>Measured against the agreed floor</h4>${tabulateFloor(leg)}</div>
</div>
<div class="part"><h4>What ${certificate === undefined ? 'would happen' : 'happened'} to each column</h4>${tabulateColumns(id, leg)}</div>
${certificate?.privacy === undefined ? undefined : html`<div class="part"><h4>How the classes were found</h4>${renderSearch(certificate.privacy)}</div>`}
${certificate === undefined ? undefined : renderProof(id, certificate)}
</section>`;
}

function showState({ kind }: RoomReport, { state }: LegReport): Markup {
  if (state === 'failed') return html`<span class="pill bad">✕ Failed</span>`;
  if (state === 'not-judged') return html`<span class="pill warn">Not judged</span>`;
  return kind === 'delivered'
    ? html`<span class="pill good">✓ Delivered</span>`
    : html`<span class="pill warn">Certified, held back</span>`;
}

function describeTerms({ terms, dataset, transfer }: LegReport): Markup {
  const facts: readonly (readonly [string, string | Markup])[] = [
    ['Every', formatDuration(terms.every)],
    ['Kept for', formatDuration(terms.retain)],
    ['Delivered by', nameDelivery(terms.via)],
    ['For', formatList(terms.purposes.map(formatTerm))],
    ['Forbidden', terms.forbids.length === 0 ? 'nothing named' : formatList(terms.forbids.map(formatTerm))],
    ['Transfer', showTransfer(transfer)],
    [
      'Counted in',
      dataset.subject === undefined ? 'rows: no subject is named' : `subjects, told apart by ${dataset.subject}`,
    ],
  ];
  return html`<dl class="terms">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const GATE_STATES = {
  passed: { sign: '✓', words: 'passed', tone: 'good' },
  failed: { sign: '✕', words: 'failed', tone: 'bad' },
  'not-reached': { sign: '·', words: 'not reached', tone: 'soft' },
  'not-needed': { sign: '–', words: 'not needed', tone: 'soft' },
} as const;

function showGate(report: GateReport): Markup {
  const warned = report.state === 'passed' && report.remedy !== undefined;
  const { sign, words, tone } = warned
    ? { sign: '!', words: 'passed with a warning', tone: 'warn' }
    : GATE_STATES[report.state];
  return html`<li><span class="sign ${tone}" aria-hidden="true">${sign}</span><div><strong>${GATE_TITLES[report.gate]}</strong> <span class="${tone}">${words}</span>${
    'finding' in report
      ? html`<span class="note">${report.finding}</span>`
      : html`<span class="note">${GATE_QUESTIONS[report.gate]}</span>`
  }${'finding' in report && report.remedy !== undefined ? html`<span class="note"><strong>To change:</strong> ${report.remedy}</span>` : undefined}</div></li>`;
}

function explainNoClasses({ floor, certificate }: LegReport): string {
  if (floor.length === 0) {
    return 'No released column is a quasi-identifier, so the release has no classes, and no floor on their size applies.';
  }
  return certificate === undefined ? 'Not measured: the leg stopped before.' : 'The certificate names no classes.';
}

function tabulateFloor(leg: LegReport): Markup {
  if (leg.floor.length === 0) return html`<p class="soft">No floor applies to this dataset.</p>`;
  const privacy = leg.certificate?.privacy;
  return html`<table class="figures"><caption>Floor of the agreement and what the written release measures</caption>
<thead><tr><th scope="col">Measure</th><th scope="col">Agreed</th><th scope="col">Measured</th></tr></thead>
<tbody>${leg.floor.map(tabulateCheck)}</tbody></table>
${privacy === undefined ? undefined : html`<p class="soft">${formatPlural(privacy.classes, 'class')} released.</p>`}${
  privacy?.linkedK === undefined
    ? undefined
    : html`<p class="aside"><strong>Followed over several rows: at least ${formatPlural(privacy.linkedK, 'subject')}.</strong> Some subjects have rows in more than one class. Somebody who follows one code over all its rows can narrow it down to the subjects that share the same set of classes, which may be fewer than k. The risks told here are those of these groups, and agreed limits of risk hold for them.</p>`
}${describeComposition(leg.certificate?.compositionRisk)}`;
}

function describeComposition(risk: Certificate['compositionRisk']): Markup | undefined {
  if (risk === undefined) return undefined;
  const { rounds, missing, leastGroup, singledOut, subjects, marketer } = risk;
  const gone = missing === 0 ? undefined : html` ${formatPlural(missing, 'earlier release')} could not be compared.`;
  return html`<p class="aside"><strong>Over ${formatPlural(rounds, 'release')} of this data set version: at least ${formatPlural(leastGroup, 'subject')} alike.</strong> Somebody who follows one code from round to round tells apart who came, went or changed: ${formatCount(singledOut)} of ${formatPlural(subjects, 'subject')} are in classes that nobody else is in, and ${formatMeasure('share', marketer)} would be got right by trying everybody.${gone}</p>`;
}

function tabulateCheck(check: FloorCheck): Markup {
  const { title, column } = nameCheck(check);
  const { measured, unit, holds } = check;
  return html`<tr><th scope="row">${title}${column === undefined ? undefined : html` <code><bdi>${column}</bdi></code>`}</th><td class="agreed">${formatAgreed(check)}</td><td>${
    measured === undefined
      ? html`<span class="soft">not measured</span>`
      : html`<strong>${formatMeasure(unit, measured)}</strong> ${holds ? html`<span class="good">✓ holds</span>` : html`<span class="bad">✕ broken</span>`}`
  }</td></tr>`;
}

/** What stands between backticks is a word of the agreement or the certificate. */
function showCode(text: string): readonly (string | Markup)[] {
  return text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`));
}

function renderProof(id: string, { risk, assumptions, hashes, tool }: Certificate): Markup {
  const conditions = html`<h4>Measured under these assumptions</h4><ul class="assumptions">${assumptions.map((assumption) => html`<li><bdi>${showCode(assumption)}</bdi></li>`)}</ul>
<p class="soft">The figures hold as far as these do. They say how hard it is to tie a row to a person, not that it is impossible.</p>`;
  return html`<div class="part"><h4>Risk before and after</h4>${
    risk === undefined
      ? html`<p class="soft">Not measured: the release has no classes.</p>${conditions}`
      : html`<div class="pair"><div>${drawRisk(id, risk)}${conditions}</div>${tabulateRisk(risk)}</div>`
  }</div>
<details><summary>Hashes (SHA-256) of what came in, the plan and what went out</summary><dl class="hashes"><div><dt>Delivered files</dt><dd><code>${hashes.input}</code></dd></div><div><dt>Plan</dt><dd><code>${hashes.plan}</code></dd></div><div><dt>release.parquet</dt><dd><code>${hashes.output}</code></dd></div></dl>
<p class="soft">Certificate written by ${tool.name} ${tool.version} with ${tool.engine}.</p></details>`;
}
