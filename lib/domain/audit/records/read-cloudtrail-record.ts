import { isRoomTag } from '../../room/room-names';
import type { Access, Act, Joins } from '../access';
import { readActor } from './cloudtrail-actor';
import { readAccessed } from './cloudtrail-resource';
import { listGrantees } from './list-grantees';
import { findAct } from './operations';
import { readSummary } from './read-summary';
import {
  clipTexts,
  compact,
  type Fields,
  isFields,
  nameKind,
  readAccount,
  readCount,
  readFields,
  readList,
  readText,
  readTime,
} from './record-fields';
import type { RecordReading } from './record-reading';
import { joinsOfName, readSessionName } from './session-name';

/** Reads one element of a log file's `Records`, or the detail of an event "AWS API Call via CloudTrail". */
export function readCloudTrailRecord(record: unknown): RecordReading {
  if (!isFields(record)) return { kind: 'malformed', problem: 'a CloudTrail record is no object' };
  const source = readText(record, 'eventSource');
  // Summaries of many events, not events: they have no name of an operation.
  const category = readText(record, 'eventCategory');
  if (category === 'Aggregated' || category === 'Insight') {
    const summaries = readSummary(record);
    return { kind: 'unknown', what: nameKind(category, source), ...(summaries.length === 0 ? {} : { summaries }) };
  }
  const operation = readText(record, 'eventName');
  const event = readText(record, 'eventID');
  const recordedBy = readAccount(record, 'recipientAccountId');
  const at = readTime(record, 'eventTime');
  if (source === undefined || operation === undefined) return malformed('eventSource and eventName');
  const service = source.replace(/\.amazonaws\.com(\.cn)?$/, '');
  const act = findAct(service, operation);
  if (act === undefined) return { kind: 'unknown', what: nameKind(source, operation) };
  if (event === undefined || !/^[A-Za-z0-9-]{1,64}$/.test(event)) return malformed('an eventID');
  if (at === undefined) return malformed('an eventTime in UTC');
  // Old records lack the receiving account; the file's own account would do, but then nothing is deduplicated by it.
  if (recordedBy === undefined) return malformed('a recipientAccountId of 12 digits');
  const identity = readFields(record, 'userIdentity');
  const accessed = readAccessed(service, record);
  const error = readText(record, 'errorCode');
  // In order of names, here and below: then its canonical form needs no sorting.
  const access: Access = {
    act: refineAct(act, service, record),
    actor: readActor(identity, readFields(record, 'requestParameters')),
    at,
    ...compact({ bytes: readBytes(record), client: readClient(record), error, grantees: readGrantees(act, record) }),
    id: `cloudtrail/${recordedBy}/${event}`,
    joins: readJoins(service, record, identity),
    operation,
    outcome: judgeOutcome(error),
    ...compact({ owner: accessed.owner, receiver: accessed.receiver }),
    recordedBy,
    ...compact({ region: readText(record, 'awsRegion') }),
    resource: accessed.resource,
    service,
    witness: 'cloudtrail',
  };
  const { value, clipped } = clipTexts(access);
  return { kind: 'access', access: value, clipped };
}

function readGrantees(act: Act, record: Fields): Access['grantees'] {
  if (act !== 'permit' && act !== 'change') return undefined;
  const grantees = listGrantees(readFields(record, 'requestParameters'));
  return grantees.length === 0 ? undefined : grantees;
}

function malformed(lacks: string): RecordReading {
  return { kind: 'malformed', problem: `a CloudTrail record lacks ${lacks}` };
}

/** AWS spells a refusal in many ways. */
export function judgeOutcome(error: string | undefined): Access['outcome'] {
  if (error === undefined) return 'allowed';
  return /AccessDenied|Unauthori[sz]ed|NotAuthorized|Forbidden|AllAccessDisabled|InsufficientLakeFormation/i.test(error)
    ? 'denied'
    : 'failed';
}

/**
 * A job of Data Exchange carries data out or in, by its type. Who opens a session with tags by which the room knows roles of its
 * own makes one that may pass for them.
 */
function refineAct(act: Act, service: string, record: Fields): Act {
  if (service === 'sts' && act === 'vend') return listSessionTags(record).some(isRoomTag) ? 'change' : act;
  if (service !== 'dataexchange' || act !== 'export') return act;
  const type = readText(readFields(record, 'requestParameters'), 'Type') ?? '';
  return /^(IMPORT|CREATE)_/.test(type) ? 'publish' : 'export';
}

/** Keys of those that the call brings, that the provider says, and that the session before handed on. */
function listSessionTags(record: Fields): readonly string[] {
  const request = readFields(record, 'requestParameters');
  const brought = readList(request, 'tags').flatMap((tag) => readText(tag, 'key') ?? []);
  const told = ['principalTags', 'incomingTransitiveTags'].flatMap((name) => Object.keys(readFields(request, name)));
  return [...brought, ...told];
}

function readJoins(service: string, record: Fields, identity: Fields): Joins {
  const request = readFields(record, 'requestParameters');
  const response = readFields(record, 'responseElements');
  const extra = readFields(record, 'additionalEventData');
  const named = joinsOfName(readSessionName(readText(identity, 'arn')));
  return compact({
    // Handed out in GetDataAccess, carried in the ARN by the reads that use it.
    lakeFormationSession: readText(extra, 'lakeFormationRoleSessionName') ?? named.lakeFormationSession,
    link: named.link,
    object: service === 'kms' ? readText(readFields(request, 'encryptionContext'), 'aws:s3:arn') : undefined,
    principal: readText(extra, 'lakeFormationPrincipal'),
    query: readQuery(service, request, response),
    request: readText(record, 'requestID'),
    session: named.session,
    sharedEvent: readText(record, 'sharedEventID'),
    sourceIdentity:
      readText(readFields(identity, 'sessionContext'), 'sourceIdentity') ??
      (service === 'sts' ? readText(request, 'sourceIdentity') : undefined),
  });
}

/** Athena names its query in its own calls, and in what Lake Formation is told: `{queryId: …}`, which is no JSON. */
function readQuery(service: string, request: Fields, response: Fields): string | undefined {
  if (service === 'athena') return readText(response, 'queryExecutionId') ?? readText(request, 'queryExecutionId');
  const context = readText(readFields(request, 'auditContext'), 'additionalAuditContext');
  return /queryId"?: ?"?([A-Za-z0-9-]{1,64})/.exec(context?.slice(0, 4096) ?? '')?.[1];
}

function readBytes(record: Fields): Access['bytes'] {
  const extra = readFields(record, 'additionalEventData');
  const out = readCount(extra, 'bytesTransferredOut');
  const into = readCount(extra, 'bytesTransferredIn');
  return out === undefined && into === undefined ? undefined : { in: into ?? 0, out: out ?? 0 };
}

function readClient(record: Fields): Access['client'] {
  const client = compact({ agent: readText(record, 'userAgent'), ip: readText(record, 'sourceIPAddress') });
  return client.ip === undefined && client.agent === undefined ? undefined : client;
}
