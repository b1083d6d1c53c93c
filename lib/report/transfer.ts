import type { RecordedTransfer } from '../domain/agreement/checks/record-transfer';
import { html, type Markup } from './html';

/** Whether data leave the place whose law protects them, and under what. */
export function showTransfer({ kind, from, to, law, source, safeguard }: RecordedTransfer): Markup {
  const clause =
    safeguard === undefined ? undefined : html`<span class="note">under clause <bdi>${safeguard}</bdi></span>`;
  const lists = law === undefined ? undefined : html`<span class="note">${law}. ${source}</span>`;
  switch (kind) {
    case 'same-jurisdiction':
      return html`none: both in ${from}`;
    case 'within-eea':
      return html`none: ${from} to ${to} stays within the EEA`;
    case 'adequate':
      return html`${from} to ${to}, where protection is found adequate${clause}${lists}`;
    case 'safeguarded':
      return html`${from} to ${to}, with a safeguard${clause}${lists}`;
    case 'to-review':
      return html`<span class="warn">${from} to ${to}: to be reviewed</span><span class="note">under which safeguard is not in the agreement</span>${lists}`;
  }
}
