import { encodeText } from '../../bytes';
import { readActor } from './cloudtrail-actor';
import { hasMark } from './match-bytes';
import { accountOfArn, type Fields, isAccount, isFields, readFields, readText, readTime } from './record-fields';

/** What a record may name of a room. */
export interface RoomNames {
  readonly accounts: ReadonlySet<string>;
  readonly buckets: readonly string[];
}

/** Where in time something lies that was not read: an hour, `YYYY-MM-DDTHH`, or what stands for none that is known. */
export const NO_HOUR = '?';

/**
 * Looks at an element of a log that was not read as an access: whether it names a bucket, key, table, data set or server of the
 * room, and an account that is none of the room's. What it did nobody knows then, and it is no business of the room alone.
 * @returns its hour; undefined where it names no such thing
 */
export function findConcern(element: unknown, { accounts, buckets }: RoomNames): string | undefined {
  if (!isFields(element)) return undefined;
  const record = isFields(element.detail) ? element.detail : element;
  // Summaries of events are compared with the events.
  if (/^(Aggregated|Insight)$/.test(readText(record, 'eventCategory') ?? '')) return undefined;
  let isOthers = isByOthers(record, accounts);
  let isNamed = false;
  const owner = readText(record, 'recipientAccountId');
  // A list of what is still to be looked at, and no calls within calls: whoever writes a record says how deep it is.
  const open: object[] = [record];
  for (let each = open.pop(); each !== undefined && !(isOthers && isNamed); each = open.pop())
    for (const [name, value] of Object.entries(each)) {
      if (typeof value === 'object' && value !== null) open.push(value);
      if (typeof value !== 'string') continue;
      if (name === 'accountId' && !accounts.has(value)) isOthers = true;
      const isServer = name === 'serverId' && owner !== undefined && accounts.has(owner);
      if (isServer || (name === 'catalogId' && accounts.has(value)) || isOfRoom(value, { accounts, buckets }))
        isNamed = true;
    }
  return isOthers && isNamed ? nameHour(readTime(record, 'eventTime')) : undefined;
}

/** The same of a line of S3's own log: `OWNER BUCKET [TIME ZONE] ADDRESS REQUESTER …`. */
export function findLineConcern(line: string, { accounts, buckets }: RoomNames): string | undefined {
  const [owner, bucket = '', , , , requester = ''] = line.split(' ', 6);
  if (!buckets.includes(bucket)) return undefined;
  const account = accountOfArn(requester);
  const isOthers =
    account === undefined ? /^[0-9a-f]{64}$/.test(requester) && requester !== owner : !accounts.has(account);
  return isOthers ? NO_HOUR : undefined;
}

function nameHour(at: string | undefined): string {
  return at?.slice(0, 13) ?? NO_HOUR;
}

/** Whether CloudTrail names somebody else than the room and AWS, or nobody, or a session that stands for somebody else. */
function isByOthers(record: Fields, accounts: RoomNames['accounts']): boolean {
  if (readText(record, 'eventSource') === undefined && record.userIdentity === undefined) return false;
  const identity = readFields(record, 'userIdentity');
  const actor = readActor(identity, readFields(record, 'requestParameters'));
  if (actor.kind === 'aws-service') return false;
  if (actor.kind !== 'account' || !accounts.has(actor.account)) return true;
  const source = readText(readFields(identity, 'sessionContext'), 'sourceIdentity')?.split('.', 2)[1] ?? '';
  const arn = encodeText(actor.arn ?? '');
  return (isAccount(source) && !accounts.has(source)) || hasMark(arn, 0, arn.length);
}

function isOfRoom(value: string, { accounts, buckets }: RoomNames): boolean {
  if (buckets.includes(value)) return true;
  const [, service, name = ''] =
    /^arn:[\w-]+:(s3|glue|kms|transfer|dataexchange):(?:[^:]*:){2}([^/]*)/.exec(value) ?? [];
  if (service === 's3') return buckets.includes(name);
  return service !== undefined && accounts.has(accountOfArn(value) ?? '');
}
