import type { Registry } from '../../../registry/registry';
import { overruleBreach } from '../../breaches/overrule-breach';
import { WordRefused } from '../../words/require-speaker';
import { overruleRequestSchema } from '../api-schemas';
import { type ApiAnswer, MALFORMED } from './api-answer';
import type { TellRoom } from './tell-room';

interface OverruleRequest {
  readonly agreement: string;
  readonly party: string;
  readonly body: unknown;
}

/** A party finds that a breach of another, which concerns it, is none: nothing follows from it any more. */
export async function answerOverruling(
  { agreement, party: by, body }: OverruleRequest,
  { registry, tell }: { readonly registry: Registry; readonly tell: TellRoom },
  now: string,
): Promise<ApiAnswer> {
  const { data } = overruleRequestSchema.safeParse(body);
  if (data === undefined) return MALFORMED;
  const { breach, reason } = data;
  try {
    const after = await overruleBreach(registry, agreement, breach, { by, at: now, reason });
    if (after?.overruled === undefined) return { status: 404, body: { reason: 'no-such-breach' } };
    await tell('breachLifted', { agreement, breach, by: after.overruled.by, reason: after.overruled.reason });
    return { status: 201, body: { decision: 'permit', overruled: after.overruled } };
  } catch (error) {
    if (error instanceof WordRefused) return { status: 409, body: { reason: 'not-to-overrule' } };
    throw error;
  }
}
