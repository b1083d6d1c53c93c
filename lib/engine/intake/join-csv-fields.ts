/** One record of CSV with its newline, every field in quotes. */
export function joinCsvFields(fields: readonly string[]): string {
  return `${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`;
}
