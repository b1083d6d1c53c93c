import type { Draw } from './draw';

/* What happens in a room that is drawn, and who tells of it. */

export const REGION = 'eu-central-1';
export const AGREEMENT = 'gym-grocer';
export const [GYM, GROCER, STRANGER, OPERATOR] = ['111122223333', '444455556666', '777788889999', '999900001111'];
export const LEGS = { visits: 'gym-grocer-visits', orders: 'grocer-gym-orders' } as const;
export const SERVER = 's-0123456789abcdef0';
export const DATA_SETS = { own: 'ds-orders', granted: 'entitled-1' } as const;
const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

type Fields = Readonly<Record<string, unknown>>;

/** As CloudTrail writes it. */
export interface TrailRecord {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly recipientAccountId: string;
  readonly requestID: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly userIdentity: Fields & { readonly accountId: string; readonly arn?: string };
  readonly requestParameters?: Fields;
  readonly additionalEventData?: Fields;
  readonly resources?: readonly Fields[];
  readonly sharedEventID?: string;
  readonly errorCode?: string;
}

interface BusEvent extends Fields {
  readonly 'detail-type': string;
}

/** One record, and by which way it comes. */
export type Happening = { readonly at: number } & (
  | { readonly log: 'trail'; readonly record: TrailRecord; readonly isHeard: boolean; readonly isFiled: boolean }
  | { readonly log: 'server-access'; readonly line: string }
  | { readonly log: 'transfer'; readonly event: Fields }
  | { readonly log: 'bus'; readonly event: BusEvent }
);

/** Where it happens. */
export interface Stage {
  readonly draw: Draw;
  readonly isPeer: boolean;
  /** The account of the room. */
  readonly room: string;
  readonly landing: string;
  readonly lake: string;
  readonly ledger: string;
  /** Milliseconds. */
  readonly start: number;
  readonly span: number;
  readonly happenings: Happening[];
  readonly next: () => number;
}

export function openStage(draw: Draw): Stage {
  const isPeer = draw.chance(0.3);
  const names = {
    landing: 'barterroomlake-landing-x',
    lake: 'barterroomlake-lake-x',
    ledger: 'barterroomvault-ledger-x',
  };
  const start = Date.parse('2026-03-03T00:00:00Z');
  let last = 0;
  const next = () => {
    last += 1;
    return last;
  };
  const span = (20 + draw.below(40)) * HOUR;
  return { draw, isPeer, room: isPeer ? GYM! : OPERATOR!, ...names, start, span, happenings: [], next };
}

/** To the second, as AWS writes it. */
export const instant = (at: number) => new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');

const roleOf = (account: string, role: string, session: string) => ({
  type: 'AssumedRole',
  accountId: account,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
});

const release = ({ draw }: Stage, leg: string) =>
  `${AGREEMENT}/${leg}/round=${draw.below(3)}/part-${draw.below(30)}.parquet`;

interface By {
  readonly account: string;
  readonly role?: string;
  readonly session?: string;
}

/** @param call its service and operation, as CloudTrail names them */
function record(
  stage: Stage,
  at: number,
  call: string,
  { account, role = 'analytics', session = 'nightly' }: By,
): TrailRecord {
  const [service = '', operation = ''] = call.split(' ');
  const number = stage.next();
  return {
    eventID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    eventTime: instant(at),
    eventSource: `${service}.amazonaws.com`,
    eventName: operation,
    awsRegion: REGION,
    recipientAccountId: stage.room,
    requestID: `REQ${number}`,
    sourceIPAddress: stage.draw.pick(['198.51.100.24', '192.0.2.9']),
    userAgent: '[aws-cli/2]',
    userIdentity: roleOf(account, role, session),
  };
}

function ofObject(stage: Stage, told: TrailRecord, bucket: string, key: string): TrailRecord {
  const arn = `arn:aws:s3:::${bucket}`;
  const resources = [
    { type: 'AWS::S3::Object', ARN: `${arn}/${key}` },
    { type: 'AWS::S3::Bucket', accountId: stage.room, ARN: arn },
  ];
  return { ...told, requestParameters: { bucketName: bucket, key }, resources };
}

function tell({ happenings, draw }: Stage, told: TrailRecord, isHeard = draw.chance(0.3), isFiled = true): void {
  happenings.push({ at: Date.parse(told.eventTime), log: 'trail', record: told, isHeard, isFiled });
}

/** What S3's own log says of it, some seconds later. */
function tellBeside(
  { happenings }: Stage,
  at: number,
  bucket: string,
  key: string,
  requester: string,
  request: string,
) {
  const time = instant(at);
  const stamp = `${time.slice(8, 10)}/Mar/2026:${time.slice(11, 19)} +0000`;
  const line = `${'0f'.repeat(32)} ${bucket} [${stamp}] 203.0.113.9 ${requester} ${request} REST.GET.OBJECT ${key} "GET /${key} HTTP/1.1" 200 - 1000 1000 5 4 "-" "agent" -`;
  happenings.push({ at, log: 'server-access', line });
}

/** Somebody reads an object: the room's copy of it, that of the reader's account, S3's line. */
function read(
  stage: Stage,
  at: number,
  account: string,
  key: string,
  more: { bucket?: string; mayFail?: boolean } = {},
): void {
  const { draw, room } = stage;
  const { bucket = stage.lake, mayFail = false } = more;
  const isOthers = account !== room;
  const plain = record(stage, at, 's3 GetObject', { account, role: isOthers ? 'analytics' : 'OwnAdmin' });
  const shared = isOthers && draw.chance(0.7) ? { sharedEventID: `shared-${plain.requestID}` } : {};
  const told: TrailRecord = {
    ...ofObject(stage, plain, bucket, key),
    additionalEventData: { bytesTransferredOut: 1000 + draw.below(5000), bytesTransferredIn: 0 },
    ...shared,
    ...(mayFail && draw.chance(0.3) && { errorCode: 'AccessDenied' }),
    ...(isOthers &&
      draw.chance(0.5) && { userIdentity: { type: 'AWSAccount', accountId: account, principalId: 'AROA:x' } }),
  };
  tell(stage, told);
  if (told.sharedEventID !== undefined && draw.chance(0.4)) {
    const { eventID } = record(stage, at, 's3 GetObject', { account });
    tell(stage, { ...told, eventID, recipientAccountId: account, userIdentity: plain.userIdentity }, true);
  }
  const request = draw.chance(0.9) ? told.requestID : `OTHER${told.requestID}`;
  const requester = `arn:aws:sts::${account}:assumed-role/analytics/nightly`;
  if (draw.chance(0.5)) tellBeside(stage, at + draw.below(3000), bucket, key, requester, request);
}

interface Session {
  readonly id: string;
  readonly user: string;
  readonly ip: string;
}

function tellTransfer({ happenings, room, next }: Stage, at: number, { id }: Session, message: Fields): void {
  const resource = `arn:aws:transfer:${REGION}:${room}:server/${SERVER}`;
  const text = JSON.stringify({ 'resource-arn': resource, 'session-id': id, ...message });
  happenings.push({ at, log: 'transfer', event: { id: `line-${next()}`, timestamp: at, message: text } });
}

/** A session of an SFTP user, of an hour or less, of which any record may be lost. */
function transfer(stage: Stage, at: number): void {
  const { draw } = stage;
  const id = Array.from({ length: 16 }, () => draw.below(16).toString(16)).join('');
  const ip = draw.pick(['192.0.2.7', '192.0.2.7', '198.51.100.200']);
  const session = { id, user: `${AGREEMENT}.grocer`, ip };
  tellTransfer(stage, at, session, { 'activity-type': 'CONNECTED', user: session.user, 'source-ip': ip });
  const files = 1 + draw.below(3);
  let now = at;
  for (let file = 0; file < files; file += 1) {
    now += 1000 + draw.below(20 * MINUTE);
    move(stage, now, session);
  }
  if (draw.chance(0.8)) tellTransfer(stage, now + 5000, session, { 'activity-type': 'DISCONNECTED' });
}

const SFTP_ROLE = 'BarterAgreement-gym-gro-BygrocerSftp-1A';

/** A file goes out, or comes in. */
function move(stage: Stage, at: number, session: Session): void {
  const { draw, landing, lake } = stage;
  const isUpload = draw.chance(0.4);
  const key = isUpload ? `${AGREEMENT}/orders/upload/o-${stage.next()}.csv` : release(stage, LEGS.visits);
  const bucket = isUpload ? landing : lake;
  const by = { account: stage.room, role: SFTP_ROLE, session: `${session.user}.${session.id}@${SERVER}` };
  const told = ofObject(stage, record(stage, at, isUpload ? 's3 PutObject' : 's3 GetObject', by), bucket, key);
  const path = `/${bucket}/${key}`;
  const end = draw.chance(0.15) ? 'PARTIAL_CLOSE' : 'CLOSE';
  const bytes = { [isUpload ? 'bytes-in' : 'bytes-out']: 9 + draw.below(100) };
  if (draw.chance(0.9)) tell(stage, { ...told, sourceIPAddress: 'transfer.amazonaws.com' });
  if (draw.chance(0.9))
    tellTransfer(stage, at + draw.below(5000), session, { 'activity-type': 'OPEN', path, mode: 'READ' });
  if (draw.chance(0.9)) tellTransfer(stage, at + draw.below(9000), session, { 'activity-type': end, path, ...bytes });
  const kind = `SFTP Server File ${isUpload ? 'Upload' : 'Download'} ${end === 'CLOSE' ? 'Completed' : 'Failed'}`;
  if (draw.chance(0.4)) stage.happenings.push({ at, log: 'bus', event: busEvent(stage, at, kind, path, session) });
}

function busEvent({ room, next }: Stage, at: number, kind: string, path: string, { id, user, ip }: Session): BusEvent {
  const detail = {
    'server-id': SERVER,
    username: user,
    'session-id': id,
    'file-path': path,
    bytes: 9,
    'client-ip': ip,
  };
  const about = { 'detail-type': kind, account: room, time: instant(at), region: REGION, detail };
  return { version: '0', id: `bus-${next()}`, source: 'aws.transfer', ...about };
}

/** Lake Formation hands out credentials, with which somebody reads, or nobody does. */
function lend(stage: Stage, at: number): void {
  const { draw, room } = stage;
  const account = draw.pick([GYM!, GROCER!, STRANGER!]);
  const session = `AWSLF-00-AT-${account}-${String(stage.next()).padStart(10, '0')}`;
  const vend: TrailRecord = {
    ...record(stage, at, 'lakeformation GetDataAccess', { account }),
    userIdentity: { type: 'AWSAccount', accountId: account },
    requestParameters: { tableArn: `arn:aws:glue:${REGION}:${room}:table/barter_gym_grocer/orders` },
    additionalEventData: { lakeFormationRoleSessionName: session },
    sharedEventID: `shared-${session}`,
  };
  if (draw.chance(0.9)) tell(stage, vend);
  const reads = draw.below(4);
  let now = at;
  for (let each = 0; each < reads; each += 1) {
    now += draw.below(40 * MINUTE);
    const plain = record(stage, now, 's3 GetObject', { account: room, role: 'BarterRoomCatalogue-Reader-1A', session });
    const told = ofObject(stage, plain, stage.lake, release(stage, LEGS.orders));
    const named = draw.chance(0.4) ? { sessionContext: { sourceIdentity: `V2.${account}.AROAX` } } : {};
    tell(stage, { ...told, userIdentity: { ...told.userIdentity, invokedBy: 'athena.amazonaws.com', ...named } });
  }
}

/** Somebody assumes the role that is a party's own, and puts a file. */
function comeIn(stage: Stage, at: number): void {
  const { draw, room } = stage;
  const role = 'barter-party-gym-grocer.gym';
  const arn = `arn:aws:iam::${room}:role/${role}`;
  tell(stage, {
    ...record(stage, at, 'sts AssumeRole', { account: draw.pick([GYM!, GYM!, STRANGER!, room]) }),
    requestParameters: { roleArn: arn, roleSessionName: 'nightly' },
    resources: [{ type: 'AWS::IAM::Role', accountId: room, ARN: arn }],
  });
  const put = record(stage, at + 5000, 's3 PutObject', { account: room, role });
  const key = `${AGREEMENT}/visits/upload/v-${stage.next()}.csv`;
  if (draw.chance(0.7)) tell(stage, ofObject(stage, put, stage.landing, key));
}

function decrypt(stage: Stage, at: number): void {
  const { draw, room, lake } = stage;
  tell(stage, {
    ...record(stage, at, 'kms Decrypt', { account: draw.pick([GYM!, GROCER!, STRANGER!]) }),
    requestParameters: { encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${lake}/${release(stage, LEGS.orders)}` } },
    resources: [{ type: 'AWS::KMS::Key', accountId: room, ARN: `arn:aws:kms:${REGION}:${room}:key/0000-k` }],
  });
}

/** Somebody of the room changes its logging, its code, or what is on record. */
function change(stage: Stage, at: number): void {
  const { draw, room } = stage;
  const by = (...roles: readonly string[]) => ({ account: room, role: draw.pick(roles) });
  const logging = draw.pick(['StopLogging', 'PutEventSelectors', 'UpdateTrail']);
  const table = 'BarterRoomEnforcement-Registry';
  const ARN = `arn:aws:dynamodb:${REGION}:${room}:table/${table}`;
  const resources = [{ accountId: room, type: 'AWS::DynamoDB::Table', ARN }];
  const changes = [
    () => ({
      ...record(stage, at, `cloudtrail ${logging}`, by('OwnAdmin')),
      requestParameters: { name: 'barter-room', trailName: 'barter-room' },
    }),
    () => ({
      ...record(stage, at, 'lambda UpdateFunctionCode20150331v2', by('OwnAdmin', 'BarterRoomIntake-x')),
      requestParameters: { functionName: 'BarterRoomIntake-A' },
    }),
    () => ({
      ...record(stage, at, 'dynamodb PutItem', by('OwnAdmin', 'BarterRoomEnforcement-x')),
      requestParameters: { tableName: table, key: { pk: 'x' } },
      resources,
    }),
  ];
  tell(stage, draw.pick(changes)());
}

/** A subscriber exports, as its own account tells it: forwarded, filed where a trail of its comes too. */
function exportSet(stage: Stage, at: number): void {
  const { draw } = stage;
  const told: TrailRecord = {
    ...record(stage, at, 'dataexchange CreateJob', { account: GYM! }),
    recipientAccountId: GYM!,
    requestParameters: {
      Type: 'EXPORT_REVISIONS_TO_S3',
      Details: { ExportRevisionsToS3: { DataSetId: draw.pick([DATA_SETS.own, DATA_SETS.granted, 'other']) } },
    },
  };
  tell(stage, told, true, draw.chance(0.5));
}

/** By turns read and handed in, by a link that a decision gave, or none. */
function useLink(stage: Stage, at: number): void {
  const { draw, room, lake, landing } = stage;
  const session = `${draw.pick(['d-orders', 'd-gym', 'nobody'])}@link`;
  const released = release(stage, LEGS.visits);
  const number = stage.next();
  const isRead = number % 2 === 0;
  const by = { account: room, role: `BarterRoomIntake-${isRead ? 'PresignDownload' : 'PresignUpload'}-1A`, session };
  const [call, bucket, key] = isRead
    ? ['s3 GetObject', lake, released]
    : ['s3 PutObject', landing, `${AGREEMENT}/visits/upload/v-${number}.csv`];
  tell(stage, ofObject(stage, record(stage, at, call, by), bucket, key));
}

/** Other calls of S3, by anybody, on any of the room's buckets. */
function callStore(stage: Stage, at: number): void {
  const { draw, room, lake, landing, ledger } = stage;
  const call = `s3 ${draw.pick(['ListObjects', 'PutBucketPolicy', 'CopyObject', 'DeleteObject'])}`;
  const by = { account: draw.pick([room, GROCER!, GYM!, STRANGER!]), role: 'OwnAdmin' };
  tell(stage, {
    ...record(stage, at, call, by),
    requestParameters: {
      bucketName: draw.pick([lake, landing, ledger]),
      key: release(stage, LEGS.visits),
      prefix: `${AGREEMENT}/`,
    },
    resources: [{ type: 'AWS::S3::Bucket', accountId: room, ARN: `arn:aws:s3:::${lake}` }],
  });
}

/** The room reads what is its own. */
function readOwn(stage: Stage, at: number): void {
  const { draw, room, lake, landing } = stage;
  const key = draw.chance(0.5) ? release(stage, LEGS.visits) : `${AGREEMENT}/visits/upload/v.csv`;
  read(stage, at, room, key, { bucket: draw.pick([lake, landing]) });
}

/** As often as each is listed. */
const KINDS: readonly ((stage: Stage, at: number) => void)[] = [
  ...Array.from(
    { length: 2 },
    () => (stage: Stage, at: number) => read(stage, at, GROCER!, release(stage, LEGS.visits)),
  ),
  (stage, at) => read(stage, at, GYM!, release(stage, LEGS.orders)),
  (stage, at) => read(stage, at, STRANGER!, release(stage, LEGS.visits), { mayFail: true }),
  (stage, at) => read(stage, at, GROCER!, release(stage, LEGS.orders), { mayFail: true }),
  readOwn,
  ...[transfer, transfer, transfer],
  ...[lend, lend],
  comeIn,
  decrypt,
  ...[change, change, change],
  exportSet,
  useLink,
  ...[callStore, callStore],
];

/** A day or two, in which all sorts of things happen. */
export function play(stage: Stage): void {
  const count = 15 + stage.draw.below(60);
  for (let each = 0; each < count; each += 1) stage.draw.pick(KINDS)(stage, stage.start + stage.draw.below(stage.span));
}

/** Whether the rules of a room send it to what enters accesses as they happen. */
export function isHeard(happening: Happening, room: string): boolean {
  if (happening.log === 'bus') return happening.event['detail-type'].includes('Download');
  if (happening.log !== 'trail' || !happening.isHeard) return false;
  const { eventSource, eventName, userIdentity, recipientAccountId } = happening.record;
  if (recipientAccountId !== room) return true;
  if (eventSource === 'lakeformation.amazonaws.com') return eventName === 'GetDataAccess';
  if (eventSource !== 's3.amazonaws.com') return false;
  return (
    userIdentity.accountId !== room || /@link$|assumed-role\/barter-(party|warehouse)-/.test(userIdentity.arn ?? '')
  );
}

/** The same record, which says something else in one thing. */
export function alter(told: TrailRecord, draw: Draw): TrailRecord {
  const { errorCode, ...rest } = told;
  const { additionalEventData, requestParameters } = told;
  const alterations: readonly (() => TrailRecord)[] = [
    () => ({ ...told, userAgent: 'other' }),
    () => ({ ...told, additionalEventData: { ...additionalEventData, bytesTransferredOut: 7 } }),
    () => (errorCode === undefined ? { ...told, errorCode: 'AccessDenied' } : rest),
    () => ({ ...told, requestParameters: { ...requestParameters, key: `${String(requestParameters?.key)}x` } }),
  ];
  return draw.pick(alterations)();
}
