import { formatCount } from '../../domain/format';
import { formatInstant, formatPlural } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';

/** What no report of its time could tell; nothing where this report follows none. */
export function renderLate({ report: { header, accesses } }: AuditPage): Markup | undefined {
  if (header.after === undefined) return undefined;
  const { late } = accesses;
  const found =
    late === undefined
      ? html`<p>Nothing of these times was delivered after their reports.</p>`
      : html`<p><strong>${formatPlural(late.accesses, 'access')}</strong> of ${formatInstant(late.first)} to ${formatInstant(late.last)} UTC: no report told of them, this one counts them. ${late.further === 0 ? '' : `${formatPlural(late.further, 'further record')} of accesses that were told are shown, and not counted again. `}In the plots are none of them; in the list below each says “came late”.</p>`;
  return html`<div class="card"><h3 id="late">Came late</h3>${found}<p class="soft">Compared with ${formatCount(header.after.length)} earlier report${header.after.length === 1 ? '' : 's'}: ${header.after.map(({ from, to }, at) => html`${at === 0 ? '' : ', '}${formatInstant(from)} to ${formatInstant(to)}`)}.</p></div>
`;
}
