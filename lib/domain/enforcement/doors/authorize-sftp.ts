import type { DecisionRecord } from '../../registry/door-records';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import { readSftpUser } from '../../room/sftp-user';
import { remediesAt } from '../breaches/remedies-at';
import { suspensionsOf } from '../breaches/suspensions-of';
import { type DecisionContext, decide, NOTHING_USED } from '../policies/decide';
import { describeRefusal } from '../policies/describe-refusal';
import type { PolicyEngine } from '../policies/policy-engine';
import { findPauseOfLeg } from '../words/find-pause';
import { drawSftpSession, MAX_SESSION_POLICY, type SftpBuckets } from './sftp-session';

/** What AWS Transfer Family asks (its user guide, "Using AWS Lambda to integrate your identity provider"). */
export interface SftpRequest {
  readonly username: string;
  readonly protocol: string;
  readonly sourceIp: string;
  /** Absent when the client offers a key; whether it holds that key the server itself checks against the answer. */
  readonly password?: string;
}

/** Who knocks, as far as the request tells, or why nobody needs to be asked. */
type SftpKnock =
  | { readonly kind: 'named'; readonly agreement: string; readonly party: string }
  | { readonly kind: 'refused'; readonly reason: 'not-sftp' | 'password-offered' | 'unknown-user' };

/** In the words of Transfer Family's answer. */
export interface SftpSession {
  readonly Role: string;
  readonly Policy: string;
  readonly HomeDirectoryType: 'LOGICAL';
  readonly HomeDirectoryDetails: string;
  readonly PublicKeys: readonly string[];
}

/** What is put on record, and the session where it is permitted. */
export interface SftpDecision {
  readonly decision: DecisionRecord;
  readonly session?: SftpSession;
}

interface SftpGrounds extends Pick<DecisionContext, 'policies' | 'now'> {
  /** Tells two requests apart. */
  readonly id: string;
  readonly engine: PolicyEngine;
  readonly buckets: SftpBuckets;
}

export function readSftpKnock({ username, protocol, password }: SftpRequest): SftpKnock {
  if (protocol !== 'SFTP') return { kind: 'refused', reason: 'not-sftp' };
  if (password !== undefined && password !== '') return { kind: 'refused', reason: 'password-offered' };
  const user = readSftpUser(username);
  return user === undefined ? { kind: 'refused', reason: 'unknown-user' } : { kind: 'named', ...user };
}

/**
 * Whether a party may sign in, and to what: one folder per dataset that it gives under the agreement, to write to and list,
 * never to read or remove from; one per dataset that it receives by SFTP, to read and list, never to write to. A party that
 * is suspended finds its own folders and the inboxes of the legs that are not: by delivering it ends what it is suspended for. Who may sign in is
 * the policies' to say; a party for whom no session can be drawn is refused all the same.
 */
export function authorizeSftp(
  { party, sourceIp }: { readonly party: string; readonly sourceIp: string },
  on: AgreementOnRecord,
  { id, policies, engine, buckets, now }: SftpGrounds,
): SftpDecision {
  const { plan, conduct } = on;
  const context = { plan, policies, conduct, used: NOTHING_USED, now };
  const decision = decide({ id, operation: 'connect-sftp', party, operands: { ip: sourceIp } }, context, engine);
  if (decision.effect === 'forbid') return { decision };
  const session = openSession(party, on, buckets, now);
  return typeof session === 'string'
    ? { decision: describeRefusal(decision, session, `parties.${party}`) }
    : { decision, session };
}

function openSession(
  party: string,
  { plan, conduct, current }: AgreementOnRecord,
  buckets: SftpBuckets,
  now: string,
): SftpSession | 'party-suspended' | 'nothing-to-do' | 'no-role' | 'policy-too-long' {
  const due = remediesAt(plan, conduct.breaches, now, conduct.versions);
  const suspensions = suspensionsOf(plan, due, conduct, now).filter((each) => each.party === party);
  const paused = plan.legs.filter((leg) => findPauseOfLeg(plan, leg, conduct) !== undefined);
  const suspended = new Set([...suspensions.flatMap(({ legs }) => legs), ...paused.map(({ id }) => id)]);
  // While it stands still nothing is taken in: there is no folder to write to.
  const given = conduct.state === 'suspended' ? { ...plan, datasets: [] } : plan;
  const { folders, policy } = drawSftpSession(given, party, buckets, suspended);
  if (folders.length === 0) return suspended.size > 0 ? 'party-suspended' : 'nothing-to-do';
  const { sftpRoles } = current.provisioned;
  const role = Object.hasOwn(sftpRoles, party) ? sftpRoles[party] : undefined;
  if (role === undefined) return 'no-role';
  // STS refuses a longer session policy, and without one the session would have all that the role has.
  if (policy.length > MAX_SESSION_POLICY) return 'policy-too-long';
  return {
    Role: role,
    Policy: policy,
    HomeDirectoryType: 'LOGICAL',
    HomeDirectoryDetails: JSON.stringify(
      folders.map(({ entry, bucket, prefix }) => ({ Entry: entry, Target: `/${bucket.name}/${prefix.slice(0, -1)}` })),
    ),
    PublicKeys: plan.parties.find(({ id }) => id === party)?.sftp?.publicKeys ?? [],
  };
}
