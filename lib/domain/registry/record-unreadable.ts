/** What is on record is not what this version of the software writes: nothing may be decided from the rest alone. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable';

  constructor(kind: string, place: string, agreement: string) {
    super(
      `The ${kind} on record as ${place}, of ${agreement}, cannot be read, so that nothing of this agreement is decided. Run the version of the software that wrote it, or restore the record.`,
    );
  }
}

/** For what looks at all agreements and opens nothing: one that cannot be read is left out, and stops nothing of another's. */
export async function unlessUnreadable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RecordUnreadable) return undefined;
    throw error;
  }
}
