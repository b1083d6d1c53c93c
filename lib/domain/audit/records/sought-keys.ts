import { encodeText } from '../../bytes';
import { isSame } from './match-bytes';

/** Any other key than those that are looked for. */
export const NO_KEY = 0;
/** Keys whose value is looked at, by their number: that by which `walk-record.wat` knows them. No two have the same length and sixth byte. */
const SOUGHT = [
  '',
  'eventSource',
  'eventName',
  'eventCategory',
  'accountId',
  'type',
  'arn',
  'sourceIdentity',
  'lakeFormationRoleSessionName',
  'userIdentity',
  'bucketName',
  'eventTime',
].map(encodeText);
export const [SOURCE, NAME, CATEGORY, ACCOUNT, TYPE, ARN, SOURCE_IDENTITY, LAKE_SESSION, IDENTITY, BUCKET, TIME] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
] as const;
/** An account by which an identity may be told. */
export const OWN_ACCOUNT = 12;
/** Said by a walker that a text between colon and key kept from seeing it. */
export const UNSEEN = 15;
/** The only key with this length and sixth (or last) byte: most keys are ruled out by it. */
const BY_SHAPE = new Uint8Array(32 << 8);
for (const [key, name] of SOUGHT.entries())
  if (key !== NO_KEY) BY_SHAPE[(name.length << 8) | name[Math.min(5, name.length - 1)]!] = key;

export function findSought(bytes: Uint8Array, from: number, to: number): number {
  const size = to - from;
  const candidate = size > 0 && size < 32 ? BY_SHAPE[(size << 8) | bytes[from + Math.min(5, size - 1)]!]! : NO_KEY;
  return isSame(bytes, from, to, SOUGHT[candidate]!) ? candidate : NO_KEY;
}

/**
 * @param depth 1: of the record itself
 * @param isIdentity whether it lies in `userIdentity`
 * @returns the key, where its value counts there
 */
export function judgeKey(key: number, depth: number, isIdentity: boolean): number {
  if (key === IDENTITY) return NO_KEY;
  if (key <= CATEGORY || key === TIME) return depth === 1 ? key : NO_KEY;
  if (key === BUCKET) return depth === 2 ? key : NO_KEY;
  if (key === TYPE || key === ARN) return isIdentity && depth === 2 ? key : NO_KEY;
  // Its own, and that of `sessionContext.sessionIssuer`.
  if (key === ACCOUNT && isIdentity && (depth === 2 || depth === 4)) return OWN_ACCOUNT;
  return key;
}
