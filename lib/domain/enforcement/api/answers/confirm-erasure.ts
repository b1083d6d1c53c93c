import { confirmErasure, type ErasureConfirmation, findTold, hasHad } from '../../../exchange/erasure/plan-erasure';
import { confirmRequestSchema } from '../api-schemas';
import { type ApiAnswer, DONE, MALFORMED } from './api-answer';
import type { Question } from './question';

/** Puts on record from which releases a receiver says that it has erased persons: all that it names, or nobody. */
export async function answerConfirmations({
  agreement,
  about,
  body,
  conduct,
  parts,
  check,
  now,
}: Question): Promise<ApiAnswer> {
  const { data } = confirmRequestSchema.safeParse(body);
  if (data === undefined || data.leg !== about) return MALFORMED;
  const { leg, confirmations, ...by } = data;
  const erasures = parts.registry.erasures(agreement);
  const known = await erasures.list();
  const said: { readonly id: string; readonly confirmation: ErasureConfirmation }[] = [];
  for (const { erasure, releases, signature } of confirmations) {
    const told = findTold(known, erasure, leg);
    if (told === undefined) return { status: 404, body: { reason: 'no-such-erasure', erasure } };
    const signed = { ...by, signature };
    const reason = check({ purpose: 'confirm-erasure', leg, erasure, releases }, signed);
    if (reason !== undefined) return { status: 409, body: { reason, erasure } };
    if (!hasHad(told.receiver, releases, conduct)) return { status: 409, body: { reason: 'not-received', erasure } };
    said.push({ id: told.erasure.id, confirmation: { ...signed, releases } });
  }
  for (const { id, confirmation } of said)
    await erasures.change([id], (each) => confirmErasure(each, leg, confirmation, conduct, now));
  return DONE;
}
