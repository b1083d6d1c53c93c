import type { PartyAccesses } from '../../domain/audit/report/access-summary';
import { formatCount } from '../../domain/format';
import { formatBytes, formatInstant } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

/** What each party did, under which clause. */
export function tabulateParties(page: AuditPage): Markup {
  const { byParty } = page.report.accesses;
  if (byParty.length === 0) return html`<p class="soft">No party made a request.</p>`;
  const clauses = new Map(
    page.report.agreements.flatMap(({ id, clauses: all }) => all.map((clause) => [`${id} ${clause.id}`, clause.text])),
  );
  // Of a clause that several rows have, the first says it.
  const told = new Set<string>();
  const textOf = ({ agreement, clause }: PartyAccesses) => {
    const name = `${agreement?.id} ${clause}`;
    if (told.has(name)) return undefined;
    told.add(name);
    return clauses.get(name);
  };
  return html`<table class="rows by-party" role="table"><caption class="hidden">Accesses by party and clause</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Party</th><th role="columnheader" scope="col">Clause</th><th role="columnheader" scope="col">Leg and act</th><th role="columnheader" scope="col" class="n">Allowed</th><th role="columnheader" scope="col" class="n">Refused</th><th role="columnheader" scope="col" class="n">Moved</th><th role="columnheader" scope="col">First and last (UTC)</th></tr></thead>
<tbody role="rowgroup">${byParty.map((each) => renderParty(page, each, textOf(each)))}</tbody></table>`;
}

function renderParty({ cast, datasetOf }: AuditPage, each: PartyAccesses, text: string | undefined): Markup {
  const { party, agreement, leg, clause, effect, act, allowed, refused, bytesOut, bytesIn, first, last } = each;
  return html`<tr role="row"><td role="cell">${showAnyParty(cast, party)}</td>
<td role="cell">${clause === undefined ? renderUndecided(each) : html`<strong>${clause}</strong> ${effect === 'forbid' ? html`<span class="pill bad">forbids</span>` : undefined}${text === undefined ? undefined : html`<span class="note"><bdi>${text}</bdi></span>`}`}</td>
<td role="cell">${leg === undefined ? undefined : html`<bdi>${datasetOf(leg) ?? leg}</bdi> · `}${act}${agreement === undefined ? undefined : html`<span class="note"><bdi>${agreement.id}</bdi> v${agreement.version}</span>`}</td>
<td role="cell" class="n" data-label="allowed">${formatCount(allowed)}</td><td role="cell" class="n" data-label="refused">${formatCount(refused)}</td><td role="cell" class="n" data-label="moved">${formatBytes(bytesOut + bytesIn)}</td>
<td role="cell" class="when"><span class="note">${formatInstant(first)}</span><span class="note">${formatInstant(last)}</span></td></tr>`;
}

/** Where no decision held: at its own door a party needs none. */
function renderUndecided({ party, leg }: PartyAccesses): Markup {
  if (party === undefined) return html`<span class="pill bad">no decision</span>`;
  const [label, tone] = leg === undefined ? ['at its own door', 'plain'] : ['no decision', 'bad'];
  return html`<span class="pill ${tone}">${label}</span>`;
}
