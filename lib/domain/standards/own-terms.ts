/** What the standards have no word for is named here, so that nothing is squeezed into a word that says something else. */
export const OWN_TERMS = 'urn:barter-room:terms:';

export function nameAgreement(id: string, version: number): string {
  return `urn:barter-room:agreement:${id}:${version}`;
}
