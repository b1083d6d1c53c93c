import { signVersion } from '../../registration/sign-version';
import { signRequestSchema } from '../api-schemas';
import { type ApiAnswer, MALFORMED } from './api-answer';
import type { Question } from './question';

/** Puts a party's signature under a version on record. */
export async function answerSigning({ agreement, party, body, parts, now }: Question): Promise<ApiAnswer> {
  const { data } = signRequestSchema.safeParse(body);
  if (data === undefined) return MALFORMED;
  const signing = await signVersion(parts.registry, { ...data, agreement, party, at: now }, parts.verify);
  return signing.kind === 'signed'
    ? { status: 201, body: { decision: 'permit', unsigned: signing.unsigned } }
    : { status: 409, body: { reason: signing.fault } };
}
