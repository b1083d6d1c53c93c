/** A JSON object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};

/**
 * Longest that a text is kept, in UTF-16 units. No honest value is longer (a key has at most 1,024 bytes), but for user
 * agents; and with all of them at their longest an access still fits an entry of the ledger.
 */
const LIMITS: Readonly<Record<string, number>> = {
  'client.agent': 512,
  'resource.key': 1152,
  'resource.arn': 1152,
  'resource.path': 1152,
  'resource.id': 1152,
  'actor.arn': 1152,
  'actor.provider': 1152,
  'joins.object': 1152,
  'joins.principal': 1152,
  id: 1408,
};
const SHORT = 256;

/** Whole pairs too: quick to rule out, and what has them is looked at closely. */
const SURROGATES = /[\ud800-\udfff]/;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a field; an empty one where there is none. */
export function readFields(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : NO_FIELDS;
}

/** The objects of a list in a field. */
export function readList(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** A text that is not empty; undefined for anything else. */
export function readText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number from 0, also where it is written as text. */
export function readCount(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** A 12-digit account. */
export function readAccount(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && isAccount(value) ? value : undefined;
}

export function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** The account in an ARN. */
export function accountOfArn(arn: string | undefined): string | undefined {
  const account = arn?.split(':', 5)[4];
  return account !== undefined && isAccount(account) ? account : undefined;
}

/** The account that a principal is of, as services name it: by its ARN, by itself, or as all of its own (`ACCOUNT:IAMPrincipals`). */
export function accountOfPrincipal(principal: string | undefined): string | undefined {
  return accountOfArn(principal) ?? /^(\d{12})(?::IAMPrincipals)?$/.exec(principal ?? '')?.[1];
}

/** UTC to the second or finer; undefined for anything that is no such time. */
export function readTime(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(value)) return undefined;
  return Number.isNaN(Date.parse(value)) ? undefined : value;
}

/** What `what` calls a kind of record: safe to show and to count by, whatever a record says of itself. */
export function nameKind(...parts: readonly (string | undefined)[]): string {
  return parts.map((part) => (part ?? '?').slice(0, 80).replaceAll(/[^\w .:/-]/g, '?')).join(' ');
}

/** Leaves out what is undefined, as exact optional properties want it. */
export function compact<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  const present: Partial<T> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) present[name] = value;
  }
  return present;
}

/**
 * The same value with every text cut to its length, and the names of those that were cut. A text cut in the middle of a
 * surrogate pair, or broken from the start, has the half replaced: it must become UTF-8.
 */
export function clipTexts<T extends object>(value: T): { readonly value: T; readonly clipped: readonly string[] } {
  const clipped: string[] = [];
  const clip = (each: unknown, name: string): unknown => {
    if (typeof each === 'string') {
      const limit = LIMITS[name] ?? SHORT;
      if (each.length <= limit && !/\p{Cs}/u.test(each)) return each;
      clipped.push(name);
      return each.slice(0, limit).replaceAll(/\p{Cs}/gu, '\ufffd');
    }
    if (!isFields(each)) return each;
    const path = name === '' ? '' : `${name}.`;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, clip(inner, `${path}${key}`)]));
  };
  if (!needsClipping(value)) return { value, clipped };
  // Only texts are replaced, by texts: the shape stays.
  return { value: clip(value, '') as T, clipped };
}

function needsClipping(value: unknown): boolean {
  if (typeof value === 'string') return value.length > SHORT || SURROGATES.test(value);
  if (!isFields(value)) return false;
  // No list of values is made: this runs for every record.
  for (const name in value) if (needsClipping(value[name])) return true;
  return false;
}
