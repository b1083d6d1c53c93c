import type { SidePlan } from '../agreement/plan-for-side';
import { inboxPrefix } from '../room/inbox-prefix';
import { deliveryPrefix } from '../room/landing-prefix';
import { isInRange } from './address-range';
import type { RegisteredAgreement } from './registered-agreement';
import { nameFolder, nameInbox } from './sftp-folders';
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

/** The buckets behind the folders, and the ARN of the key that their objects are encrypted with. */
export interface SftpBuckets {
  readonly landing: NamedBucket;
  readonly lake: NamedBucket;
  readonly keyArn: string;
}

/** A bucket as logical directories and as policies name it. */
export interface NamedBucket {
  readonly name: string;
  readonly arn: string;
}

/** One folder that a session shows, and the prefix of a bucket behind it. */
interface SftpFolder {
  readonly entry: string;
  readonly bucket: NamedBucket;
  readonly prefix: string;
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
  const { plan, state, provisioned, suspendedParties } = registered;
  if (state !== 'active') return deny('agreement-not-active');
  if (today < plan.term.starts || today > plan.term.ends) return deny('outside-term');
  const party = plan.parties.find(({ id }) => id === user.party);
  if (party === undefined) return deny('unknown-party');
  if (party.sftp === undefined) return deny('no-sftp-agreed');
  if (!party.sftp.cidrs.some((cidr) => isInRange(sourceIp, cidr))) return deny('address-not-agreed');
  const isSuspended = suspendedParties.includes(party.id);
  const outgoing = listFolders(plan, party.id, buckets);
  const incoming = isSuspended ? [] : listInboxes(plan, party.id, buckets);
  if (outgoing.length + incoming.length === 0) return deny(isSuspended ? 'party-suspended' : 'nothing-to-do');
  const role = Object.hasOwn(provisioned.sftpRoles, party.id) ? provisioned.sftpRoles[party.id] : undefined;
  if (role === undefined) return deny('no-role');
  const policy = writeSessionPolicy(outgoing, incoming, buckets.keyArn);
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
        [...outgoing, ...incoming].map(({ entry, bucket, prefix }) => ({
          Entry: entry,
          Target: `/${bucket.name}/${prefix.slice(0, -1)}`,
        })),
      ),
      PublicKeys: party.sftp.publicKeys,
    },
  };
}

function listFolders({ agreement, datasets }: SidePlan, party: string, { landing }: SftpBuckets) {
  return datasets
    .filter(({ owner }) => owner === party)
    .map(
      ({ id }): SftpFolder => ({
        entry: nameFolder(id),
        bucket: landing,
        prefix: deliveryPrefix(agreement.id, id, 'sftp'),
      }),
    );
}

function listInboxes({ agreement, legs }: SidePlan, party: string, { lake }: SftpBuckets) {
  return legs
    .filter(({ to, via }) => to === party && via.kind === 'sftp')
    .map(
      (leg): SftpFolder => ({
        entry: nameInbox(agreement.id, leg.dataset),
        bucket: lake,
        prefix: inboxPrefix(agreement.id, leg),
      }),
    );
}

/** Characters of an inline session policy (STS AssumeRole). */
const MAX_SESSION_POLICY = 2048;

function deny(reason: SftpDenial): SftpDecision {
  return { kind: 'deny', reason };
}

/** What the session may do at most; the role it narrows may do no more than this for all folders of its party. */
function writeSessionPolicy(outgoing: readonly SftpFolder[], incoming: readonly SftpFolder[], keyArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      ...allowUnder('s3:PutObject', outgoing),
      ...allowUnder('s3:GetObject', incoming),
      // To write needs the key to encrypt, and to decrypt: S3 puts the parts of a large upload together. To read needs it to
      // decrypt. What is stored among the deliveries stays unreadable all the same: no GetObject.
      { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: keyArn },
    ],
  });
}

/** The folders of one kind lie in one bucket. */
function allowUnder(action: string, folders: readonly SftpFolder[]): readonly object[] {
  const [first] = folders;
  if (first === undefined) return [];
  const { arn } = first.bucket;
  const under = folders.map(({ prefix }) => `${prefix}*`);
  return [
    { Effect: 'Allow', Action: action, Resource: under.map((objects) => `${arn}/${objects}`) },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: arn, Condition: { StringLike: { 's3:prefix': under } } },
  ];
}
