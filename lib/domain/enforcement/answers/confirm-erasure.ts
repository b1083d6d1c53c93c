import { confirmErasure, hasHad } from '../../exchange/plan-erasure';
import { confirmRequestSchema } from '../api-schemas';
import { type ApiAnswer, DONE, MALFORMED } from './api-answer';
import type { Question } from './question';

/** Puts on record from which releases a receiver says that it has erased a person. */
export async function answerErasure({
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
  const erasures = parts.registry.erasures(agreement);
  const known = (await erasures.read(data.erasure))?.receivers.find(({ leg }) => leg === data.leg);
  if (known === undefined) return { status: 404, body: { reason: 'no-such-erasure' } };
  const { erasure: id, leg, ...confirmation } = data;
  const { releases, ...signed } = confirmation;
  const fault = check({ purpose: 'confirm-erasure', leg, erasure: id, releases }, signed);
  if (fault !== undefined) return { status: 409, body: { reason: fault } };
  if (!hasHad(known, releases, conduct)) return { status: 409, body: { reason: 'not-received' } };
  await erasures.change([id], (erasure) => confirmErasure(erasure, leg, confirmation, conduct, now));
  return DONE;
}
