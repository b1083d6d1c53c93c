import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { PlannedParty } from '../../lib/domain/agreement/plan/plan';
import type { SidePlan } from '../../lib/domain/agreement/plan/plan-for-side';
import { answerOperation } from '../../lib/domain/enforcement/api/answer-operation';
import type { AnsweringParts } from '../../lib/domain/enforcement/api/answers/question';
import { API_OPERATIONS } from '../../lib/domain/enforcement/api/api-operations';
import { identifyParty } from '../../lib/domain/enforcement/doors/identify-party';
import { type DecisionRequest, decide, NOTHING_USED } from '../../lib/domain/enforcement/policies/decide';
import { OPERATIONS } from '../../lib/domain/enforcement/policies/operations';
import { listAllParties } from '../../lib/domain/exchange/list-all-parties';
import { readConduct } from '../../lib/domain/registry/read-conduct';
import { readPlan } from '../../lib/domain/registry/read-plan';
import type { Registry } from '../../lib/domain/registry/registry';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import { type ApiEvent, answerJson, readApiEvent, readReleaseName } from '../shared/api-event';
import { refuseCaller } from '../shared/find-caller';
import type { Log } from '../shared/log';
import type { RecordAtDoor } from '../shared/record-at-door';

interface RequestSurroundings extends AnsweringParts {
  /** What parties ask as often as they like does not fill the record. */
  readonly record: RecordAtDoor;
  readonly policiesOf: RememberedPolicies;
  readonly now: () => Date;
  readonly log: Log;
}

/** Decides, puts the decision on record, and only then does what was permitted. What cannot be found out forbids. */
export async function answerRequest(
  event: ApiEvent,
  surroundings: RequestSurroundings,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { registry, record, policiesOf, now, log } = surroundings;
  const call = readApiEvent(event);
  const { id, agreement, caller, roomAccount, body, known } = call;
  const at = now().toISOString();
  const operation = API_OPERATIONS.find(({ method, path }) => event.routeKey === `${method} ${path}`)?.id;
  const onRecord = agreement === '' ? undefined : await readConduct(registry, agreement);
  const identify = (parties: readonly PlannedParty[]) => identifyParty(caller, agreement, parties, roomAccount);
  const ofInForce = onRecord && identify(onRecord.plan.parties);
  const next =
    onRecord && ofInForce === undefined ? await planToSign(registry, onRecord.plan, operation, body) : undefined;
  const plan = next ?? onRecord?.plan;
  const party =
    ofInForce ??
    (next && onRecord && identify(listNewParties(next, onRecord.plan))) ??
    // Who was left out answers for what it has received.
    (onRecord && identify(listAllParties(onRecord.plan, onRecord.conduct.earlier)));
  if (onRecord === undefined || plan === undefined || party === undefined || operation === undefined)
    return refuseCaller(registry, call, operation, at, surroundings);
  const asked = OPERATIONS[operation].about === 'leg' ? readAbout(event.pathParameters?.release, body) : {};
  const { policies, engine } = policiesOf(plan, onRecord.conduct.earlier);
  const request: DecisionRequest = {
    id,
    operation,
    party,
    ...(asked.leg === undefined ? {} : { about: asked.leg }),
    operands: asked.round === undefined ? {} : { round: asked.round },
  };
  const context = { plan, policies, conduct: onRecord.conduct, used: NOTHING_USED, now: at };
  const decision = decide(request, context, engine);
  await record(registry, decision, caller.account ?? 'none');
  const { effect, reason, clause, policy } = decision;
  const said = { ...known, operation, effect, reason, clause, policy, party };
  log[effect === 'permit' ? 'info' : 'warn']('Request decided', said);
  if (effect === 'forbid') return answerJson(403, { decision: effect, reason, clause });
  const before = event.queryStringParameters?.before;
  const page = before === undefined ? {} : { before };
  const permitted = { id, operation, party, about: asked.leg ?? '', round: asked.round ?? '', ...page, body };
  const answer = await answerOperation(permitted, onRecord, surroundings, at);
  return answerJson(answer.status, answer.body);
}

/** Whoever signs a version that is to come may be a party of that one alone. */
async function planToSign(
  registry: Registry,
  inForce: SidePlan,
  operation: string | undefined,
  body: unknown,
): Promise<SidePlan | undefined> {
  const version = operation === 'sign-version' ? Number(fieldOf(body, 'version')) : Number.NaN;
  if (!Number.isInteger(version) || version <= inForce.agreement.version) return undefined;
  return readPlan(registry, inForce.agreement.id, version);
}

/** What a version to come says of those that are parties already counts once it is in force. */
function listNewParties({ parties }: SidePlan, inForce: SidePlan): readonly PlannedParty[] {
  return parties.filter(({ id }) => !inForce.parties.some((party) => party.id === id));
}

/** A release in the path, or a leg in the body. */
function readAbout(release: string | undefined, body: unknown): { readonly leg?: string; readonly round?: string } {
  if (release !== undefined) return readReleaseName(release);
  const leg = fieldOf(body, 'leg');
  return typeof leg === 'string' ? { leg } : {};
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}
