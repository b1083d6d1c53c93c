/** A value's form: letters as `A` and `a`, four at most in a row since the length of a name tells of it, digits as `9`. */
function describeShape(value: string): string {
  return value
    .slice(0, 200)
    .replace(/\p{Lu}/gu, 'A')
    .replace(/[\p{L}\p{M}]/gu, (letter) => (letter === 'A' ? 'A' : 'a'))
    .replace(/\p{N}/gu, '9')
    .replace(/[^Aa9\s!-/:-@[-`{-~]/gu, '?')
    .replace(/\s+/g, ' ')
    .replace(/([Aa?])\1{3,}/g, '$1$1$1$1')
    .slice(0, 24);
}

/** The commonest shape of some values. */
export function findShape(values: readonly string[]): { readonly form: string; readonly share: number } {
  const counts = new Map<string, number>();
  for (const value of values) {
    const form = describeShape(value);
    counts.set(form, (counts.get(form) ?? 0) + 1);
  }
  const [form, count] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', 0]);
  return { form, share: values.length === 0 ? 0 : count / values.length };
}
