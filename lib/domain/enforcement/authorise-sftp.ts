import { deliveryPrefix } from '../room/landing-prefix';
import { isInRange } from './address-range';
import type { RegisteredAgreement } from './registered-agreement';
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
  | 'gives-nothing'
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

/** The landing bucket, as policies and logical directories name it. */
export interface LandingBucket {
  readonly name: string;
  readonly arn: string;
  /** Of the key that its objects are encrypted with. */
  readonly keyArn: string;
}

/**
 * Whether a party may sign in, and to what: one folder per dataset that it gives under the agreement, to write to and list,
 * never to read or remove from. Anything not known to be right is denied.
 * @param today ISO date, UTC. Both days of the term count.
 */
export function authoriseSftp(
  { username, protocol, sourceIp, password }: SftpRequest,
  registered: RegisteredAgreement | undefined,
  landing: LandingBucket,
  today: string,
): SftpDecision {
  if (protocol !== 'SFTP') return deny('not-sftp');
  if (password !== undefined && password !== '') return deny('password-offered');
  const user = readSftpUser(username);
  if (user === undefined) return deny('unknown-user');
  if (registered === undefined || registered.plan.agreement.id !== user.agreement) return deny('unknown-agreement');
  const { plan, state, provisioned, suspendedParties } = registered;
  if (state !== 'active') return deny('agreement-not-active');
  if (today < plan.term.starts || today > plan.term.ends) return deny('outside-term');
  const party = plan.parties.find(({ id }) => id === user.party);
  if (party === undefined) return deny('unknown-party');
  if (suspendedParties.includes(party.id)) return deny('party-suspended');
  if (party.sftp === undefined) return deny('no-sftp-agreed');
  if (!party.sftp.cidrs.some((cidr) => isInRange(sourceIp, cidr))) return deny('address-not-agreed');
  const datasets = plan.datasets.filter(({ owner }) => owner === party.id).map(({ id }) => id);
  if (datasets.length === 0) return deny('gives-nothing');
  const role = Object.hasOwn(provisioned.sftpRoles, party.id) ? provisioned.sftpRoles[party.id] : undefined;
  if (role === undefined) return deny('no-role');
  const prefixes = datasets.map((dataset) => deliveryPrefix(user.agreement, dataset, 'sftp'));
  const policy = writeSessionPolicy(landing, prefixes);
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
        datasets.map((dataset, index) => ({
          Entry: `/${dataset}`,
          Target: `/${landing.name}/${prefixes[index]!.slice(0, -1)}`,
        })),
      ),
      PublicKeys: party.sftp.publicKeys,
    },
  };
}

/** Characters of an inline session policy (STS AssumeRole). */
const MAX_SESSION_POLICY = 2048;

function deny(reason: SftpDenial): SftpDecision {
  return { kind: 'deny', reason };
}

/** What the session may do at most; the role it narrows may do no more than this for all datasets of its party. */
function writeSessionPolicy({ arn, keyArn }: LandingBucket, prefixes: readonly string[]): string {
  const under = prefixes.map((prefix) => `${prefix}*`);
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:PutObject', Resource: under.map((objects) => `${arn}/${objects}`) },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: arn, Condition: { StringLike: { 's3:prefix': under } } },
      // Decrypt: S3 asks for it to put the parts of a large upload together. What is stored stays unreadable: no GetObject.
      { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: keyArn },
    ],
  });
}
