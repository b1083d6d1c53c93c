/** What is looked at to tell what a file is, bytes. */
export const LOG_HEAD = 512;

/** `digest`: not a log, but CloudTrail's word for some. `foreign`: nothing of a log is in it. */
export type LogShape = 'records' | 'lines' | 'digest' | 'foreign';

/** What a subscription of CloudWatch's delivers, one such object after the other: the list of events comes last in it. */
const DELIVERED = /^\{\s*"(messageType|owner|logGroup|logStream|subscriptionFilters)"\s*:/;

/** By how it begins. */
export function recogniseLog(beginning: Buffer): LogShape {
  const text = beginning.subarray(0, LOG_HEAD).toString('latin1').replace(/^ï»¿/, '').trimStart();
  if (/^\[|^\{\s*"(Records|events|logEvents)"\s*:/.test(text) || DELIVERED.test(text)) return 'records';
  if (/^\{\s*"awsAccountId"\s*:/.test(text)) return 'digest';
  return /^\{|^\d{4}-\d{2}-\d{2}T|^[0-9a-f]{64} \S+ \[/.test(text) ? 'lines' : 'foreign';
}

/** Editors write one before UTF-8; nothing in a log needs it. */
export function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
