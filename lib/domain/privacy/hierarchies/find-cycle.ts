/** The names on a circle of `parents` (what each name becomes elsewhere), each once; nothing where there is none. */
export function findCycle(parents: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of parents.keys()) {
    // The way from `start` down to the name at hand, each name with what is still to be looked at of it.
    const way: { readonly name: string; readonly others: Iterator<string> }[] = [];
    const placeOf = new Map<string, number>();
    const enter = (name: string) => {
      if (done.has(name)) return;
      placeOf.set(name, way.length);
      way.push({ name, others: (parents.get(name) ?? new Set<string>()).values() });
    };
    enter(start);
    for (let last = way.at(-1); last; last = way.at(-1)) {
      const next = last.others.next();
      if (next.done) {
        done.add(last.name);
        placeOf.delete(last.name);
        way.pop();
      } else {
        const place = placeOf.get(next.value);
        if (place !== undefined) return way.slice(place).map(({ name }) => name);
        enter(next.value);
      }
    }
  }
  return undefined;
}
