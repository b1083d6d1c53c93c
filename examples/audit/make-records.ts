import { namePartyRole } from '../../lib/domain/room/room-names';
import { nameSftpUser } from '../../lib/domain/room/sftp-user';

/** The room of the sample and who comes to it. */
export const ROOM = '999900001111';
export const REGION = 'eu-central-1';
export const LANDING = 'barter-room-landing-sample';
export const LAKE = 'barter-room-lake-sample';
export const AGREEMENT = 'telco-retail-2026';
export const USAGE = 'telco-retail-usage';
export const PURCHASES = 'retail-telco-purchases';
const TELCO = '111122223333';
const RETAIL = '444455556666';
const STRANGER = '777766665555';

/** UTC. */
export const DAY = '2026-03-02';

/** A record as CloudTrail writes it, as far as an audit reads it. */
export interface SampleRecord {
  readonly eventTime: string;
  readonly [field: string]: unknown;
}

/** A decision as `barter audit` takes it. */
export interface SampleDecision {
  readonly id: string;
  readonly effect: 'permit';
  readonly agreement: { readonly id: string; readonly version: number };
  readonly party: string;
  readonly leg: string;
  readonly clause: string;
  readonly at: string;
  readonly until?: string;
}

/** One day of the room: deliveries, reads, and a few things that should not have happened. */
export function makeRecords(random: () => number): readonly SampleRecord[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const minutes = (hour: number) => timeOf(hour, Math.floor(random() * 60), Math.floor(random() * 60));
  const usage = (part: number) => `${AGREEMENT}/${USAGE}/round-3/part-${String(part).padStart(4, '0')}.parquet`;
  const deliveries = [
    ...[0, 1, 2].map((part) => put(minutes(6), byOwnRole('telco'), `usage/upload/usage-${part}.csv`)),
    ...[0, 1].map((part) => put(minutes(7), bySftp('retail'), `purchases/upload/purchases-${part}.jsonl`)),
    put(timeOf(23, 40, 0), byOwnRole('retail'), 'purchases/upload/purchases-2.jsonl'),
  ];
  const reads = Array.from({ length: 240 }, () =>
    get(minutes(8 + Math.floor(random() * 9)), RETAIL, usage(Math.floor(random() * 60)), pick(['analytics', 'etl'])),
  );
  const own = Array.from({ length: 20 }, (_, at) =>
    get(minutes(at), ROOM, `${AGREEMENT}/${USAGE}/round-3/part-0000.parquet`, 'BarterMaker'),
  );
  const signIns = [
    signIn(timeOf(5, 58, 20), TELCO, 'telco'),
    signIn(timeOf(23, 39, 12), RETAIL, 'retail'),
    signOn(timeOf(21, 38, 10)),
  ];
  const wrong = [
    // The permit ended at 18:00.
    get(timeOf(19, 5, 11), RETAIL, usage(3), 'analytics'),
    get(timeOf(19, 5, 42), RETAIL, usage(4), 'analytics'),
    get(timeOf(14, 31, 7), STRANGER, usage(0), 'backup'),
    { ...get(timeOf(14, 30, 2), STRANGER, usage(1), 'backup'), errorCode: 'AccessDenied', additionalEventData: {} },
    decrypt(timeOf(5, 12, 0), RETAIL, usage(9)),
    changeSelectors(timeOf(21, 40, 33)),
  ];
  const records = [...deliveries, ...reads, ...own, ...signIns, ...wrong].toSorted((left, right) =>
    left.eventTime < right.eventTime ? -1 : Number(left.eventTime > right.eventTime),
  );
  return records.map((record, at) => ({
    ...record,
    eventID: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    requestID: `SAMPLE${String(at).padStart(10, '0')}`,
  }));
}

function timeOf(hour: number, minute: number, second: number): string {
  const [hh, mm, ss] = [hour, minute, second].map((each) => String(each).padStart(2, '0'));
  return `${DAY}T${hh}:${mm}:${ss}Z`;
}

function record(
  service: string,
  operation: string,
  eventTime: string,
  account: string,
  role: string,
  session = 'session',
): SampleRecord {
  return {
    eventVersion: '1.11',
    eventTime,
    eventSource: `${service}.amazonaws.com`,
    eventName: operation,
    awsRegion: REGION,
    recipientAccountId: ROOM,
    sourceIPAddress: '198.51.100.24',
    userAgent: '[aws-cli/2.15.30 md/awscrt#0.19.19]',
    userIdentity: {
      type: 'AssumedRole',
      accountId: account,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    },
  };
}

function onObject(base: SampleRecord, bucket: string, key: string): SampleRecord {
  return {
    ...base,
    requestParameters: { bucketName: bucket, key },
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` },
      { type: 'AWS::S3::Bucket', accountId: ROOM, ARN: `arn:aws:s3:::${bucket}` },
    ],
  };
}

function get(time: string, account: string, key: string, role: string): SampleRecord {
  const base = onObject(record('s3', 'GetObject', time, account, role), LAKE, key);
  return { ...base, additionalEventData: { bytesTransferredOut: 1_500_000, bytesTransferredIn: 0 } };
}

/** A session of a role of the room. */
interface Session {
  readonly role: string;
  readonly session: string;
}

/** A party uploads with the role of the room that is its own, */
function byOwnRole(party: string): Session {
  return { role: namePartyRole(AGREEMENT, party), session: 'uploader' };
}

/** or by SFTP: the server's session is named for the user, its own number and the server. */
function bySftp(party: string): Session {
  return {
    role: `BarterAgreement-telco-re-By${party}Sftp-1A2B3C`,
    session: `${nameSftpUser(AGREEMENT, party)}.0a1b2c3d4e5f6071@s-0123456789abcdef0`,
  };
}

function put(time: string, { role, session }: Session, key: string): SampleRecord {
  const base = onObject(record('s3', 'PutObject', time, ROOM, role, session), LANDING, `${AGREEMENT}/${key}`);
  return { ...base, additionalEventData: { bytesTransferredOut: 0, bytesTransferredIn: 9_000_000 } };
}

function decrypt(time: string, account: string, key: string): SampleRecord {
  return {
    ...record('kms', 'Decrypt', time, account, 'analytics'),
    requestParameters: { encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${LAKE}/${key}` } },
    resources: [{ type: 'AWS::KMS::Key', accountId: ROOM, ARN: `arn:aws:kms:${REGION}:${ROOM}:key/00000000-sample` }],
  };
}

/** A party comes in by the role that is its own, as it does before it uploads. */
function signIn(time: string, account: string, party: string): SampleRecord {
  const role = `arn:aws:iam::${ROOM}:role/${namePartyRole(AGREEMENT, party)}`;
  return {
    ...record('sts', 'AssumeRole', time, account, 'uploader'),
    requestParameters: { roleArn: role, roleSessionName: 'uploader' },
    resources: [{ type: 'AWS::IAM::Role', accountId: ROOM, ARN: role }],
  };
}

const OPERATOR = { name: 'ada@room.example', role: 'AWSReservedSSO_Operator_0123456789abcdef' };

/** An operator of the room comes in by IAM Identity Center. */
function signOn(time: string): SampleRecord {
  const role = `arn:aws:iam::${ROOM}:role/aws-reserved/sso.amazonaws.com/${REGION}/${OPERATOR.role}`;
  const provider = `arn:aws:iam::${ROOM}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`;
  const userIdentity = { type: 'SAMLUser', userName: OPERATOR.name, identityProvider: 'c2FtcGxl' };
  return {
    ...record('sts', 'AssumeRoleWithSAML', time, ROOM, OPERATOR.role),
    userIdentity,
    requestParameters: { roleArn: role, roleSessionName: OPERATOR.name, principalArn: provider },
    resources: [{ type: 'AWS::IAM::Role', accountId: ROOM, ARN: role }],
  };
}

function changeSelectors(time: string): SampleRecord {
  return {
    ...record('cloudtrail', 'PutEventSelectors', time, ROOM, OPERATOR.role, OPERATOR.name),
    requestParameters: { trailName: 'barter-room' },
  };
}

/** What had been decided for the day: permits for all, and for the receiver of usage until 18:00 only. */
export function makeDecisions(): readonly SampleDecision[] {
  const base = {
    effect: 'permit' as const,
    agreement: { id: AGREEMENT, version: 1 },
    clause: '1.1',
    at: `${DAY}T00:00:00Z`,
  };
  return [
    { ...base, id: 'usage-give', party: 'telco', leg: USAGE },
    { ...base, id: 'usage-take', party: 'retail', leg: USAGE, until: `${DAY}T18:00:00Z` },
    { ...base, id: 'purchases-give', party: 'retail', leg: PURCHASES },
    { ...base, id: 'purchases-take', party: 'telco', leg: PURCHASES, until: `${DAY}T18:00:00Z` },
  ];
}
