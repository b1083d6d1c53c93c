import type { ColumnProfile } from './column-profile';

/** What a company itself counts people by comes before what it only knows of them. */
const PREFERENCE = ['account', 'phone', 'national-id', 'card', 'email', 'iban', 'device-id'];
const MOST_MISSING = 0.05;

/** The column that says whom a row is about, if one does: of the recognised identifiers that nearly every row has. */
export function chooseSubject(columns: readonly ColumnProfile[]): string | undefined {
  const candidates = columns.flatMap((column) => {
    const [first] = column.recognised;
    const preference = PREFERENCE.indexOf(first?.kind ?? '');
    const isUsable = first?.by !== 'inside' && column.distinct > 1 && column.missing <= column.rows * MOST_MISSING;
    return preference >= 0 && isUsable ? [{ column, preference }] : [];
  });
  const [best] = candidates.toSorted(
    (left, right) => left.preference - right.preference || right.column.distinct - left.column.distinct,
  );
  return best?.column.name;
}
