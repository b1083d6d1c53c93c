import type { Need } from './identify-call';
import type { TellFact } from './judge-conditions';
import { judgeNeed, type RoleStatement } from './role-policy';

/** What a bucket, a key or a role says itself of who may use it, and what tags it bears. */
export interface ResourcePolicy {
  readonly kind: 'bucket' | 'key' | 'role';
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly statements: readonly ResourceStatement[];
}

export interface ResourceStatement extends RoleStatement {
  /** ARNs, or `*`; of services none. */
  readonly principals: readonly string[];
}

/** Who makes a call. */
export interface Principal {
  /** Of the role. */
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The policy that has a word in a call, if there is one. */
export function findPolicy(policies: readonly ResourcePolicy[], { resource }: Need): ResourcePolicy | undefined {
  return policies.find(({ kind, arn }) => resource === arn || (kind === 'bucket' && resource.startsWith(`${arn}/`)));
}

/**
 * Whether a resource's own policy lets a principal of its account have what IAM gives it: it has not to deny it; a key and whoever
 * is to be assumed have to allow it too, to the principal or to its account ("Key policies" of KMS, "How IAM roles differ from
 * resource-based policies").
 */
export function admits({ kind, statements }: ResourcePolicy, need: Need, { arn }: Principal, tell: TellFact): boolean {
  const account = `arn:aws:iam::${arn.split(':')[4]}:root`;
  const about = statements.filter(({ principals }) => principals.some((each) => ['*', arn, account].includes(each)));
  const { allowed, by } = judgeNeed(about, need, tell);
  if (by?.effect === 'Deny') return false;
  const hasToAllow = kind === 'key' || (kind === 'role' && need.action === 'sts:AssumeRole');
  return allowed || !hasToAllow;
}
