/** Deeply equal, whatever the order of an object's keys. Order counts in lists and maps; an empty map is as none. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (one instanceof Map || other instanceof Map) return isSame(listEntries(one), listEntries(other));
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) return isSameList(one, other);
  return (
    isSameInside(one, other) && Object.keys(other).every((key) => key in one || Reflect.get(other, key) === undefined)
  );
}

function isSameList(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((each, at) => isSame(each, other[at]));
}

function isSameInside(one: object, other: object): boolean {
  return Object.keys(one).every((key) => isSame(Reflect.get(one, key), Reflect.get(other, key)));
}

function listEntries(value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return value === undefined ? [] : value;
}
