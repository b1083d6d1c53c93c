import { NONE } from './amendment-change';

/** Longest that is shown whole. */
const WHOLE = 300;
/** Shown before and after the first difference of what is longer. */
const BEFORE = 60;
const AFTER = 200;

/** Both versions of something as texts that differ where it does, however long it is. */
export function sayApart(
  before: unknown,
  after: unknown,
  say?: (value: unknown) => string,
): { readonly before: string; readonly after: string } {
  const [was, is] = [sayOne(before, say), sayOne(after, say)];
  if (was === is) return cutApart(write(before), write(after));
  return cutApart(was, is);
}

function sayOne(value: unknown, say: (value: unknown) => string = write): string {
  if (value === undefined) return NONE;
  return typeof value === 'string' ? value : say(value);
}

function write(value: unknown): string {
  return JSON.stringify(value) ?? NONE;
}

function cutApart(before: string, after: string): { readonly before: string; readonly after: string } {
  if (before.length <= WHOLE && after.length <= WHOLE) return { before, after };
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  const from = Math.max(0, at - BEFORE);
  const cut = (text: string) =>
    `${from > 0 ? '…' : ''}${text.slice(from, at + AFTER)}${text.length > at + AFTER ? '…' : ''}`;
  return { before: cut(before), after: cut(after) };
}
