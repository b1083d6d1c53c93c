/** The engine could not do its work, and the delivery is not the reason: disk, memory, an interrupt. Names no value of the data. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
  constructor(
    readonly problem: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${problem}. ${remedy}`, options);
  }
}
