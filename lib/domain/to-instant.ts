/** A moment in whichever ISO 8601 form, or in milliseconds since 1970, as `2026-01-31T10:00:00.000Z`: so that texts compare as times do. */
export function toInstant(moment: string | number): string {
  return new Date(moment).toISOString();
}
