import { recordNotice } from '../../breaches/record-notice';
import { noticeRequestSchema } from '../api-schemas';
import { type ApiAnswer, MALFORMED } from './api-answer';
import type { Question } from './question';

/** A party leaves: from now on there is a last day. */
export async function answerNotice({ agreement, plan, party, body, parts, now }: Question): Promise<ApiAnswer> {
  const { data } = noticeRequestSchema.safeParse(body);
  if (data === undefined) return MALFORMED;
  const notice = await recordNotice(parts.registry, plan, party, data.reason, now);
  if (notice.kind === 'refused') return { status: 409, body: { reason: notice.fault } };
  await parts.tell('noticeGiven', { agreement });
  return { status: 201, body: { decision: 'permit', notice: notice.ending } };
}
