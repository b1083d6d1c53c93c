import { type ApiAnswer, MALFORMED } from './api-answer';
import type { Question } from './question';

/** What the party that asks has read, a page at a time. */
export async function answerAccesses({ agreement, party, before, parts }: Question): Promise<ApiAnswer> {
  if (before !== undefined && !/^\d{1,15}$/.test(before)) return MALFORMED;
  const from = before === undefined ? undefined : Number(before);
  return { status: 200, body: await parts.listAccesses(agreement, party, from) };
}
