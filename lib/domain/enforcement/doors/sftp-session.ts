import type { SidePlan } from '../../agreement/plan/plan-for-side';
import { inboxPrefix } from '../../room/inbox-prefix';
import { deliveryPrefix } from '../../room/landing-prefix';
import { nameFolder, nameInbox } from '../../room/sftp-folders';

/** The buckets behind the folders, and the ARN of the key that their objects are encrypted with. */
export interface SftpBuckets {
  readonly landing: NamedBucket;
  readonly lake: NamedBucket;
  readonly keyArn: string;
}

/** A bucket as logical directories and as policies name it. */
interface NamedBucket {
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
 * What a party finds when it signs in, and the policy of its session: to write to its own folders, to read its inboxes.
 * @param suspended ids of the legs by which it gets nothing now
 */
export function drawSftpSession(
  plan: SidePlan,
  party: string,
  buckets: SftpBuckets,
  suspended: ReadonlySet<string>,
): { readonly folders: readonly SftpFolder[]; readonly policy: string } {
  const outgoing = listFolders(plan, party, buckets);
  const legs = plan.legs.filter(({ id }) => !suspended.has(id));
  const incoming = listInboxes({ ...plan, legs }, party, buckets);
  return { folders: [...outgoing, ...incoming], policy: writeSessionPolicy(outgoing, incoming, buckets.keyArn) };
}

/** Characters of an inline session policy (STS AssumeRole). */
export const MAX_SESSION_POLICY = 2048;

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
