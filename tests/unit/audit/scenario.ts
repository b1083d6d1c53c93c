import type { Access, Evidence } from '../../../lib/domain/audit/access';
import { collectAccesses } from '../../../lib/domain/audit/records/collect-accesses';
import { readBusEvent } from '../../../lib/domain/audit/records/read-bus-event';
import { readCloudTrailRecord } from '../../../lib/domain/audit/records/read-cloudtrail-record';
import { readS3AccessLine } from '../../../lib/domain/audit/records/read-s3-access-line';
import { readTransferLog } from '../../../lib/domain/audit/records/read-transfer-log';
import type { RecordReading } from '../../../lib/domain/audit/records/record-reading';

/** Records as AWS would write them for a few ways of reaching data; the owner is `ROOM`, the other side `PARTNER`. */
export const ROOM = '111122223333';
export const PARTNER = '444455556666';
export const REGION = 'eu-central-1';
export const BUCKET = 'room-releases';
/** With parties' outboxes. */
export const LEDGER = 'room-ledger';
export const SERVER = 's-0123456789abcdef0';
export const TABLE = `arn:aws:glue:${REGION}:${ROOM}:table/room/usage`;

export interface Sighting {
  readonly reading: RecordReading;
  readonly evidence: Evidence;
  /** The record as it would stand in a log. */
  readonly source:
    | { readonly log: 'cloudtrail'; readonly record: { readonly eventID: string } & object }
    | { readonly log: 's3-access-log'; readonly line: string }
    | { readonly log: 'cloudwatch' | 'event-bus'; readonly event: object };
}

let serial = 0;

/** A number that no other call gave; what is made with it differs from all else. */
function nextNumber(): string {
  serial += 1;
  return String(serial).padStart(6, '0');
}

export interface S3Read {
  readonly key: string;
  readonly at: string;
  /** The account that reads; `null` for a service of AWS. */
  readonly account: string | null;
  readonly error?: string;
}

/** Both accounts' copies of a read, and S3's own line. */
export function makeS3Read({ key, at, account, error }: S3Read): readonly Sighting[] {
  const number = nextNumber();
  const service = { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' };
  const record = {
    ...makeRecord('s3', 'GetObject', at, number),
    requestParameters: { bucketName: BUCKET, key },
    additionalEventData: { bytesTransferredOut: 1000 },
    resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM, ARN: `arn:aws:s3:::${BUCKET}` }],
    sharedEventID: `shared-${number}`,
    ...(error === undefined ? {} : { errorCode: error }),
  };
  const owners = { ...record, userIdentity: account === null ? service : { type: 'AWSAccount', accountId: account } };
  const others = {
    ...record,
    eventID: `event-${number}-b`,
    recipientAccountId: account,
    userIdentity: roleOf(account),
  };
  const sightings = [sightRecord(owners)];
  if (account !== null && account !== ROOM) sightings.push(sightRecord(others));
  if (account !== null)
    sightings.push(makeS3Line({ key, at, requester: `arn:aws:sts::${account}:assumed-role/R/s` }, number));
  return sightings;
}

function makeS3Line(line: { readonly key: string; readonly at: string; readonly requester: string }, number: string) {
  const [date, time] = [line.at.slice(0, 10), line.at.slice(11, 19)];
  const stamp = `${date.slice(8)}/Mar/2026:${time} +0000`;
  const request = `"GET /${line.key} HTTP/1.1" 200 - 1000 1000 5 4 "-" "agent" -`;
  const text = `${'0f'.repeat(32)} ${BUCKET} [${stamp}] 203.0.113.9 ${line.requester} request-${number} REST.GET.OBJECT ${line.key} ${request}`;
  return sight(readS3AccessLine(text), { log: 's3-access-log', line: text });
}

/** Credentials from Lake Formation, and the reads that use them: in the owner's log these look like its own. */
export function makeLakeRead(read: {
  readonly keys: readonly string[];
  readonly at: string;
  readonly account: string;
  readonly sourceIdentity?: boolean;
  readonly query?: string;
  readonly table?: string;
}): readonly Sighting[] {
  const session = `AWSLF-00-AT-${read.account}-${nextNumber()}`;
  const vend = {
    ...makeRecord('lakeformation', 'GetDataAccess', read.at, nextNumber()),
    userIdentity: { type: 'AWSAccount', accountId: read.account },
    requestParameters: {
      tableArn: read.table ?? TABLE,
      ...(read.query === undefined ? {} : { auditContext: { additionalAuditContext: `{queryId: ${read.query}}` } }),
    },
    additionalEventData: { lakeFormationRoleSessionName: session },
    sharedEventID: `shared-${session}`,
  };
  const source = read.sourceIdentity ? { sourceIdentity: `V2.${read.account}.AROAPARTNER` } : {};
  const reads = read.keys.map((key) => ({
    ...makeRecord('s3', 'GetObject', read.at, nextNumber()),
    userIdentity: {
      type: 'AssumedRole',
      accountId: ROOM,
      arn: `arn:aws:sts::${ROOM}:assumed-role/BarterRoomCatalogue-Reader-1A2B3C/${session}`,
      sessionContext: source,
      invokedBy: 'athena.amazonaws.com',
    },
    requestParameters: { bucketName: BUCKET, key },
    resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM, ARN: `arn:aws:s3:::${BUCKET}` }],
  }));
  const copy = { ...vend, eventID: `event-${nextNumber()}`, recipientAccountId: read.account };
  return [vend, copy, ...reads].map(sightRecord);
}

/** A query in the receiver's account: as that forwards it, and what Lake Formation hands out for it. */
export function makeQuery({ key, at, account }: S3Read & { readonly account: string }): readonly Sighting[] {
  const query = `0000-query-${nextNumber()}`;
  const ask = (operation: string, change: object) => {
    const own = { recipientAccountId: account, userIdentity: roleOf(account), ...change };
    return sightRecord({ ...makeRecord('athena', operation, at, nextNumber()), ...own });
  };
  return [
    ask('StartQueryExecution', { responseElements: { queryExecutionId: query } }),
    ...makeLakeRead({ keys: [key], at, account, query }),
    ask('GetQueryResults', { requestParameters: { queryExecutionId: query } }),
  ];
}

/** An SFTP session: its log lines, Transfer's event, and the S3 write beneath. */
export function makeSftpUpload(upload: {
  readonly user: string;
  readonly key: string;
  readonly at: string;
  /** Its own where none is given. */
  readonly session?: string;
  /** What Transfer's line of the file says instead. */
  readonly told?: object;
}): readonly Sighting[] {
  const { user, key, at, session = nextNumber().padStart(16, '0'), told = {} } = upload;
  const line = (message: object) => ({
    id: `line-${nextNumber()}`,
    timestamp: Date.parse(at),
    message: JSON.stringify({
      'resource-arn': `arn:aws:transfer:${REGION}:${ROOM}:server/${SERVER}`,
      'session-id': session,
      ...message,
    }),
  });
  const put = {
    ...makeRecord('s3', 'PutObject', at, nextNumber()),
    userIdentity: {
      type: 'AssumedRole',
      accountId: ROOM,
      arn: `arn:aws:sts::${ROOM}:assumed-role/BarterAgreement-telco-re-ByretailSftp-1A2B3C/${user}.${session}@${SERVER}`,
    },
    requestParameters: { bucketName: BUCKET, key },
    resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM, ARN: `arn:aws:s3:::${BUCKET}` }],
  };
  const event = {
    id: `bus-${nextNumber()}`,
    source: 'aws.transfer',
    'detail-type': 'SFTP Server File Upload Completed',
    account: ROOM,
    time: at,
    region: REGION,
    detail: { 'server-id': SERVER, username: user, 'session-id': session, 'file-path': `/${BUCKET}/${key}`, bytes: 9 },
  };
  return [
    sightLine(line({ 'activity-type': 'CONNECTED', user })),
    sightRecord(put),
    sightLine(line({ 'activity-type': 'CLOSE', path: `/${BUCKET}/${key}`, 'bytes-in': 9, ...told })),
    sight(readBusEvent(event), { log: 'event-bus', event }),
    sightLine(line({ 'activity-type': 'DISCONNECTED' })),
  ];
}

/** A session in which files are fetched by SFTP: Transfer's lines, of which the first alone tells from where, and S3's reads beneath. */
export function makeSftpDownload(download: {
  readonly user: string;
  readonly keys: readonly string[];
  readonly at: string;
  readonly ip: string;
}): readonly Sighting[] {
  const session = nextNumber().padStart(16, '0');
  const { user, keys, at, ip } = download;
  const line = (message: object) =>
    sightLine({
      id: `line-${nextNumber()}`,
      timestamp: Date.parse(at),
      message: JSON.stringify({
        'resource-arn': `arn:aws:transfer:${REGION}:${ROOM}:server/${SERVER}`,
        'session-id': session,
        ...message,
      }),
    });
  const arn = `arn:aws:sts::${ROOM}:assumed-role/BarterAgreement-telco-re-ByretailSftp-1A2B3C/${user}.${session}@${SERVER}`;
  const read = (key: string) => {
    const record = {
      ...makeRecord('s3', 'GetObject', at, nextNumber()),
      userIdentity: { type: 'AssumedRole', accountId: ROOM, arn },
      sourceIPAddress: 'transfer.amazonaws.com',
      requestParameters: { bucketName: BUCKET, key },
      resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM, ARN: `arn:aws:s3:::${BUCKET}` }],
    };
    return sightRecord(record);
  };
  return [
    line({ 'activity-type': 'CONNECTED', user, 'source-ip': ip }),
    ...keys.flatMap((key) => [
      read(key),
      line({ 'activity-type': 'CLOSE', path: `/${BUCKET}/${key}`, 'bytes-out': 9 }),
    ]),
    line({ 'activity-type': 'DISCONNECTED' }),
  ];
}

/** Both accounts' copies of a use of a key: that of the room, whose key it is, and that of whoever reads. */
export function makeSharedDecrypt(decrypt: Decrypt): readonly Sighting[] {
  const number = nextNumber();
  const owners = { ...describeDecrypt(decrypt, number), sharedEventID: `shared-${number}` };
  const others = { eventID: `event-${number}-b`, recipientAccountId: decrypt.account };
  return [owners, { ...owners, ...others, userIdentity: roleOf(decrypt.account) }].map(sightRecord);
}

interface Decrypt {
  readonly key: string;
  readonly at: string;
  readonly account: string;
}

export function makeDecrypt(decrypt: Decrypt): Sighting {
  return sightRecord(describeDecrypt(decrypt, nextNumber()));
}

function describeDecrypt(decrypt: Decrypt, number: string) {
  const arn = `arn:aws:kms:${REGION}:${ROOM}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  return {
    ...makeRecord('kms', 'Decrypt', decrypt.at, number),
    userIdentity: { type: 'AWSAccount', accountId: decrypt.account },
    requestParameters: { encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${BUCKET}/${decrypt.key}` } },
    resources: [{ type: 'AWS::KMS::Key', accountId: ROOM, ARN: arn }],
  };
}

/** An export by the receiver of a data set, as the receiver's account forwards it. */
export function makeExport(job: { readonly dataSet: string; readonly at: string; readonly account: string }): Sighting {
  const record = {
    ...makeRecord('dataexchange', 'CreateJob', job.at, nextNumber()),
    recipientAccountId: job.account,
    userIdentity: roleOf(job.account),
    requestParameters: { Type: 'EXPORT_REVISIONS_TO_S3', Details: { ExportRevisionsToS3: { DataSetId: job.dataSet } } },
  };
  return sightRecord(record);
}

/** A read by a link: the room's own session signed it, which is named for the decision that gave it. */
export function makeLinkRead({ session, key, at }: LinkUse): readonly Sighting[] {
  const number = nextNumber();
  const arn = `arn:aws:sts::${ROOM}:assumed-role/BarterRoomIntake-PresignDownloadLinkRole-1A2B3C/${session}`;
  const record = {
    ...makeRecord('s3', 'GetObject', at, number),
    userIdentity: { type: 'AssumedRole', accountId: ROOM, arn },
    sourceIPAddress: '203.0.113.9',
    requestParameters: { bucketName: BUCKET, key },
    additionalEventData: { bytesTransferredOut: 1000 },
    resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM, ARN: `arn:aws:s3:::${BUCKET}` }],
  };
  return [sightRecord(record), makeS3Line({ key, at, requester: arn }, number)];
}

/** What somebody hands in by a link: the room's own session signed it, which is named for the decision that gave it. */
export function makeLinkUpload({ session, key, at }: LinkUse): readonly Sighting[] {
  const role = 'BarterRoomIntake-PresignUploadLinkRole-1A2B3C';
  return makeDoorUse({ role, session, at, operation: 'PutObject', key, ip: '203.0.113.9' });
}

interface LinkUse {
  /** Its name: `nameLinkSession` of the decision. */
  readonly session: string;
  readonly key: string;
  readonly at: string;
}

/**
 * What a party or its warehouse does to an object in a session of the role of the room that is its own: KMS's record and S3's,
 * both with the room's account.
 */
export function makeDoorUse({
  role,
  session = 'nightly',
  at,
  operation,
  key,
  bucket = BUCKET,
  ip,
}: DoorUse): readonly Sighting[] {
  const arn = `arn:aws:sts::${ROOM}:assumed-role/${role}/${session}`;
  const userIdentity = { type: 'AssumedRole', accountId: ROOM, arn };
  const client = ip === undefined ? {} : { sourceIPAddress: ip };
  const object = {
    ...makeRecord('s3', operation, at, nextNumber()),
    ...client,
    userIdentity,
    requestParameters: operation === 'ListObjects' ? { bucketName: bucket, prefix: key } : { bucketName: bucket, key },
    ...(operation === 'GetObject' ? { additionalEventData: { bytesTransferredOut: 1000 } } : {}),
    resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM, ARN: `arn:aws:s3:::${bucket}` }],
  };
  if (operation === 'ListObjects' || operation === 'DeleteObject') return [sightRecord(object)];
  const uses = operation === 'PutObject' || operation === 'CopyObject' ? 'GenerateDataKey' : 'Decrypt';
  const kms = `arn:aws:kms:${REGION}:${ROOM}:key/0000abcd-12ab-34cd-56ef-1234567890ab`;
  const decrypt = {
    ...makeRecord('kms', uses, at, nextNumber()),
    userIdentity,
    // Buckets have keys of their own: KMS is not told which object it is.
    requestParameters: { encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${bucket}` } },
    resources: [{ type: 'AWS::KMS::Key', accountId: ROOM, ARN: kms }],
  };
  return [sightRecord(decrypt), sightRecord(object)];
}

export interface DoorUse {
  readonly role: string;
  /** Its name. */
  readonly session?: string;
  readonly at: string;
  readonly operation:
    | 'GetObject'
    | 'PutObject'
    | 'CopyObject'
    | 'DeleteObject'
    | 'CompleteMultipartUpload'
    | 'ListObjects';
  readonly key: string;
  readonly bucket?: string;
  readonly ip?: string;
}

const ASSUMED_BY = {
  own: 'AssumeRole',
  account: 'AssumeRole',
  service: 'AssumeRole',
  google: 'AssumeRoleWithWebIdentity',
  sso: 'AssumeRoleWithSAML',
} as const;

/** A role of the room is assumed: the room's copy, and that of the account which did it, where one did. */
export function makeSignIn({ role, at, by }: SignIn): readonly Sighting[] {
  const number = nextNumber();
  const record = (userIdentity: object) => ({
    ...makeRecord('sts', ASSUMED_BY[by.kind], at, number),
    requestParameters: {
      roleArn: `arn:aws:iam::${ROOM}:role/${role}`,
      roleSessionName: 'nightly',
      ...(by.kind === 'sso' ? { principalArn: by.provider } : {}),
    },
    resources: [{ type: 'AWS::IAM::Role', accountId: ROOM, ARN: `arn:aws:iam::${ROOM}:role/${role}` }],
    sharedEventID: `shared-${number}`,
    userIdentity,
  });
  switch (by.kind) {
    case 'own':
      return [sightRecord(record(roleOf(ROOM)))];
    case 'service':
      return [sightRecord(record({ type: 'AWSService', invokedBy: by.service }))];
    case 'google': {
      const [type, identityProvider] = ['WebIdentityUser', 'accounts.google.com'];
      const principalId = `${identityProvider}:app:${by.subject}`;
      return [sightRecord(record({ type, principalId, userName: by.subject, identityProvider }))];
    }
    case 'sso': {
      // The identity names the provider by a hash alone ("CloudTrail userIdentity element", SAMLUser).
      const [hash, userName] = ['bdGOnTesti4ExamplexL/jEvs=', by.subject];
      return [
        sightRecord(record({ type: 'SAMLUser', principalId: `${hash}:${userName}`, userName, identityProvider: hash })),
      ];
    }
    case 'account': {
      const { account } = by;
      const caller = { type: 'AWSAccount', accountId: account, principalId: 'AROAPARTNER:nightly' };
      const copy = { ...record(roleOf(account)), eventID: `event-${number}-b`, recipientAccountId: account };
      return [sightRecord(record(caller)), sightRecord(copy)];
    }
  }
}

export interface SignIn {
  readonly role: string;
  readonly at: string;
  readonly by:
    | { readonly kind: 'account'; readonly account: string }
    | { readonly kind: 'google'; readonly subject: string }
    | { readonly kind: 'sso'; readonly subject: string; readonly provider?: string }
    | { readonly kind: 'service'; readonly service: string }
    /** A session of the room's own account. */
    | { readonly kind: 'own' };
}

export function makeTrailChange(at: string): Sighting {
  const record = { ...makeRecord('cloudtrail', 'StopLogging', at, nextNumber()), userIdentity: roleOf(ROOM) };
  return sightRecord(record);
}

export interface Change {
  /** As CloudTrail names it, with its service: `lambda UpdateFunctionCode20150331v2`. */
  readonly call: string;
  readonly at: string;
  /** Name of the role that makes it. */
  readonly role: string;
  readonly request?: object;
  /** ARN of the table, of what writes items. */
  readonly table?: string;
  readonly invokedBy?: string;
  /** Whose trail tells of it. */
  readonly recordedBy?: string;
  /** The account that makes it; absent: that of the trail. */
  readonly by?: string;
  readonly error?: string;
}

/** A change in the room's account: of what it is made of, or of what is on record. */
export function makeChange({
  call,
  at,
  role,
  request = {},
  table,
  invokedBy,
  recordedBy = ROOM,
  by = recordedBy,
  error,
}: Change): Sighting {
  const [service = '', operation = ''] = call.split(' ');
  const arn = `arn:aws:sts::${by}:assumed-role/${role}/session`;
  const record = {
    ...makeRecord(service, operation, at, nextNumber()),
    recipientAccountId: recordedBy,
    userIdentity: {
      type: 'AssumedRole',
      accountId: by,
      arn,
      ...(invokedBy === undefined ? {} : { invokedBy }),
    },
    requestParameters: request,
    ...(table === undefined
      ? {}
      : { resources: [{ accountId: recordedBy, type: 'AWS::DynamoDB::Table', ARN: table }] }),
    ...(error === undefined ? {} : { errorCode: error }),
  };
  return sightRecord(record);
}

/** CloudTrail's own count of the data events of some minutes, by operation. */
export function makeSummary({ from, to, counts }: Summarised): object {
  const statistics = Object.entries(counts).map(([name, value]) => ({ name, value }));
  const primaryDimension = { dimension: 'eventName', statistics, aggregationType: 'Count' };
  const buckets = [{ name: `arn:aws:s3:::${BUCKET}`, value: 1 }];
  return {
    eventVersion: '1.0',
    accountId: ROOM,
    eventId: `summary-${from}`,
    eventCategory: 'Aggregated',
    eventType: 'AwsAggregatedEvent',
    awsRegion: REGION,
    eventSource: 's3.amazonaws.com',
    timeWindow: { windowStart: from, windowEnd: to, windowSize: 'PT5M' },
    summary: {
      primaryDimension,
      details: [{ dimension: 'resourceARN', statistics: buckets, aggregationType: 'Count' }],
    },
  };
}

export interface Summarised {
  readonly from: string;
  readonly to: string;
  /** By operation. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What is left of sightings when each access is taken once. */
export function collect(sightings: readonly Sighting[]): readonly Access[] {
  const collector = collectAccesses();
  for (const { reading, evidence } of sightings) collector.add(reading, evidence);
  return collector.finish().accesses.map(({ access }) => access);
}

function makeRecord(service: string, operation: string, at: string, number: string) {
  return {
    eventSource: `${service}.amazonaws.com`,
    eventName: operation,
    eventTime: at,
    eventID: `event-${number}`,
    requestID: `request-${number}`,
    awsRegion: REGION,
    recipientAccountId: ROOM,
  };
}

function roleOf(account: string | null) {
  return { type: 'AssumedRole', accountId: account, arn: `arn:aws:sts::${account}:assumed-role/R/s` };
}

function sightRecord(record: { readonly eventID: string } & object): Sighting {
  return sight(readCloudTrailRecord(record), { log: 'cloudtrail', record });
}

function sightLine(event: object): Sighting {
  return sight(readTransferLog(event), { log: 'cloudwatch', event });
}

function sight(reading: RecordReading, source: Sighting['source']): Sighting {
  return { reading, evidence: { file: 'trail/file.json.gz', record: serial }, source };
}
