/** The agreement does not let it out now; it may later. */
export class PublicationForbidden extends Error {
  override readonly name = 'PublicationForbidden';
}
