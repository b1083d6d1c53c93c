import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { PlannedDataset } from '../../lib/domain/agreement/plan/plan';
import type { TellRoom } from '../../lib/domain/enforcement/api/answers/tell-room';
import { erasureRequestSchema } from '../../lib/domain/enforcement/api/api-schemas';
import { showErasures } from '../../lib/domain/enforcement/api/show-erasures';
import { DOOR_BOUNDS } from '../../lib/domain/enforcement/doors/door-bounds';
import { decide, NOTHING_USED } from '../../lib/domain/enforcement/policies/decide';
import { findErasable, listLegsOf } from '../../lib/domain/exchange/erasure/plan-erasure';
import { readSubject } from '../../lib/domain/exchange/erasure/read-subject';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import { describeErasure, describeSecrets } from '../../lib/engine/glue/describe-secrets';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import { type HoldsToken, type SubjectSecrets, startErasure, TooManyErasures } from '../../lib/registry/start-erasure';
import { type ApiEvent, answerJson, readApiEvent } from '../shared/api-event';
import { findCaller, refuseCaller } from '../shared/find-caller';
import type { Log } from '../shared/log';
import { KeyGone, type MakeMac } from '../shared/make-mac';
import type { RecordAtDoor } from '../shared/record-at-door';

export interface ErasureSurroundings {
  readonly registry: Registry;
  readonly record: RecordAtDoor;
  readonly policiesOf: RememberedPolicies;
  readonly makeMac: MakeMac;
  readonly holds: HoldsToken;
  readonly tell: TellRoom;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Decides, puts that on record, and then the erasure, by digests that the keys of the dataset's legs make. The identifier is
 * neither kept nor logged; what cannot be found out forbids.
 */
export async function answerErasure(
  event: ApiEvent,
  { registry, record, policiesOf, makeMac, holds, tell, now, log }: ErasureSurroundings,
): Promise<APIGatewayProxyStructuredResultV2> {
  const call = readApiEvent(event);
  const at = now().toISOString();
  const found = await findCaller(registry, call);
  if (found.kind === 'stranger') return refuseCaller(registry, call, 'request-erasure', at, { record, log });
  const { on, party } = found;
  const { data } = erasureRequestSchema.safeParse(call.body);
  const { policies, engine } = policiesOf(on.plan, on.conduct.earlier);
  const request = { id: call.id, operation: 'request-erasure', party, about: data?.dataset ?? '', operands: {} };
  const context = { plan: on.plan, policies, conduct: on.conduct, used: NOTHING_USED, now: at };
  const decision = decide(request, context, engine);
  await record(registry, decision, call.caller.account ?? 'none');
  const { effect, reason, clause } = decision;
  log[effect === 'permit' ? 'info' : 'warn']('Erasure decided', { ...call.known, party, effect, reason, clause });
  if (data === undefined) return answerJson(400, { reason: 'malformed-request' });
  const dataset = findErasable(on.plan, on.conduct, data.dataset);
  if (effect === 'forbid' || dataset === undefined) return answerJson(403, { decision: 'forbid', reason, clause });
  const reading = readSubject(dataset, data.identifier);
  if (reading.kind === 'refused')
    return reading.reason === 'malformed'
      ? answerJson(400, { reason: 'malformed-request' })
      : answerJson(409, { reason: reading.reason });
  try {
    const secrets = await lendSecrets(registry, on, dataset, makeMac);
    const { erasure, isNew } = await startErasure(registry, on, dataset, reading.subject, secrets, holds, at, BOUND);
    log.info('Erasure on record', { ...call.known, dataset: dataset.id, erasure: erasure.id });
    const legs = new Set(erasure.receivers.map(({ leg }) => leg));
    const shown = showErasures([erasure], { legs, readable: new Set() }, on.conduct, at);
    return answerJson(201, { decision: 'permit', isNew, erasures: shown });
  } catch (error) {
    if (error instanceof TooManyErasures) {
      log.warn('More erasures than a day takes', { ...call.known, dataset: dataset.id });
      await tellOnce(registry, { agreement: on.plan.agreement.id, dataset: dataset.id, party, at }, tell);
      return answerJson(429, { reason: 'too-many-today' });
    }
    if (!(error instanceof KeyGone)) throw error;
    log.warn('Erasure without a key', { ...call.known, dataset: dataset.id });
    return answerJson(409, { reason: 'keys-gone' });
  }
}

const BOUND = DOOR_BOUNDS.erasures;

/** Whoever runs the room is told once a day; told before that is on record, so that it is not lost. */
async function tellOnce(
  registry: Registry,
  { agreement, dataset, party, at }: Record<'agreement' | 'dataset' | 'party' | 'at', string>,
  tell: TellRoom,
): Promise<void> {
  const days = registry.erasureDays(agreement);
  const day = at.slice(0, 10);
  if ((await days.read(dataset, day))?.toldAt !== undefined) return;
  const text = `${party} asks to have more than ${BOUND} persons erased from ${dataset} on ${day}: what is beyond them is refused, and can be asked for on the next day`;
  await tell('problemReported', { agreement, party, text });
  await days.change([dataset, day], (each) => (each.toldAt === undefined ? { ...each, toldAt: at } : undefined));
}

/** Whom one dataset's owner asked to erase hangs on one key, that of the first request, so that nobody is asked for twice. */
async function lendSecrets(
  registry: Registry,
  { plan, conduct, current }: AgreementOnRecord,
  dataset: PlannedDataset,
  makeMac: MakeMac,
): Promise<SubjectSecrets> {
  const agreement = plan.agreement.id;
  const { legKeys } = current.provisioned;
  const before = (await registry.erasures(agreement).list()).find((each) => each.dataset === dataset.id);
  const key = before?.key ?? listLegsOf(plan, conduct, dataset.id).flatMap((leg) => legKeys[leg.id] ?? [])[0];
  if (key === undefined) throw new KeyGone(`No leg of ${dataset.id} has a key.`);
  return {
    key,
    erasure: () => makeMac(key, describeErasure(agreement, dataset, key).messages.erasure!),
    token: (leg, version) => {
      const secrets = describeSecrets(agreement, { ...dataset, version }, leg, legKeys, ['token']);
      return makeMac(secrets.key, secrets.messages.token!);
    },
  };
}
