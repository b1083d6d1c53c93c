import type { PlannedLeg } from '../../../agreement/plan/plan';
import { listReleaseAttestations } from '../../../exchange/entitlements/plan-retention';
import { hasLeftEscrow } from '../../../exchange/rounds/has-left-escrow';
import type { Conduct } from '../../../registry/conduct';
import type { Registry } from '../../../registry/registry';
import type { PartyStatement, StatementFault, StatementSignature } from '../../words/party-statement';
import { attestRequestSchema } from '../api-schemas';
import { type ApiAnswer, DONE, MALFORMED } from './api-answer';

interface DestructionTold {
  readonly agreement: string;
  /** Undefined where nothing of such a leg is known. */
  readonly leg: Pick<PlannedLeg, 'id' | 'to'> | undefined;
  readonly body: unknown;
}

/**
 * Puts on record what a leg's receiver says that it has destroyed: releases, whose time may be over while the agreement goes on,
 * or, after its end, all.
 */
export async function answerDestruction(
  { agreement, leg, body }: DestructionTold,
  { state, releases: known }: Pick<Conduct, 'state' | 'releases'>,
  registry: Pick<Registry, 'attestations' | 'releaseAttestations'>,
  check: (said: PartyStatement, signed: StatementSignature) => StatementFault | undefined,
  now: string,
): Promise<ApiAnswer> {
  const { data } = attestRequestSchema.safeParse(body);
  if (data === undefined || leg === undefined || data.leg !== leg.id) return MALFORMED;
  const { releases, leg: id, statement, by, ...signed } = data;
  const isOver = state === 'ended' || state === 'settled';
  if (releases === undefined && !isOver) return { status: 409, body: { reason: 'not-ended' } };
  const isOut = (day: string) => known.some((each) => each.leg === id && each.round === day && hasLeftEscrow(each));
  if (releases?.every(isOut) === false) return { status: 409, body: { reason: 'not-received' } };
  const said = { purpose: 'attest-destruction', leg: id, statement, by } as const;
  const fault = check(releases === undefined ? said : { ...said, releases }, signed);
  if (fault !== undefined) return { status: 409, body: { reason: fault } };
  const attestation = { ...signed, leg: id, statement, by, agreement, party: leg.to, at: now };
  if (releases === undefined) await registry.attestations(agreement).create(attestation);
  else
    for (const each of listReleaseAttestations(attestation, releases))
      await registry.releaseAttestations(agreement).create(each);
  return DONE;
}
