import { isProven } from '../../domain/audit/attribution/is-proven';
import type { AuditReport, AuditVerdict } from '../../domain/audit/report/audit-report';
import { formatCount, formatShare } from '../../domain/format';
import { formatDate, formatPlural } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

const HEADLINES: Readonly<Record<AuditVerdict['kind'], string>> = {
  clean: 'Every access is explained, and the logs are whole',
  doubtful: 'Nothing forbidden is known, but not all is proven',
  breached: 'Data were reached, and no clause and decision allowed it',
};
/** Where that is all that is forbidden. */
const RECORD_WRITTEN = 'What is on record was written by others than the room';

const TONES: Readonly<Record<AuditVerdict['kind'], string>> = {
  clean: 'delivered',
  doubtful: 'doubtful',
  breached: 'withheld',
};

/** The answer first. */
export function renderAuditVerdict({ report, cast }: AuditPage): Markup {
  const { verdict, header } = report;
  const { period, produced, recipient } = header;
  return html`<header class="verdict ${TONES[verdict.kind]}"><div class="inner">
<p class="eyebrow">Audit report${recipient === undefined ? '' : html` of what concerns ${showAnyParty(cast, recipient.party)} in <bdi>${recipient.agreement}</bdi>`} · <time datetime="${period.from}">${formatDate(period.from)}</time> to <time datetime="${period.to}">${formatDate(period.to)}</time> · produced <time datetime="${produced}">${formatDate(produced)}</time></p>
<h1>${isOfRecordAlone(report) ? RECORD_WRITTEN : HEADLINES[verdict.kind]}</h1>
<p class="lede">${verdict.sentence} <a href="#reliance">What this takes on trust</a></p>
${report.accesses.pending > 0 ? html`<p class="caution">Counted but not judged yet: ${formatPlural(report.accesses.pending, 'access')} at or after ${formatDate(header.watermark)}. What belongs there may still be on its way.</p>` : undefined}
${renderKeyFigures(report)}
</div></header>`;
}

function isOfRecordAlone({ exceptions: { counts } }: AuditReport): boolean {
  const breaches = counts.filter(({ severity }) => severity === 'breach');
  return breaches.length > 0 && breaches.every(({ kind }) => kind === 'record-changed');
}

function renderKeyFigures({ accesses, exceptions, coverage, releases, agreements, parties }: AuditReport): Markup {
  const outside = accesses.total - accesses.internal;
  const { toDecide } = accesses;
  const count = (severity: string) =>
    exceptions.counts.reduce((sum, each) => sum + (each.severity === severity ? each.count : 0), 0);
  const hours = coverage.reduce((sum, run) => sum + run.hours, 0);
  const proven = coverage.reduce((sum, run) => sum + (isProven(run) ? run.hours : 0), 0);
  const figures: readonly (readonly [string, string, string])[] = [
    [
      'Accesses from outside',
      formatCount(outside),
      `${formatCount(parties.length)} parties, ${formatPlural(agreements.length, 'agreement')}`,
    ],
    [
      'Tied to clause and decision',
      toDecide === 0 ? '–' : formatShare(accesses.decided / toDecide),
      `${formatCount(accesses.decided)} of ${formatCount(toDecide)} that needed one; ${formatPlural(accesses.refused, 'attempt')} refused or failed`,
    ],
    [
      'Breaches',
      formatCount(count('breach')),
      `${formatPlural(count('gap'), 'gap')}, ${formatPlural(count('notice'), 'notice')}`,
    ],
    [
      'Hours proven',
      hours === 0 ? '–' : formatShare(proven / hours),
      `${formatCount(proven)} of ${formatCount(hours)} trail hours`,
    ],
    [
      'Releases certified',
      formatCount(releases.length),
      releases.length === 0 ? 'no certificate was given' : 'each with hash and measured risk',
    ],
  ];
  return html`<dl class="key-figures">${figures.map(
    ([name, figure, note]) => html`<div><dt>${name}</dt><dd><strong>${figure}</strong><span>${note}</span></dd></div>`,
  )}</dl>`;
}
