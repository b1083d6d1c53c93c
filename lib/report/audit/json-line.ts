/**
 * One line of JSON, with every character that a terminal or an editor would act on written as `\uXXXX`: the value is the
 * same, and reading the file does no harm.
 */
export function formatJsonLine(value: object): string {
  return `${escapeJson(JSON.stringify(value))}\n`;
}

/** Indented, for people. */
export function formatJsonFile(value: object): string {
  return `${escapeJson(JSON.stringify(value, null, 2))}\n`;
}

/** JSON itself escapes what is below U+0020 and halves of surrogate pairs. */
function escapeJson(json: string): string {
  // Most texts have none of these: a plain look costs a tenth of a replacement.
  if (!/[\u007F-\uFFFF]/.test(json)) return json;
  return json.replace(
    /[\u007F-\u009F\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
