/** As `map`, some at the same time; in order. */
export async function mapAtOnce<T, U>(values: readonly T[], atOnce: number, work: (value: T) => Promise<U>) {
  const done: U[] = [];
  for (let at = 0; at < values.length; at += atOnce)
    done.push(...(await Promise.all(values.slice(at, at + atOnce).map(work))));
  return done;
}
