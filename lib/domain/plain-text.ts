/** Names come from files that others wrote: a line break or terminal escape in one must not pass for our own words. */
export function plainText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (found) => `[U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
