import type { OperationCategory, OperationRecord } from '../../domain/audit/report/record-operation';
import type {
  DestructionAttestation,
  DestructionDuty,
  ProcessingRecord,
  RecordedController,
} from '../../domain/audit/report/record-processing';
import { formatDate, formatDuration, formatInstant, formatTerm } from '../format';
import { html, type Markup } from '../html';
import { showTransfer } from '../transfer';
import type { AuditPage } from './audit-page';
import { showAnyParty } from './show-party';

/** The record of processing activities that art. 30 GDPR asks for, generated from the agreements. */
export function renderProcessing(page: AuditPage): Markup {
  const { processing } = page.report;
  if (processing.length === 0) return html`<p class="soft">No agreement was in force.</p>`;
  return html`${processing.map((record) => renderRecord(page, record))}`;
}

const CATEGORY_WORDS: Readonly<Record<OperationCategory, string>> = {
  intake: 'taking in deliveries and keeping them until they are treated',
  treatment: 'cleaning, anonymising and measuring, as agreed',
  disclosure: 'handing treated releases to the receivers of its legs',
  erasure: 'deleting deliveries, releases and persons, as agreed',
  logging: 'recording every request, and keeping that as evidence',
};

/** What whoever runs the room does for each controller: the record of a processor. */
export function renderOperation(page: AuditPage): Markup {
  const { operation, header } = page.report;
  if (operation.length === 0)
    return html`<p class="soft">${header.room.topology === 'peer' ? 'In a room of its own a party acts for nobody else.' : 'Whoever runs the room holds nobody else’s data.'}</p>`;
  return html`${operation.map((record) => renderActing(page, record))}`;
}

function renderActing({ cast }: AuditPage, record: OperationRecord): Markup {
  const { agreement, processor, controller, categories, datasets, transfer, measures } = record;
  const { name, party, region, accounts, jurisdiction, contact } = processor;
  return html`<details class="record"><summary>for ${showAnyParty(cast, controller.party)} <strong>${list(datasets.map(({ id, title }) => title || id))}</strong> <span class="soft"><bdi>${agreement.id}</bdi> v${agreement.version}</span></summary>
<dl class="article"><div><dt>(a) Processor</dt><dd>${party === undefined ? html`<bdi>${name ?? 'not named in the agreement'}</bdi>` : html`<bdi>${name}</bdi>, ${jurisdiction}<span class="note">privacy: <bdi>${contact}</bdi></span>`}<span class="note">account ${accounts.join(', ')}${region === undefined ? '' : `, ${region}`}</span></dd></div>
<div><dt>(a) Controller</dt><dd>${nameController(controller)}</dd></div>
<div><dt>(b) Processing</dt><dd><ul>${categories.map((category) => html`<li>${CATEGORY_WORDS[category]}</li>`)}</ul></dd></div>
<div><dt>(c) Transfer</dt><dd>${transfer === undefined ? html`where the processor sits is not in the agreement` : showTransfer(transfer)}</dd></div>
<div class="measures"><dt>(d) Security measures</dt><dd><ul>${measures.map(({ title, setting }) => html`<li>${title}<span class="note"><bdi>${setting}</bdi></span></li>`)}</ul></dd></div></dl></details>`;
}

function renderRecord({ cast }: AuditPage, record: ProcessingRecord): Markup {
  const {
    agreement,
    dataset,
    controller,
    recipient,
    purposes,
    forbidden,
    persons,
    subjects,
    categories,
    basis,
    transfer,
    retention,
    measures,
  } = record;
  const disclosed = categories.filter(({ disclosedAs }) => disclosedAs !== undefined);
  const kept = categories.filter(({ disclosedAs }) => disclosedAs === undefined);
  return html`<details class="record"><summary>${showAnyParty(cast, controller.party)} → ${showAnyParty(cast, recipient.party)} <strong><bdi>${dataset.title || dataset.id}</bdi></strong> <span class="soft"><bdi>${agreement.id}</bdi> v${agreement.version}</span></summary>
<dl class="article"><div><dt>(a) Controller</dt><dd>${nameController(controller)}</dd></div>
<div><dt>(b) Purposes</dt><dd>${list(purposes.map((purpose) => `${formatTerm(purpose)} (dpv:${purpose})`))}${forbidden.length === 0 ? undefined : html`<span class="note">forbidden: ${forbidden.map(formatTerm).join(', ')}</span>`}${basis === undefined ? html`<span class="note">legal basis: not in the agreement</span>` : html`<span class="note">legal basis: clause <bdi>${basis}</bdi></span>`}</dd></div>
<div><dt>(c) Persons and data</dt><dd>${persons === undefined ? html`whom they are about is not told by the agreement${subjects === undefined ? undefined : ';'}` : html`<bdi>${persons}</bdi>`}${subjects === undefined ? undefined : html`<span class="note">told apart by <code><bdi>${subjects}</bdi></code></span>`}<span class="note">disclosed: ${list(disclosed.map(({ column, role, disclosedAs }) => `${column} (${role}, ${disclosedAs === 'keep' ? 'as it is' : disclosedAs})`))}</span>${kept.length === 0 ? undefined : html`<span class="note">not disclosed: ${list(kept.map(({ column }) => column))}</span>`}</dd></div>
<div><dt>(d) Recipient</dt><dd>${nameController(recipient)}</dd></div>
<div><dt>(e) Transfer</dt><dd>${showTransfer(transfer)}</dd></div>
<div><dt>(f) Erasure</dt><dd>kept ${formatDuration(retention.retain)}<span class="note">destroyed within ${formatDuration(retention.destroyWithin)} of the end</span></dd></div>
<div class="measures"><dt>(g) Security measures</dt><dd><ul>${measures.map(({ title, setting }) => html`<li>${title}<span class="note"><bdi>${setting}</bdi></span></li>`)}</ul></dd></div></dl></details>`;
}

function nameController({ name, jurisdiction, contact }: RecordedController): Markup {
  return html`<bdi>${name}</bdi>, ${jurisdiction}<span class="note">privacy: <bdi>${contact}</bdi></span>`;
}

function list(items: readonly string[]): Markup {
  return items.length === 0
    ? html`none`
    : html`${items.map((item, at) => html`${at === 0 ? '' : ', '}<bdi>${item}</bdi>`)}`;
}

const DUTY_STATES: Readonly<Record<DestructionDuty['state'], { readonly label: string; readonly tone: string }>> = {
  given: { label: 'attested', tone: 'good' },
  unproven: { label: 'not signed by it', tone: 'bad' },
  overdue: { label: 'overdue', tone: 'bad' },
  'not-due': { label: 'not due yet', tone: 'plain' },
};

/** Who has to have destroyed what by when, and who says so. */
export function tabulateDestruction({ report, cast, datasetOf }: AuditPage): Markup {
  const { destruction } = report;
  if (destruction.length === 0) return html`<p class="soft">No agreement, no duty.</p>`;
  return html`<table class="rows" role="table"><caption class="hidden">Destruction attestations</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Receiver</th><th role="columnheader" scope="col">Dataset</th><th role="columnheader" scope="col">Due</th><th role="columnheader" scope="col">Attestation</th></tr></thead>
<tbody role="rowgroup">${destruction.map(({ party, leg, agreement, erasure, round, due, state, attestation }) => {
    const { label, tone } = DUTY_STATES[state];
    return html`<tr role="row"><td role="cell">${showAnyParty(cast, party)}</td><td role="cell"><bdi>${datasetOf(leg) ?? leg}</bdi><span class="note"><bdi>${agreement.id}</bdi> v${agreement.version}</span>${erasure === undefined ? undefined : html`<span class="note">one person: <bdi>${erasure}</bdi></span>`}${round === undefined ? undefined : html`<span class="note">the release of ${formatDate(round)}</span>`}</td><td role="cell" data-label="due">${formatDate(due)}</td><td role="cell"><span class="pill ${tone}">${label}</span>${attestation === undefined ? undefined : html`<span class="note">by <bdi>${attestation.by}</bdi>, ${formatInstant(attestation.at)} UTC</span>${showAttested(attestation)}`}</td></tr>`;
  })}</tbody></table>`;
}

/** What was said, and with which key. */
function showAttested({ sha256, releases, publicKey }: DestructionAttestation): Markup {
  return html`${releases === undefined ? undefined : html`<span class="note">rounds ${releases.join(', ')}</span>`}${sha256 === undefined ? undefined : html`<code class="hash">${sha256}</code>`}<span class="note">key <code class="hash"><bdi>${publicKey}</bdi></code></span>`;
}
