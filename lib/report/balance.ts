import type { PartyReport, RoomReport } from '../domain/exchange/report/room-report';
import { formatShare } from '../domain/format';
import { type Cast, type CastMember, findMember, showParty } from './cast';
import { formatSignedShare, formatWorth } from './format';
import { html, type Markup } from './html';
import { drawPlot, percent } from './plot';

/** What each party gives and gets in the agreement's own measure, and how far apart the two are. */
export function tabulateBalance(report: RoomReport, cast: Cast): Markup {
  const { tolerance, outside } = report.fairness;
  const differences = report.parties.map(({ balance }) => Math.abs(balance?.difference ?? 0));
  const reach = Math.max(0.05, 1.4 * (tolerance ?? 0), 1.1 * Math.max(...differences));
  const complete = report.legs.every(({ certificate }) => certificate !== undefined);
  const rule =
    tolerance === undefined
      ? 'The agreement sets no tolerance: the difference is shown, not judged.'
      : `A party may get up to ${formatShare(tolerance)} less than it gives; with less than that the round is ${outside === 'withhold' ? 'withheld' : 'delivered with a warning'}.`;
  // Explicit roles: on a phone the cells become a grid, which would cost the table its meaning.
  return html`<p>Worth is counted as agreed: released subjects (or rows) × weight of the dataset × quality of what is left after treatment. ${rule}${complete ? '' : ' This round is not judged: not every release is certified.'}</p>
<table class="balance" role="table"><caption>Balance per party</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Party</th><th role="columnheader" scope="col" class="n">Gives</th><th role="columnheader" scope="col" class="n">Gets</th><th role="columnheader" scope="col">Gets, against gives</th></tr></thead>
<tbody role="rowgroup">${report.parties.map((party) => tabulateParty(party, cast, tolerance, reach))}</tbody></table>
${tolerance === undefined ? undefined : html`<p class="note">A dot in the band: within what is agreed. Its middle: as much got as given; to the right of it, more.</p>`}`;
}

function tabulateParty(party: PartyReport, cast: Cast, tolerance: number | undefined, reach: number): Markup {
  const member = findMember(cast, party.id);
  const { balance } = party;
  const name = html`<th role="rowheader" scope="row">${showParty(member)}</th>`;
  const { gives, gets, difference, withinTolerance } = balance ?? { gives: 0, gets: 0, withinTolerance: true };
  return html`<tr role="row">${name}<td role="cell" class="n" data-label="gives">${formatWorth(gives)}</td><td role="cell" class="n" data-label="gets">${formatWorth(gets)}</td>
<td role="cell">${
    difference === undefined
      ? html`<span class="soft">not judged</span>`
      : html`<span class="difference"><strong>${formatSignedShare(difference)}</strong> ${judgeBalance(tolerance, withinTolerance)}</span>${drawDifference(member, difference, tolerance, reach)}`
  }</td></tr>`;
}

function judgeBalance(tolerance: number | undefined, within: boolean): Markup | undefined {
  if (tolerance === undefined) return undefined;
  return within ? html`<span class="good">✓ within</span>` : html`<span class="bad">✕ outside</span>`;
}

function drawDifference(
  { at: index, hue, name }: CastMember,
  difference: number,
  tolerance: number | undefined,
  reach: number,
): Markup {
  const at = (share: number): number => 0.5 + share / reach / 2;
  const allowed = tolerance === undefined ? '' : `, at least −${formatShare(tolerance)} is agreed`;
  return drawPlot(
    { id: `balance-${index + 1}`, title: `Balance of ${name}`, text: `${formatSignedShare(difference)}${allowed}.` },
    18,
    html`<line class="axis" x1="0" x2="100%" y1="9" y2="9"/>
${tolerance === undefined ? undefined : html`<rect class="band" x="${percent(at(-tolerance))}" width="${percent(1 - at(-tolerance))}" y="2" height="14" rx="3"/>`}
<line class="axis" x1="50%" x2="50%" y1="0" y2="18"/>
<line class="reach ${hue}" x1="50%" x2="${percent(at(difference))}" y1="9" y2="9"/><circle class="dot ${hue}" cx="${percent(at(difference))}" cy="9" r="5"/>`,
  );
}
