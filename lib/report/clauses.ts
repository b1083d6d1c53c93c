import type { ClauseReport, Evidence, RoomReport } from '../domain/exchange/report/room-report';
import { formatCount, formatShare } from '../domain/format';
import { type Cast, findMember } from './cast';
import { formatList, formatPlural, formatSignedShare } from './format';
import { html, type Markup } from './html';
import { formatAgreed, formatMeasure, GATE_TITLES, nameAll } from './words';

/** Every clause of the agreement, what enforces it, and what this round has to show for it. */
export function tabulateClauses(report: RoomReport, cast: Cast): Markup {
  const { clauses } = report;
  if (clauses.length === 0) return html`<p>The agreement names no clauses.</p>`;
  // Explicit roles: on a phone the cells become blocks, which would cost the table its meaning.
  return html`<ul class="coverage">${BINDINGS.map(({ binding, words }) => {
    const count = clauses.filter((clause) => clause.binding === binding).length;
    return html`<li class="${binding}"><strong>${formatCount(count)}</strong> ${words}</li>`;
  })}</ul>
<table class="clauses" role="table"><caption>Clauses, controls and evidence</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Clause</th><th role="columnheader" scope="col">Enforced by</th><th role="columnheader" scope="col">Evidence in this round</th></tr></thead>
<tbody role="rowgroup">${clauses.map((clause) => tabulateClause(clause, report, cast))}</tbody></table>`;
}

const BINDINGS: readonly { readonly binding: ClauseReport['binding']; readonly words: string }[] = [
  { binding: 'release', words: 'measured on every release' },
  { binding: 'room', words: 'enforced by the deployed room' },
  { binding: 'legal-only', words: 'legal only' },
];

/** One row per control. */
function tabulateClause({ id, text, binding, controls }: ClauseReport, report: RoomReport, cast: Cast): Markup {
  const clause = html`<strong>${id}</strong> <span><bdi>${text}</bdi></span>`;
  if (binding === 'legal-only') {
    return html`<tr role="row"><th role="rowheader" scope="row">${clause}</th><td role="cell"><span class="pill plain">Legal only</span></td><td role="cell" class="soft">Nothing is measured: the law and the contract enforce it.</td></tr>`;
  }
  const head = html`<th role="rowheader" scope="row" rowspan="${controls.length}">${clause}</th>`;
  return html`${controls.map(
    (
      { id: control, title, setting, evidence },
      at,
    ) => html`<tr role="row" class="${at === 0 ? 'first' : 'more'}">${at === 0 ? head : undefined}
<td role="cell">${title}<span class="note"><code>${control}</code> ${setting}</span></td>
<td role="cell">${showEvidence(evidence, report, cast)}</td></tr>`,
  )}`;
}

/** Longer lists fold. */
const MOST_OPEN = 4;

function showEvidence(evidence: readonly Evidence[], report: RoomReport, cast: Cast): Markup {
  if (evidence.length === 0) return html`<span class="soft">No leg of this round is concerned.</span>`;
  const list = html`<ul class="evidence">${evidence.map((entry) => html`<li>${describeEvidence(entry, report, cast)}</li>`)}</ul>`;
  if (evidence.length <= MOST_OPEN) return list;
  return html`<details><summary>${summariseEvidence(evidence)}</summary>${list}</details>`;
}

function summariseEvidence(evidence: readonly Evidence[]): string {
  const unmeasured = evidence.filter(({ kind }) => kind === 'unmeasured').length;
  const broken = evidence.filter(isBroken).length;
  const parts = [
    ...(broken > 0 ? [`${formatCount(broken)} broken`] : []),
    ...(unmeasured > 0 ? [`${formatCount(unmeasured)} not measured`] : []),
  ];
  const verdict = parts.length === 0 ? 'all hold' : formatList(parts);
  return `${formatPlural(evidence.length, 'figure')}, ${verdict}`;
}

function isBroken(entry: Evidence): boolean {
  if (entry.kind === 'floor') return entry.check.holds === false;
  if (entry.kind === 'cleaned') return exceeds(entry);
  if (entry.kind === 'searched') return !entry.isClean;
  if (entry.kind === 'expected') return !entry.isMet;
  return entry.kind === 'balance' && !entry.balance.withinTolerance;
}

function exceeds({ rows, rejectAbove }: Extract<Evidence, { kind: 'cleaned' }>): boolean {
  return rows.rejected > rejectAbove * rows.received;
}

function describeEvidence(entry: Evidence, report: RoomReport, cast: Cast): Markup {
  switch (entry.kind) {
    case 'floor': {
      const { check } = entry;
      const column = check.column === undefined ? undefined : html`<code><bdi>${check.column}</bdi></code> `;
      const measured = check.measured === undefined ? 'not measured' : formatMeasure(check.unit, check.measured);
      return html`${nameLeg(entry.leg, report, cast)} ${column}${check.figure === undefined ? undefined : `${check.figure} `}<strong>${measured}</strong>, agreed ${formatAgreed(check)} ${judge(check.holds !== false)}`;
    }
    case 'treated':
      return html`${nameLeg(entry.leg, report, cast)} ${entry.columns.map((column, at) => html`${at === 0 ? '' : ', '}<code><bdi>${column}</bdi></code>`)}`;
    case 'cleaned': {
      const { rows, rejectAbove } = entry;
      const limit = rejectAbove < 1 ? `, agreed at most ${formatShare(rejectAbove)}` : '';
      const share = rows.received === 0 ? 0 : rows.rejected / rows.received;
      return html`${nameLeg(entry.leg, report, cast)} <strong>${formatPlural(rows.rejected, 'row')} rejected</strong> (${formatShare(share)}${limit}) ${judge(!exceeds(entry))}`;
    }
    case 'certified':
      return html`${nameLeg(entry.leg, report, cast)} certificate for release <code>${entry.output.slice(0, 12)}…</code>`;
    case 'searched':
      return html`${nameLeg(entry.leg, report, cast)} ${entry.isClean ? 'no undeclared identifier found' : 'an undeclared identifier found'} ${judge(entry.isClean)}`;
    case 'expected':
      return html`${nameLeg(entry.leg, report, cast)} ${entry.isMet ? 'holds what its receiver expects' : 'falls short of what its receiver expects'} ${judge(entry.isMet)}`;
    case 'unmeasured':
      return html`${nameLeg(entry.leg, report, cast)} <span class="soft">not measured${entry.stoppedAt === undefined ? '' : `: stopped at ${GATE_TITLES[entry.stoppedAt].toLowerCase()}`}</span>`;
    case 'escrow':
      return entry.delivered
        ? html`${nameAll(entry.legs, 'release')} appeared at the same time ${judge(true)}`
        : html`${entry.certified} of ${formatPlural(entry.legs, 'release')} certified, none handed over ${judge(true)}`;
    case 'balance':
      return html`<bdi>${findMember(cast, entry.party).name}</bdi>: ${
        entry.balance.difference === undefined
          ? html`<span class="soft">not judged</span>`
          : html`<strong>${formatSignedShare(entry.balance.difference)}</strong> ${judge(entry.balance.withinTolerance)}`
      }`;
    case 'room':
      return html`<span class="soft">Enforced by the deployed room; a rehearsal on one machine does not show it.</span>`;
    case 'applied':
      return html`Part of every release of this round`;
  }
}

function nameLeg(at: number, { legs }: RoomReport, cast: Cast): Markup {
  const leg = legs[at];
  if (leg === undefined) return html``;
  const { dataset, to } = leg.terms;
  return html`<a href="#leg-${at + 1}">${dataset} → <bdi>${findMember(cast, to).name}</bdi></a>:`;
}

function judge(holds: boolean): Markup {
  return holds
    ? html`<span class="good">✓</span><span class="hidden"> holds</span>`
    : html`<span class="bad">✕ broken</span>`;
}
