import type { PauseAct } from '../../../agreement/lifecycle';
import { listHolders } from '../../../registry/list-pauses';
import type { Registry } from '../../../registry/registry';
import { PauseRefused, pauseAgreement } from '../../words/pause-agreement';
import { pauseRequestSchema } from '../api-schemas';
import { type ApiAnswer, MALFORMED } from './api-answer';
import type { TellRoom } from './tell-room';

interface PauseRequest {
  readonly agreement: string;
  readonly act: PauseAct;
  readonly party: string;
  readonly body: unknown;
}

/** A party has the agreement stand still, or takes that back: a veto, which holds until the same party lifts it. */
export async function answerPause(
  { agreement, act, party, body }: PauseRequest,
  { registry, tell }: { readonly registry: Registry; readonly tell: TellRoom },
  now: string,
): Promise<ApiAnswer> {
  const { data } = pauseRequestSchema.safeParse(body);
  if (data === undefined) return MALFORMED;
  const { reason } = data;
  try {
    const current = await pauseAgreement(registry, agreement, { act, by: party, at: now, reason });
    await tell('agreementPaused', { agreement, act, by: party, reason });
    const heldBy = current?.state === 'suspended' ? listHolders(current.history) : [];
    return { status: 201, body: { decision: 'permit', state: current?.state, heldBy } };
  } catch (error) {
    if (error instanceof PauseRefused) return { status: 409, body: { reason: error.fault } };
    throw error;
  }
}
