import { LEDGER_EVIDENCE } from '../../domain/audit/ledger-evidence';

/** What stands before the names of inputs beside the trail's logs, which have nothing before them. */
export const INPUT_LABELS = {
  serverAccess: 'server-access-logs',
  transfer: 'transfer-logs',
  digests: 'digests',
  record: 'record',
} as const;

export type InputLabel = '' | (typeof INPUT_LABELS)[keyof typeof INPUT_LABELS];

const LABELS = Object.values(INPUT_LABELS);

/** What a report calls a file that it was made of: no two are called the same, whatever the folders hold. */
export function nameInput(label: InputLabel, file: string): string {
  if (label !== '') return `${label}/${file}`;
  // No path below a folder begins so.
  return file === LEDGER_EVIDENCE || LABELS.some((each) => file.startsWith(`${each}/`)) ? `./${file}` : file;
}

/** The label and the file of what `nameInput` named. */
export function splitInputName(name: string): { readonly label: InputLabel; readonly file: string } {
  if (name.startsWith('./')) return { label: '', file: name.slice(2) };
  const label = LABELS.find((each) => name.startsWith(`${each}/`)) ?? '';
  return { label, file: label === '' ? name : name.slice(label.length + 1) };
}
