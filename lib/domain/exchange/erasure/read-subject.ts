import { canNameSubject } from '../../agreement/checks/column-rules';
import type { PlannedDataset } from '../../agreement/plan/plan';
import { parseJson } from '../../parse-json';

type SubjectReading =
  /** `subject`: canonical text, as rows have it once they are read. */
  | { readonly kind: 'read'; readonly subject: string }
  /** `no-subject`: none can be found in the dataset; `malformed`: no row can have it. */
  | { readonly kind: 'refused'; readonly reason: 'no-subject' | 'malformed' };

/** Who is meant by an identifier as delivered files have it; one with a line break is written as a JSON string. */
export function readSubject(dataset: PlannedDataset, identifier: string): SubjectReading {
  const type = dataset.columns.find(({ name }) => name === dataset.subject)?.type;
  if (!canNameSubject(type)) return { kind: 'refused', reason: 'no-subject' };
  if (identifier === '' || identifier.length > LONGEST || CONTROL.test(identifier)) return MALFORMED;
  if (type?.kind === 'string') return { kind: 'read', subject: readText(identifier) };
  return /^-?\d{1,19}$/.test(identifier) ? { kind: 'read', subject: BigInt(identifier).toString() } : MALFORMED;
}

/** Quotes are the identifier's own, unless what is in them could not be written without: so all texts can be named. */
function readText(identifier: string): string {
  const quoted = readQuoted(identifier);
  return quoted !== undefined && (CONTROL.test(quoted) || readQuoted(quoted) !== undefined) ? quoted : identifier;
}

function readQuoted(text: string): string | undefined {
  if (!/^".*"$/.test(text)) return undefined;
  const value = parseJson(text);
  return typeof value === 'string' ? value : undefined;
}

/** Several lines are taken for several persons, of whom all but one would not be erased. */
const CONTROL = /\p{Cc}/u;
/** Characters. */
const LONGEST = 1000;
const MALFORMED = { kind: 'refused', reason: 'malformed' } as const;
