import type { LegReport, RoomReport } from '../domain/exchange/report/room-report';
import type { Gate } from '../domain/exchange/rounds/round';
import { formatCount } from '../domain/format';
import type { Certificate } from '../domain/privacy/certificate/certificate';
import { type Cast, findMember, showParty } from './cast';
import { formatDate, formatOdds, formatPlural } from './format';
import { html, type Markup } from './html';
import { GATE_TITLES, nameAll } from './words';

/** The answer first: delivered or withheld, and then why and what to change. */
export function renderVerdict(report: RoomReport, cast: Cast): Markup {
  const { agreement, produced, kind } = report;
  const unfair = kind === 'delivered' && report.parties.some(({ balance }) => balance?.withinTolerance === false);
  return html`<header class="verdict ${kind}"><div class="inner">
<p class="eyebrow">Room report · <bdi>${agreement.title}</bdi> · <time datetime="${produced}">${formatDate(produced)}</time></p>
<h1>${kind === 'delivered' ? `${nameAll(report.legs.length, 'release')} delivered` : 'Withheld: nothing was delivered'}</h1>
<p class="lede">${explainVerdict(report)}</p>
${unfair ? html`<p class="caution">The swap is outside the agreed tolerance for ${listUnfair(report)}. The agreement asks for a warning only; see <a href="#fairness">fairness</a>.</p>` : undefined}
${kind === 'withheld' ? renderCauses(report, cast) : undefined}
${renderKeyFigures(report)}
</div></header>`;
}

function explainVerdict({ kind, legs }: RoomReport): string {
  if (kind === 'delivered') return 'Every release passed every gate, and none was handed over before all could be.';
  const failed = legs.filter(({ state }) => state === 'failed').length;
  const held = legs.length - failed;
  const others = held === 1 ? 'The other release was' : `The other ${formatCount(held)} were`;
  const waiting = held === 0 ? '' : ` ${others} not handed over either: nobody takes who does not give.`;
  return failed === 0
    ? 'Not every release of the round came to a result.'
    : `${formatCount(failed)} of ${formatPlural(legs.length, 'release')} did not pass.${waiting}`;
}

function listUnfair({ parties }: RoomReport): readonly Markup[] {
  return parties
    .filter(({ balance }) => balance?.withinTolerance === false)
    .map(({ name }, at) => html`${at === 0 ? '' : ', '}<bdi>${name}</bdi>`);
}

interface Cause {
  readonly gate: Gate;
  readonly finding: string;
  readonly remedy?: string | undefined;
  readonly legs: readonly LegReport[];
}

/** Legs that failed for the same reason are told once: an unfair balance fails every leg of the round. */
function listCauses({ legs }: RoomReport): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const leg of legs) {
    for (const report of leg.gates) {
      if (report.state !== 'failed') continue;
      const { gate, finding, remedy } = report;
      const key = JSON.stringify([gate, finding, remedy]);
      causes.set(key, { gate, finding, remedy, legs: [...(causes.get(key)?.legs ?? []), leg] });
    }
  }
  return [...causes.values()];
}

function renderCauses(report: RoomReport, cast: Cast): Markup {
  const causes = listCauses(report);
  if (causes.length === 0) return html``;
  return html`<section class="causes" aria-labelledby="causes-title"><h2 id="causes-title">Why, and what to change</h2>
<ul>${causes.map(
    ({ gate, finding, remedy, legs }) =>
      html`<li><p class="cause-title"><strong>${GATE_TITLES[gate]}:</strong> ${legs.map(
        (leg, at) =>
          html`${at === 0 ? '' : ', '}<a href="#leg-${report.legs.indexOf(leg) + 1}">${leg.terms.dataset}</a> from ${showParty(findMember(cast, leg.terms.from))} to ${showParty(findMember(cast, leg.terms.to))}`,
      )}</p><p>${finding}</p>${remedy === undefined ? undefined : html`<p class="remedy"><strong>To change:</strong> ${remedy}</p>`}</li>`,
  )}</ul>
<p>The giver finds the particulars of its own delivery in its own notice; no other party sees them.</p></section>`;
}

function renderKeyFigures(report: RoomReport): Markup {
  const certified = report.legs.filter(({ certificate }) => certificate !== undefined);
  const released = certified.reduce((sum, { rows }) => sum + (rows?.released ?? 0), 0);
  const smallest = smallestClass(certified);
  const risks = certified.flatMap(({ certificate }) => greatestRisk(certificate!) ?? []);
  const measured = report.clauses.filter(({ binding }) => binding === 'release').length;
  const delivered = report.kind === 'delivered';
  const figures: readonly (readonly [string, string, string])[] = [
    [
      'Releases certified',
      `${certified.length} of ${report.legs.length}`,
      delivered ? 'handed over together' : 'none handed over',
    ],
    [
      delivered ? 'Rows released' : 'Rows held back',
      formatCount(released),
      `in ${formatPlural(certified.length, 'release')}`,
    ],
    ['Smallest class', smallest?.size ?? '–', smallest?.floor ?? 'no classes measured'],
    [
      'Highest risk',
      risks.length === 0 ? '–' : formatOdds(Math.max(...risks)),
      risks.length === certified.length
        ? 'to find one known person, as measured'
        : `to find one known person; not measured for ${formatCount(certified.length - risks.length)} of ${formatPlural(certified.length, 'release')}`,
    ],
    ['Clauses', formatCount(report.clauses.length), `${formatCount(measured)} measured on every release`],
  ];
  return html`<dl class="key-figures">${figures.map(
    ([name, figure, note]) => html`<div><dt>${name}</dt><dd><strong>${figure}</strong><span>${note}</span></dd></div>`,
  )}</dl>`;
}

/** By one release or by all that were laid side by side; nothing where no classes were measured. */
function greatestRisk({ risk, compositionRisk }: Certificate): number | undefined {
  if (risk === undefined) return undefined;
  const overRounds =
    compositionRisk === undefined || compositionRisk.leastGroup === 0 ? 0 : 1 / compositionRisk.leastGroup;
  return Math.max(risk.after.prosecutor, overRounds);
}

function smallestClass(legs: readonly LegReport[]): { readonly size: string; readonly floor: string } | undefined {
  const checks = legs.flatMap(({ floor }) => floor.filter(({ control }) => control === 'privacy.k'));
  const least = checks.reduce<(typeof checks)[number] | undefined>(
    (low, check) => ((check.measured ?? Infinity) < (low?.measured ?? Infinity) ? check : low),
    undefined,
  );
  if (least?.measured === undefined) return undefined;
  return { size: formatCount(least.measured), floor: `${least.unit}, agreed at least ${formatCount(least.agreed)}` };
}
