import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { identifyParty } from '../../lib/domain/enforcement/doors/identify-party';
import { describeStranger } from '../../lib/domain/enforcement/policies/describe-refusal';
import type { Operation } from '../../lib/domain/enforcement/policies/operations';
import { listAllParties } from '../../lib/domain/exchange/list-all-parties';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import { type ApiCall, answerJson } from './api-event';
import type { Log } from './log';
import type { RecordAtDoor } from './record-at-door';

type FoundCaller =
  | { readonly kind: 'party'; readonly on: AgreementOnRecord; readonly party: string }
  | { readonly kind: 'stranger' };

/** The party that asks, and all that is on record of the agreement it asks about. */
export async function findCaller(
  registry: Registry,
  { agreement, caller, roomAccount }: ApiCall,
): Promise<FoundCaller> {
  const on = agreement === '' ? undefined : await readConduct(registry, agreement);
  const party = on && identifyParty(caller, agreement, listAllParties(on.plan, on.conduct.earlier), roomAccount);
  return on === undefined || party === undefined ? { kind: 'stranger' } : { kind: 'party', on, party };
}

/** Whoever is not of the agreement is not told whether there is one. It is on record all the same, as a count, where no agreement's are. */
export async function refuseCaller(
  registry: Registry,
  { id, caller, known }: ApiCall,
  operation: Operation | undefined,
  now: string,
  { record, log }: { readonly record: RecordAtDoor; readonly log: Log },
): Promise<APIGatewayProxyStructuredResultV2> {
  const reason = operation === undefined ? 'unknown-operation' : 'unknown-caller';
  const decision = describeStranger({ id, reason, ...(operation === undefined ? {} : { operation }) }, now);
  await record(registry, decision, caller.account ?? 'none');
  log.warn('Request forbidden', { ...known, operation: operation ?? 'unknown', reason });
  return answerJson(403, { decision: 'forbid', reason, clause: decision.clause });
}
