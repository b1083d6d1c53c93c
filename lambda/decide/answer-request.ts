import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { SidePlan } from '../../lib/domain/agreement/plan-for-side';
import type { VerifySignature } from '../../lib/domain/agreement/signature';
import { answerOperation } from '../../lib/domain/enforcement/answer-operation';
import { API_OPERATIONS } from '../../lib/domain/enforcement/api-operations';
import { identifyParty } from '../../lib/domain/enforcement/identify-party';
import { type DecisionRequest, decide } from '../../lib/domain/enforcement/policies/decide';
import { OPERATIONS } from '../../lib/domain/enforcement/policies/operations';
import { readConduct } from '../../lib/domain/enforcement/registry/read-conduct';
import { readPlan } from '../../lib/domain/enforcement/registry/read-plan';
import type { Registry } from '../../lib/domain/enforcement/registry/registry';
import type { PlanPolicies } from '../../lib/policy/remember-policies';
import type { Log } from '../log';

/** What API Gateway tells of a request, as far as it counts. */
export type RequestEvent = Pick<APIGatewayProxyEventV2WithIAMAuthorizer, 'routeKey' | 'pathParameters'> & {
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    /** Of the account that the API is in. */
    readonly accountId: string;
    readonly requestId: string;
    readonly authorizer?: { readonly iam?: { readonly accountId?: string; readonly userArn?: string } };
  };
};

export interface RequestSurroundings {
  readonly registry: Registry;
  /** The policies of a plan, and what evaluates them: made once for each version. */
  readonly policiesOf: (plan: SidePlan) => PlanPolicies;
  readonly verify: VerifySignature;
  readonly now: () => Date;
  readonly log: Log;
}

/** Decides, puts the decision on record, and only then does what was permitted. What cannot be found out forbids. */
export async function answerRequest(
  event: RequestEvent,
  { registry, policiesOf, verify, now, log }: RequestSurroundings,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { accountId: roomAccount, authorizer } = event.requestContext;
  // API Gateway's ids may end in `=`, which no key takes.
  const requestId = event.requestContext.requestId.replaceAll(/[^\w-]/g, '-');
  const at = now().toISOString();
  const operation = API_OPERATIONS.find(({ method, path }) => event.routeKey === `${method} ${path}`)?.id;
  const agreement = event.pathParameters?.agreement ?? '';
  const caller = { account: authorizer?.iam?.accountId, arn: authorizer?.iam?.userArn };
  // The caller chooses the path: no more of it than can be an id.
  const known = {
    operation: operation ?? 'unknown',
    agreement: agreement.slice(0, 60),
    account: caller.account ?? 'unknown',
    request: requestId,
  };
  const onRecord = NAME.test(agreement) ? await readConduct(registry, agreement) : undefined;
  const body = readBody(event);
  const plan = onRecord && (await planAskedAbout(registry, onRecord.plan, operation, body));
  const party = plan && identifyParty(caller, agreement, plan.parties, roomAccount);
  // Whoever is not of the agreement is not told whether there is one.
  if (onRecord === undefined || plan === undefined || party === undefined || operation === undefined) {
    const reason = operation === undefined ? 'unknown-operation' : 'unknown-caller';
    log.warn('Request forbidden', { ...known, reason });
    return answer(403, { decision: 'forbid', reason, clause: 'parties' });
  }
  const asked = OPERATIONS[operation].about === 'leg' ? readAbout(event.pathParameters?.release, body) : {};
  const { policies, engine } = policiesOf(plan);
  const request: DecisionRequest = {
    id: requestId,
    operation,
    party,
    ...(asked.leg === undefined ? {} : { about: asked.leg }),
    operands: asked.round === undefined ? {} : { round: asked.round },
  };
  const context = { plan, policies, conduct: onRecord.conduct, used: { requests: 0, bytes: 0 }, now: at };
  const decision = decide(request, context, engine);
  await registry.decisions(agreement).create(decision);
  const { effect, reason, clause, policy } = decision;
  log[effect === 'permit' ? 'info' : 'warn']('Request decided', { ...known, effect, reason, clause, policy, party });
  if (effect === 'forbid') return answer(403, { decision: effect, reason, clause });
  const permitted = { id: requestId, operation, party, about: asked.leg ?? '', round: asked.round ?? '', body };
  const { status, body: said } = await answerOperation(permitted, onRecord, registry, verify, at);
  return answer(status, said);
}

const NAME = /^[a-z][a-z0-9-]{2,59}$/;

/** Whoever signs a version that is to come may be a party of that one alone. */
async function planAskedAbout(
  registry: Registry,
  inForce: SidePlan,
  operation: string | undefined,
  body: unknown,
): Promise<SidePlan> {
  const version = operation === 'sign-version' ? Number(fieldOf(body, 'version')) : Number.NaN;
  if (!Number.isInteger(version) || version < 1) return inForce;
  return (await readPlan(registry, inForce.agreement.id, version)) ?? inForce;
}

/** `2026-03-01.telco-retail-usage` in the path, or a leg in the body. */
function readAbout(release: string | undefined, body: unknown): { readonly leg?: string; readonly round?: string } {
  const [, round, named] = /^(\d{4}-\d{2}-\d{2})\.([\w-]{1,120})$/.exec(release ?? '') ?? [];
  if (round !== undefined && named !== undefined) return { round, leg: named };
  const leg = release === undefined ? fieldOf(body, 'leg') : undefined;
  return typeof leg === 'string' ? { leg } : {};
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

function readBody({ body, isBase64Encoded }: RequestEvent): unknown {
  if (body === undefined || body.length > MAX_BODY) return undefined;
  try {
    return JSON.parse(isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch {
    return undefined;
  }
}

/** Characters: a signature and its key, or some sentences. */
const MAX_BODY = 16_384;

function answer(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode, headers, body: JSON.stringify(body) };
}
