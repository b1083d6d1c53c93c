/** `*` and `?` as IAM means them. */
export function matchesPattern(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const known = expressions.get(pattern);
  if (known !== undefined) return known.test(value);
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const compiled = new RegExp(`^${expression}$`, 's');
  expressions.set(pattern, compiled);
  return compiled.test(value);
}

const expressions = new Map<string, RegExp>();
