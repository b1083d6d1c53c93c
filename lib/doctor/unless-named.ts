/** What was read, or undefined where the service answers with an error of such a name. */
export async function unlessNamed<T>(names: RegExp, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && names.test(error.name)) return undefined;
    throw error;
  }
}
