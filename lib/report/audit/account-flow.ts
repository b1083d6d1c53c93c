import type { AccountFlow } from '../../domain/audit/report/access-summary';
import { formatCount } from '../../domain/format';
import { drawArrow, placeLabel } from '../arrow';
import { formatBytes, formatPlural } from '../format';
import { html, type Markup } from '../html';
import { drawPlot, percent } from '../plot';
import type { AuditPage } from './audit-page';

interface Account {
  readonly id: string;
  readonly name: string;
  readonly mark: string;
  readonly hue: string;
}

const HEIGHT = 62;
/** Drawn; the table has more. */
const MOST_ARROWS = 10;
const MOST_ACCOUNTS = 8;
const MOST_ROWS = 50;

/** What went from which account to which: read there, or written there. */
export function drawAccountFlow(page: AuditPage): Markup {
  const { flows } = page.report.accesses;
  if (flows.length === 0)
    return html`<p class="soft">Nothing crossed from one account to another.</p><figcaption>${HOW_COUNTED}</figcaption>`;
  const drawn = chooseFlows(flows);
  const ids = [...new Set(drawn.flatMap(({ from, to }) => [from, to]))];
  const accounts = ids.map((id) => describeAccount(page, id));
  const most = Math.max(1, ...drawn.map(({ bytes }) => bytes));
  return html`${
    drawn.length === 0
      ? undefined
      : html`<div class="flow${accounts.length > 4 ? ' crowded' : ''}" style="--parties:${accounts.length}"><ul class="flow-parties">${accounts.map(({ id, name, mark, hue }) => html`<li><span class="badge ${hue}" aria-hidden="true">${mark}</span><span class="flow-party"><bdi>${name}</bdi><span class="note">${id}</span></span></li>`)}</ul>
<ol class="flow-legs">${drawn.map((flow, at) => html`<li>${drawFlowArrow(flow, at, accounts, most)}</li>`)}</ol></div>`
  }${tabulate(page, flows)}<figcaption>${[HOW_COUNTED, ...describeLeftOut(flows, drawn)].join(' ')}</figcaption>`;
}

const HOW_COUNTED =
  'What a party does by a role of the room, by SFTP or by a link is counted as of its own account. What moves no data (signing in, listing, deleting, a key) is not counted.';

/** What was counted, and has no arrow. */
function describeLeftOut(flows: readonly AccountFlow[], drawn: readonly DrawnFlow[]): readonly string[] {
  const arrows = new Set(drawn.map(({ from, to }) => `${from} ${to}`));
  const isUntold = ({ from, to }: AccountFlow) => from === undefined || to === undefined;
  const isWithin = ({ from, to }: AccountFlow) => from !== undefined && from === to;
  const isBeyond = (flow: AccountFlow) => !isUntold(flow) && !isWithin(flow) && !arrows.has(`${flow.from} ${flow.to}`);
  const groups = [
    ['within one account', flows.filter(isWithin)],
    ['of which an account is not told', flows.filter(isUntold)],
    ['between further accounts', flows.filter(isBeyond)],
  ] as const;
  const left = groups.flatMap(([where, those]) => {
    const sum = (of: 'accesses' | 'bytes') => those.reduce((total, flow) => total + flow[of], 0);
    return those.length === 0
      ? []
      : [`${formatPlural(sum('accesses'), 'access')} ${where} (${formatSent(sum('bytes'))})`];
  });
  return left.length === 0 ? [] : [`Without an arrow: ${left.join(', ')}.`];
}

type DrawnFlow = AccountFlow & { readonly from: string; readonly to: string };

function chooseFlows(flows: readonly AccountFlow[]): readonly DrawnFlow[] {
  const seen = new Set<string>();
  const drawn: DrawnFlow[] = [];
  for (const { from, to, ...rest } of flows) {
    if (from === undefined || to === undefined || from === to || drawn.length >= MOST_ARROWS) continue;
    const added = [from, to].filter((id) => !seen.has(id));
    if (seen.size + added.length > MOST_ACCOUNTS) continue;
    for (const id of added) seen.add(id);
    drawn.push({ from, to, ...rest });
  }
  return drawn;
}

function describeAccount({ report, cast }: AuditPage, id: string): Account {
  const party = report.parties.find(({ account }) => account === id);
  const member = party === undefined ? undefined : cast.get(party.id);
  if (member !== undefined) return { id, name: member.name, mark: member.mark, hue: member.hue };
  if (report.header.room.accounts.includes(id)) return { id, name: 'the room', mark: '⌂', hue: 'room' };
  return { id, name: 'no party', mark: '?', hue: 'stranger' };
}

function drawFlowArrow(
  { from, to, accesses, bytes }: DrawnFlow,
  at: number,
  accounts: readonly Account[],
  most: number,
): Markup {
  const place = (id: string) => (accounts.findIndex((account) => account.id === id) + 0.5) / accounts.length;
  const [x1, x2] = [place(from), place(to)];
  const [source, target] = [from, to].map((id) => accounts.find((account) => account.id === id));
  const label = placeLabel(x1, x2);
  const width = Math.round(2 + 4 * Math.sqrt(bytes / most));
  const amount = formatSent(bytes);
  const words = formatPlural(accesses, 'access');
  return drawPlot(
    { id: `account-flow-${at + 1}`, title: `${source?.name} → ${target?.name}`, text: `${amount}, in ${words}.` },
    HEIGHT,
    html`${accounts.map(({ hue }, column) => html`<line class="lane ${hue}" x1="${percent((column + 0.5) / accounts.length)}" x2="${percent((column + 0.5) / accounts.length)}" y1="0" y2="${HEIGHT}"/>`)}${drawArrow(x1, x2, width, target?.hue ?? '', 'flowed')}
<text class="flow-what" x="${percent(label.x)}" y="17" dx="${label.dx}" text-anchor="${label.anchor}">${amount}</text>
<text class="flow-rows" x="${percent(label.x)}" y="53" dx="${label.dx}" text-anchor="${label.anchor}">${words}</text>`,
  );
}

/** Data moved, and no record tells how much: so it is with every export of a data set. */
function formatSent(bytes: number): string {
  return bytes === 0 ? 'size not told' : formatBytes(bytes);
}

function tabulate(page: AuditPage, flows: readonly AccountFlow[]): Markup {
  const name = (id: string | undefined) =>
    id === undefined
      ? html`<span class="soft">not told</span>`
      : html`<bdi>${describeAccount(page, id).name}</bdi><span class="note">${id}</span>`;
  const shown = flows.slice(0, MOST_ROWS);
  return html`<details class="listed"><summary>Figures</summary><table class="figures"><caption>Data sent from one account to another${flows.length > shown.length ? `, the largest ${formatCount(shown.length)} of ${formatCount(flows.length)}` : ''}</caption>
<thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col" class="n">Accesses</th><th scope="col" class="n">Sent</th></tr></thead>
<tbody>${shown.map(({ from, to, accesses, bytes }) => html`<tr><td>${name(from)}</td><td>${name(to)}</td><td class="n">${formatCount(accesses)}</td><td class="n">${formatSent(bytes)}</td></tr>`)}</tbody></table></details>`;
}
