/** The delivered file or folder cannot be taken as the dataset: nothing of it was read further. Never quotes row values. */
export class InvalidDelivery extends Error {
  override readonly name = 'InvalidDelivery';
  constructor(
    readonly dataset: string,
    readonly problems: readonly { readonly where: string; readonly problem: string; readonly remedy: string }[],
    options?: ErrorOptions,
  ) {
    super(`The delivery for dataset "${dataset}" cannot be read.`, options);
  }
}
