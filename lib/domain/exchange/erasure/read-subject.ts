import { canNameSubject } from '../../agreement/checks/column-rules';
import type { PlannedDataset } from '../../agreement/plan/plan';

type SubjectReading =
  /** `subject`: canonical text, as rows have it once they are read. */
  | { readonly kind: 'read'; readonly subject: string }
  /** `no-subject`: none can be found in the dataset; `malformed`: no row can have it. */
  | { readonly kind: 'refused'; readonly reason: 'no-subject' | 'malformed' };

/** Who is meant by an identifier as delivered files have it. */
export function readSubject(dataset: PlannedDataset, identifier: string): SubjectReading {
  const type = dataset.columns.find(({ name }) => name === dataset.subject)?.type;
  if (!canNameSubject(type)) return { kind: 'refused', reason: 'no-subject' };
  if (identifier === '' || identifier.length > LONGEST || /\p{Cc}/u.test(identifier)) return MALFORMED;
  if (type?.kind === 'string') return { kind: 'read', subject: identifier };
  return /^-?\d{1,19}$/.test(identifier) ? { kind: 'read', subject: BigInt(identifier).toString() } : MALFORMED;
}

/** Characters. */
const LONGEST = 1000;
const MALFORMED = { kind: 'refused', reason: 'malformed' } as const;
