import type { AuditedIntegrity, AuditedTrail, AuditHeader } from '../../domain/audit/report/audit-header';
import { listChanged } from '../../domain/audit/report/list-changed';
import { formatCount } from '../../domain/format';
import { isRoomFunction } from '../../domain/room/room-names';
import { formatBytes, formatInstant, formatPlural } from '../format';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';

const MOST_FILES = 50;

/** Whether the log files are what AWS delivered. */
export function renderIntegrity({ report: { header } }: AuditPage): Markup {
  return html`${describeIntegrity(header.integrity)}${describeLedger(header.ledger)}`;
}

function describeIntegrity(integrity: AuditedIntegrity): Markup {
  if (integrity.kind === 'not-checked') {
    return html`<p><span class="pill warn">not checked</span> No digests were given: nothing here vouches for the log files. Run the audit again with the trail’s digests and their signatures.</p>`;
  }
  const { kind, digests, logs, findings, findingsBeyond } = integrity;
  return html`<p><span class="pill ${kind === 'intact' ? 'good' : 'bad'}">${kind}</span> Of ${formatPlural(logs.given, 'log file')} that were given, ${formatCount(logs.believed)} agree with a believed digest; of ${formatPlural(digests.given, 'digest')}, ${formatCount(digests.believed)} are signed by AWS and chained to the one before.${findings.length === 0 ? '' : ' What was found:'}</p>
${findings.length === 0 ? undefined : html`<table class="rows" role="table"><caption class="hidden">What keeps files from being believed</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Finding</th><th role="columnheader" scope="col">File</th><th role="columnheader" scope="col">Why</th></tr></thead><tbody role="rowgroup">${findings.map(({ kind: what, file, field, detail, outside }) => html`<tr role="row"><td role="cell"><strong>${what.replaceAll('-', ' ')}</strong>${outside ? html`<span class="note">of another time than the period</span>` : undefined}</td><td role="cell"><code><bdi>${file}</bdi></code><span class="note">${field}</span></td><td role="cell"><bdi>${detail}</bdi></td></tr>`)}</tbody></table>`}
${findingsBeyond > 0 ? html`<p class="soft">${formatCount(findingsBeyond)} more findings; all are in <code>exceptions.csv</code>.</p>` : undefined}`;
}

function describeLedger(ledger: AuditHeader['ledger']): Markup {
  if (ledger === undefined) return html`<p class="soft">No access ledger was given to this report.</p>`;
  return html`<p><span class="pill ${ledger.verified ? 'good' : 'bad'}">ledger ${ledger.verified ? 'verified' : 'not verified'}</span> <code><bdi>${ledger.origin}</bdi></code> holds ${formatPlural(ledger.size, 'entry').replace('entrys', 'entries')}; its root is <code class="hash">${ledger.root}</code>. Compare it with the checkpoint in your own outbox: if they differ, somebody was told another history.</p>`;
}

/** Where a proof ends, and who can tell beyond. */
export function renderReliance({ report: { reliance } }: AuditPage): Markup {
  return html`<p>The verdict hangs on these, and nothing in this report proves them:</p><ul class="selectors">${reliance.map(({ on, sentence }) => html`<li class="${on}"><bdi>${sentence}</bdi></li>`)}</ul>`;
}

/** What was recorded at all, and whether that was changed. */
export function renderTrails(page: AuditPage): Markup {
  const { header, exceptions } = page.report;
  const changes = exceptions.counts.find(({ kind }) => kind === 'logging-changed')?.count ?? 0;
  return html`<ul class="trails">${header.trails.map(renderTrail)}</ul>
<p>${changes === 0 ? html`<span class="good">✓</span> No change of trail, selectors or bucket logging is on record in this period.` : html`<span class="bad">▲</span> ${formatPlural(changes, 'change')} of the logging: see <a href="#exception-logging-changed">exceptions</a>.`}</p>`;
}

function renderTrail({ trail, account, region, selectors }: AuditedTrail): Markup {
  return html`<li><strong><bdi>${trail}</bdi></strong> <span class="soft">${account} · ${region}</span>${selectors === undefined ? html`<span class="note">Its selectors were not given to this report; what it does not record cannot be missed here.</span>` : html`<ul class="selectors">${selectors.map((selector) => html`<li><bdi>${selector}</bdi></li>`)}</ul>`}</li>`;
}

/** What was read, file by file and record by record. */
export function renderInputs({ report: { header } }: AuditPage): Markup {
  const { inputs, records } = header;
  const listed = inputs.listed.slice(0, MOST_FILES);
  return html`<p>${formatPlural(inputs.files, 'file')}, ${formatBytes(inputs.bytes)}: what is on record, digests and logs. SHA-256 of <code>inputs.sha256</code>, which has the hash of each:</p><p><code class="hash">${inputs.sha256}</code></p>
<dl class="terms"><div><dt>Records read</dt><dd>${formatCount(records.read)}</dd></div><div><dt>Accesses</dt><dd>${formatCount(records.accesses)}</dd></div><div><dt>Copies of these</dt><dd>${formatCount(records.duplicates)}</dd></div><div><dt>Copies that differ</dt><dd>${formatCount(records.conflicts)}</dd></div>${records.entered === undefined ? undefined : html`<div><dt>In the ledger, in none of the logs</dt><dd>${formatCount(records.entered)}</dd></div>`}<div><dt>The room’s own, counted</dt><dd>${formatCount(sum(records.internal))}</dd></div><div><dt>Of no concern, or unknown</dt><dd>${formatCount(sum(records.unknown))}</dd></div><div><dt>Malformed</dt><dd>${formatCount(sum(records.malformed))}</dd></div></dl>
${renderKinds('Records that are no access, by kind', records.unknown)}${renderKinds('Malformed records', records.malformed)}
<details class="listed"><summary>Files</summary><table class="rows" role="table"><caption class="hidden">Files</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">File</th><th role="columnheader" scope="col">SHA-256</th></tr></thead><tbody role="rowgroup">${listed.map(({ file, sha256, bytes }) => html`<tr role="row"><td role="cell"><code><bdi>${file}</bdi></code><span class="note">${formatBytes(bytes)}</span></td><td role="cell"><code class="hash">${sha256}</code></td></tr>`)}</tbody></table>
${inputs.files > listed.length ? html`<p class="soft">The first ${formatCount(listed.length)} of ${formatCount(inputs.files)}.</p>` : undefined}</details>`;
}

const MOST_KINDS = 30;

function renderKinds(title: string, kinds: AuditHeader['records']['unknown']): Markup | undefined {
  if (kinds.length === 0) return undefined;
  return html`<details><summary>${title}: ${formatCount(kinds.length)}</summary><table class="figures"><caption class="hidden">${title}</caption><thead><tr><th scope="col">Kind</th><th scope="col" class="n">Records</th><th scope="col">First at</th></tr></thead><tbody>${kinds.slice(0, MOST_KINDS).map(({ what, records, first }) => html`<tr><th scope="row"><bdi>${what}</bdi></th><td class="n">${formatCount(records)}</td><td><span class="note"><bdi>${first.file}</bdi> record ${first.record}</span></td></tr>`)}</tbody></table>${kinds.length > MOST_KINDS ? html`<p class="soft">The ${formatCount(MOST_KINDS)} most frequent; all are in <code>report.json</code>.</p>` : undefined}</details>`;
}

function sum(kinds: AuditHeader['records']['unknown']): number {
  return kinds.reduce((total, { records }) => total + records, 0);
}

/** Which code ran, as far as Lambda says it. */
export function renderFunctions({ report: { header } }: AuditPage): Markup {
  const { functions, period } = header;
  if (functions === undefined)
    return html`<p class="soft">Which code the room’s functions ran was not given to this report.</p>`;
  const changed = new Set(listChanged(functions, period.from));
  const said =
    changed.size === 0
      ? html`Lambda says that none was changed since the period began.`
      : html`Lambda says that ${formatCount(changed.size)} of ${formatCount(functions.length)} ${changed.size === 1 ? 'was' : 'were'} changed, in code or settings, since the period began; what of it lies in the period is among the <a href="#exceptions">exceptions</a>.`;
  return html`<p>When this report was made, these functions were named as the room’s or ran in a role that is. ${said}</p>
<details class="listed"><summary>${formatPlural(functions.length, 'function')}</summary><table class="rows" role="table"><caption class="hidden">Code of the room’s functions</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Function</th><th role="columnheader" scope="col">SHA-256 of its code, base64</th><th role="columnheader" scope="col">Changed last (UTC)</th></tr></thead><tbody role="rowgroup">${functions.map((each) => html`<tr role="row"><td role="cell"><bdi>${each.name}</bdi>${isRoomFunction(each.name) ? undefined : html` <span class="pill warn">not named as the room’s</span>`}</td><td role="cell"><code class="hash">${each.code}</code></td><td role="cell">${formatInstant(each.changed)}${changed.has(each) ? html` <span class="pill warn">since</span>` : undefined}</td></tr>`)}</tbody></table></details>`;
}

/** Version, period and agreements: what this report is about. */
export function renderAbout({ report: { header, agreements } }: AuditPage): Markup {
  return html`<dl class="terms"><div><dt>Period</dt><dd>${formatInstant(header.period.from)} to ${formatInstant(header.period.to)} UTC</dd></div><div><dt>Judged up to</dt><dd>${formatInstant(header.watermark)} UTC</dd></div><div><dt>Produced</dt><dd>${formatInstant(header.produced)} UTC</dd></div><div><dt>Room</dt><dd>${header.room.topology}, account ${header.room.accounts.join(', ')}</dd></div><div><dt>Written by</dt><dd>barter-room ${header.toolVersion}</dd></div></dl>
<table class="rows agreements" role="table"><caption>Agreements</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Agreement</th><th role="columnheader" scope="col">In force (UTC)</th><th role="columnheader" scope="col">SHA-256 of its plan</th></tr></thead><tbody role="rowgroup">${agreements.map(({ id, version, title, from, to, plan }) => html`<tr role="row"><td role="cell"><strong><bdi>${id}</bdi></strong>, version ${version}<span class="note"><bdi>${title}</bdi></span></td><td role="cell">${formatInstant(from)}<span class="note">${to === undefined ? 'and still' : `to ${formatInstant(to)}`}</span></td><td role="cell"><code class="hash">${plan}</code></td></tr>`)}</tbody></table>`;
}
