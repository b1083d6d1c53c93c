import { signVersion } from '../../registration/sign-version';
import { signRequestSchema } from '../api-schemas';
import { type ApiAnswer, MALFORMED } from './api-answer';
import type { Question } from './question';

/** Puts a party's signature under a version on record. */
export async function answerSigning({ agreement, party, body, parts, now }: Question): Promise<ApiAnswer> {
  const { data } = signRequestSchema.safeParse(body);
  if (data === undefined) return MALFORMED;
  const signing = await signVersion(parts.registry, { ...data, agreement, party, at: now }, parts.verify);
  if (signing.kind === 'refused') return { status: 409, body: { reason: signing.fault } };
  // Who signs before the last changes nothing that is granted.
  if (signing.unsigned.length === 0) await parts.tell('wordRecorded', { agreement, party });
  return { status: 201, body: { decision: 'permit', unsigned: signing.unsigned } };
}
