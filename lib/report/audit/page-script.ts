import { LEDGER_EVIDENCE } from '../../domain/audit/ledger-evidence';
import { ACCESS_STATES } from './access-state';
import { STATE_WORDS } from './audit-words';

/** Rows of a page of the table. */
const PAGE_ROWS = 25;

/**
 * Search and filter over the packed rows. Plain JavaScript for the browser; everything that comes from a log is set as
 * text, never as HTML. Where the browser cannot unpack, the page stays as it reads without script.
 */
export const PAGE_SCRIPT = `(async () => {
'use strict';
const byId = (id) => document.getElementById(id);
const pieces = [...document.querySelectorAll('.packed')];
if (pieces.length === 0 || typeof DecompressionStream === 'undefined') return;
const STATES = ${JSON.stringify(ACCESS_STATES.map((state) => STATE_WORDS[state]))};
const PAGE = ${PAGE_ROWS};
const LEDGER = ${JSON.stringify(LEDGER_EVIDENCE)};
const [PARTY, DATASET, LEG, CLAUSE, DECISION, OPERATION, RESOURCE, ACTOR, ACCOUNT, IP, AGENT, ERROR, FOUND, FILE] = Array(14).keys();
const [STATE, BYTES, RECORD] = Array(3).keys();
const unpack = (text) => {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
};
const times = [];
const texts = Array.from({ length: 14 }, () => ({ of: [], at: [], places: new Map() }));
const numbers = Array.from({ length: 3 }, () => []);
for (const piece of pieces) {
  const packed = await unpack(piece.textContent);
  piece.remove();
  let time = 0;
  for (const step of packed.times) times.push(time += step);
  for (const [column, { of, at, places }] of texts.entries()) {
    const moved = packed.texts[column].of.map((text) => {
      if (!places.has(text)) places.set(text, of.push(text) - 1);
      return places.get(text);
    });
    for (const place of packed.texts[column].at) at.push(moved[place]);
  }
  for (const [column, values] of numbers.entries()) for (const value of packed.numbers[column]) values.push(value);
}
const lower = texts.map(({ of }) => of.map((text) => text.toLowerCase()));
const badges = new Map([...byId('parties').content.children].map((each) => [each.dataset.party, each.firstElementChild]));
const form = byId('filter');
const status = byId('rows-status');
const body = byId('rows').tBodies[0];
const pager = byId('pager');
const [previous, next] = pager.querySelectorAll('button');
const where = pager.querySelector('span');
const count = (number) => number.toLocaleString('en-GB');
const visible = (text) => text.replace(/(?![\\n\\t])[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}]/gu, (character) => '[U+' + character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0') + ']');
const textOf = (column, row) => visible(texts[column].of[texts[column].at[row]]);
const fill = (name, column) => {
  const names = new Map([...badges].map(([party, badge]) => [party, badge.querySelector('bdi')?.textContent]));
  const options = texts[column].of.map((value, at) => ({ at, label: value === '' ? '(none)' : visible(column === PARTY ? names.get(value) ?? value : value) }));
  options.sort((left, right) => left.label.localeCompare(right.label, 'en'));
  for (const { at, label } of options) form.elements[name].add(new Option(label, String(at)));
};
fill('party', PARTY);
fill('dataset', DATASET);
fill('clause', CLAUSE);
let matches = [];
let first = 0;
const search = () => {
  const value = (name) => form.elements[name].value;
  const words = value('text').toLowerCase().split(/\\s+/).filter((word) => word !== '');
  const hits = words.map((word) => lower.map((column) => Uint8Array.from(column, (text) => text.includes(word) ? 1 : 0)));
  const equal = [['party', PARTY], ['dataset', DATASET], ['clause', CLAUSE]].filter(([name]) => value(name) !== '').map(([name, column]) => [texts[column].at, Number(value(name))]);
  const state = value('state') === '' ? -1 : Number(value('state'));
  const from = value('from') === '' ? -Infinity : Date.parse(value('from')) / 1000;
  const to = value('to') === '' ? Infinity : Date.parse(value('to')) / 1000 + 86400;
  matches = [];
  for (let row = 0; row < times.length; row += 1) {
    if (times[row] < from || times[row] >= to) continue;
    if (state >= 0 && numbers[STATE][row] !== state) continue;
    if (equal.some(([column, wanted]) => column[row] !== wanted)) continue;
    if (hits.some((columns) => !columns.some((hit, column) => hit[texts[column].at[row]] === 1))) continue;
    matches.push(row);
  }
  first = 0;
  show();
};
const element = (name, className, ...children) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
};
const isolated = (text) => element('bdi', '', text);
const note = (...children) => element('span', 'note', ...children);
const size = (amount) => {
  const power = amount < 1000 ? 0 : Math.min(5, Math.floor(Math.log10(amount) / 3));
  const scaled = amount / 1000 ** power;
  return (scaled < 10 && power > 0 ? scaled.toFixed(1) : Math.round(scaled)) + ' ' + ['B', 'kB', 'MB', 'GB', 'TB', 'PB'][power];
};
const cell = (className, ...children) => {
  const made = element('td', className, ...children);
  made.setAttribute('role', 'cell');
  return made;
};
const draw = (row) => {
  const iso = new Date(times[row] * 1000).toISOString();
  const time = element('time', '', iso.slice(0, 10), element('br', ''), ' ' + iso.slice(11, 19));
  time.dateTime = iso;
  const party = texts[PARTY].of[texts[PARTY].at[row]];
  const who = (badges.get(party) ?? element('span', 'party', isolated(visible(party)))).cloneNode(true);
  const moved = numbers[BYTES][row];
  const clause = textOf(CLAUSE, row);
  const leg = textOf(LEG, row);
  const { label, tone } = STATES[numbers[STATE][row]];
  const line = element('tr', '',
    cell('when', time),
    cell('', who, note(isolated(textOf(ACTOR, row))), note(textOf(ACCOUNT, row) + ' ', isolated(textOf(IP, row)))),
    cell('what', element('code', '', textOf(OPERATION, row)), note(isolated(textOf(RESOURCE, row))), note(moved === 0 ? '' : size(moved))),
    cell('', ...(clause === '' ? [] : ['clause ', element('strong', '', clause), note(isolated(textOf(DECISION, row)))]), note(leg === '' ? textOf(FOUND, row) : leg)),
    cell('', element('span', 'pill ' + tone, label), note(isolated(textOf(ERROR, row))), element('details', 'proofs', element('summary', '', 'evidence'), note(isolated(textOf(FILE, row)), (textOf(FILE, row) === LEDGER ? ' entry ' : ' record ') + numbers[RECORD][row]), note(textOf(FOUND, row)), note(isolated(textOf(AGENT, row))))));
  line.setAttribute('role', 'row');
  return line;
};
const show = () => {
  body.replaceChildren(...matches.slice(first, first + PAGE).map(draw));
  const last = Math.min(matches.length, first + PAGE);
  status.textContent = matches.length === 0 ? 'No access matches.' : count(matches.length) + (matches.length === 1 ? ' access' : ' accesses') + (matches.length === times.length ? '' : ' of ' + count(times.length) + ' match') + '.';
  where.textContent = matches.length === 0 ? '' : count(first + 1) + '–' + count(last) + ' of ' + count(matches.length);
  previous.disabled = first === 0;
  next.disabled = last >= matches.length;
  pager.hidden = matches.length <= PAGE;
};
const turn = (by) => {
  first = Math.max(0, first + by * PAGE);
  show();
  byId('rows').scrollIntoView();
};
previous.addEventListener('click', () => turn(-1));
next.addEventListener('click', () => turn(1));
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(search));
let waiting = 0;
form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
form.hidden = false;
search();
})();`;
