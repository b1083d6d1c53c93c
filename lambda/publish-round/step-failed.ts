/** A step that cannot succeed, now or later. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}
