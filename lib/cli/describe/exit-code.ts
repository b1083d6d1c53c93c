/** The promise that scripts rely on. 130 is the shell's own code for Ctrl-C. */
export const EXIT = { delivered: 0, unexpected: 1, invalid: 2, withheld: 3, interrupted: 130 } as const;

/** The command was called wrongly or was given something it cannot take; nothing was done. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}
