import { API_OPERATIONS, type ApiOperation } from './api-operations';

/** A request to the room's API, by somebody whom IAM let through. */
export interface ApiRequest {
  /** As the API names its routes, e.g. `GET /agreements/{agreement}`. */
  readonly route: string;
  readonly agreement: string | undefined;
  /** 12 digits: whose principal asks. */
  readonly account: string | undefined;
}

export interface RequestDecision {
  readonly kind: 'forbid';
  readonly reason: 'unknown-operation' | 'unknown-caller' | 'no-agreement-named' | 'no-policy';
  readonly operation?: ApiOperation;
}

/** Forbids everything: no agreement is compiled to policies yet, and what no clause permits is forbidden. */
export function decideRequest({ route, agreement, account }: ApiRequest): RequestDecision {
  const operation = API_OPERATIONS.find(({ method, path }) => route === `${method} ${path}`)?.id;
  if (operation === undefined) return { kind: 'forbid', reason: 'unknown-operation' };
  if (account === undefined || !/^\d{12}$/.test(account))
    return { kind: 'forbid', reason: 'unknown-caller', operation };
  if (agreement === undefined) return { kind: 'forbid', reason: 'no-agreement-named', operation };
  return { kind: 'forbid', reason: 'no-policy', operation };
}
