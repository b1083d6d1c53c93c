import { isInRange } from './address-range';
import type { RegisteredAgreement } from './registered-agreement';
import { drawSftpSession, MAX_SESSION_POLICY, type SftpBuckets } from './sftp-session';
import { readSftpUser } from './sftp-user';

/** What AWS Transfer Family asks (its user guide, "Using AWS Lambda to integrate your identity provider"). */
export interface SftpRequest {
  readonly username: string;
  readonly protocol: string;
  readonly sourceIp: string;
  /** Absent when the client offers a key; whether it holds that key the server itself checks against the answer. */
  readonly password?: string;
}

export type SftpDecision =
  | { readonly kind: 'permit'; readonly agreement: string; readonly party: string; readonly session: SftpSession }
  | { readonly kind: 'deny'; readonly reason: SftpDenial };

/** One word per reason, for logs and alarms; the client is never told which. */
export type SftpDenial =
  | 'not-sftp'
  | 'password-offered'
  | 'unknown-user'
  | 'unknown-agreement'
  | 'agreement-not-active'
  | 'outside-term'
  | 'unknown-party'
  | 'party-suspended'
  | 'no-sftp-agreed'
  | 'address-not-agreed'
  | 'nothing-to-do'
  | 'no-role'
  | 'policy-too-long';

/** In the words of Transfer Family's answer. */
export interface SftpSession {
  readonly Role: string;
  readonly Policy: string;
  readonly HomeDirectoryType: 'LOGICAL';
  readonly HomeDirectoryDetails: string;
  readonly PublicKeys: readonly string[];
}

/**
 * Whether a party may sign in, and to what: one folder per dataset that it gives under the agreement, to write to and list,
 * never to read or remove from; one per dataset that it receives by SFTP, to read and list, never to write to. A party whose
 * entitlements are suspended finds its own folders alone: by delivering it ends what it is suspended for. Anything not known
 * to be right is denied.
 * @param today ISO date, UTC. Both days of the term count.
 */
export function authoriseSftp(
  { username, protocol, sourceIp, password }: SftpRequest,
  registered: RegisteredAgreement | undefined,
  buckets: SftpBuckets,
  today: string,
): SftpDecision {
  if (protocol !== 'SFTP') return deny('not-sftp');
  if (password !== undefined && password !== '') return deny('password-offered');
  const user = readSftpUser(username);
  if (user === undefined) return deny('unknown-user');
  if (registered === undefined || registered.plan.agreement.id !== user.agreement) return deny('unknown-agreement');
  const { plan, state, provisioned, lastDay, suspendedParties } = registered;
  if (state !== 'active') return deny('agreement-not-active');
  if (today < plan.term.starts || today > lastDay) return deny('outside-term');
  const party = plan.parties.find(({ id }) => id === user.party);
  if (party === undefined) return deny('unknown-party');
  if (party.sftp === undefined) return deny('no-sftp-agreed');
  if (!party.sftp.cidrs.some((cidr) => isInRange(sourceIp, cidr))) return deny('address-not-agreed');
  const isSuspended = suspendedParties.includes(party.id);
  const { folders, policy } = drawSftpSession(plan, party.id, buckets, { isSuspended });
  if (folders.length === 0) return deny(isSuspended ? 'party-suspended' : 'nothing-to-do');
  const role = Object.hasOwn(provisioned.sftpRoles, party.id) ? provisioned.sftpRoles[party.id] : undefined;
  if (role === undefined) return deny('no-role');
  // STS refuses a longer session policy, and without one the session would have all that the role has.
  if (policy.length > MAX_SESSION_POLICY) return deny('policy-too-long');
  return {
    kind: 'permit',
    agreement: user.agreement,
    party: party.id,
    session: {
      Role: role,
      Policy: policy,
      HomeDirectoryType: 'LOGICAL',
      HomeDirectoryDetails: JSON.stringify(
        folders.map(({ entry, bucket, prefix }) => ({
          Entry: entry,
          Target: `/${bucket.name}/${prefix.slice(0, -1)}`,
        })),
      ),
      PublicKeys: party.sftp.publicKeys,
    },
  };
}

function deny(reason: SftpDenial): SftpDecision {
  return { kind: 'deny', reason };
}
