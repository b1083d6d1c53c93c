/** No log that was given tells of any time: of what period a report would be nobody knows. */
export class NothingLogged extends Error {
  override readonly name = 'NothingLogged';
}
