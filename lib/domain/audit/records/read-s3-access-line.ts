import type { Access, Act, Actor } from '../access';
import { judgeOutcome } from './read-cloudtrail-record';
import { accountOfArn, clipTexts, compact, nameKind } from './record-fields';
import type { RecordReading } from './record-reading';
import { joinsOfName, readSessionName } from './session-name';

/*
 * A line of an S3 server access log ("Amazon S3 server access log format", Amazon S3 User Guide). What the client chose
 * stands between quotation marks that nothing escapes: its request line, referrer and agent may hold any text, forged
 * fields too. So the line is taken apart only where there is exactly one way to do it.
 */

const START =
  /^(?<owner>\S+) (?<bucket>\S+) \[(?<time>[^\]]+)\] (?<ip>\S+) (?<requester>\S+) (?<request>\S+) (?<operation>\S+) (?<key>\S+) "/;

/** What follows the quoted request: status, error, bytes sent, object size, two durations, and the quoted referrer. */
const AFTER_REQUEST =
  /" (?<status>\d{3}|-) (?<error>[A-Za-z0-9.]+|-) (?<sent>\d+|-) (?<size>\d+|-) (?:\d+|-) (?:\d+|-) (?=")/g;

/** What follows the quoted agent: version id, host id and, in newer lines, how it was signed and reached. */
const END = / (?<version>\S+)(?: (?<host>\S+)(?: \S+){0,8})?$/;

const OPERATIONS: ReadonlyMap<string, Act> = new Map([
  ['REST.GET.OBJECT', 'read'],
  ['REST.SELECT.OBJECT', 'read'],
  ['REST.COPY.OBJECT_GET', 'read'],
  ['REST.COPY.PART_GET', 'read'],
  ['WEBSITE.GET.OBJECT', 'read'],
  ['REST.HEAD.OBJECT', 'describe'],
  ['REST.HEAD.BUCKET', 'describe'],
  ['REST.GET.LOCATION', 'describe'],
  ['REST.GET.ACL', 'describe'],
  ['REST.GET.BUCKETPOLICY', 'describe'],
  ['REST.GET.VERSIONING', 'describe'],
  ['REST.GET.LOGGING_STATUS', 'describe'],
  ['REST.GET.OBJECT_TAGGING', 'describe'],
  ['REST.PUT.OBJECT', 'write'],
  ['REST.POST.OBJECT', 'write'],
  ['REST.COPY.OBJECT', 'write'],
  ['REST.COPY.PART', 'write'],
  ['REST.PUT.PART', 'write'],
  ['REST.POST.UPLOAD', 'write'],
  ['REST.POST.UPLOADS', 'write'],
  ['REST.DELETE.UPLOAD', 'write'],
  ['REST.DELETE.OBJECT', 'delete'],
  ['REST.POST.MULTI_OBJECT_DELETE', 'delete'],
  ['BATCH.DELETE.OBJECT', 'delete'],
  ['S3.EXPIRE.OBJECT', 'delete'],
  ['S3.CREATE.DELETEMARKER', 'delete'],
  ['REST.GET.BUCKET', 'list'],
  ['REST.GET.BUCKETVERSIONS', 'list'],
  ['REST.GET.UPLOADS', 'list'],
  ['REST.PUT.BUCKETPOLICY', 'permit'],
  ['REST.DELETE.BUCKETPOLICY', 'permit'],
  ['REST.PUT.ACL', 'permit'],
  ['REST.PUT.LOGGING_STATUS', 'logging'],
]);

export function readS3AccessLine(line: string): RecordReading {
  if (line.length > 32_768) return { kind: 'malformed', problem: 'an S3 access log line is longer than one can be' };
  const start = START.exec(line);
  if (start === null) return { kind: 'malformed', problem: 'an S3 access log line does not begin as one' };
  const {
    bucket = '',
    time = '',
    ip = '',
    requester = '',
    request = '',
    operation = '',
    key = '',
  } = start.groups ?? {};
  const act = OPERATIONS.get(operation);
  if (act === undefined) return { kind: 'unknown', what: nameKind('s3 access log', operation) };
  const rest = line.slice(start[0].length - 1);
  const middles = [...rest.matchAll(AFTER_REQUEST)];
  const [middle] = middles;
  if (middle === undefined || middles.length > 1) {
    return { kind: 'malformed', problem: 'an S3 access log line can be read in more than one way, or in none' };
  }
  const tail = rest.slice(middle.index + middle[0].length);
  const agentEnd = tail.lastIndexOf('"');
  const at = parseTime(time);
  const quoted = /^".*" ".*"$/s.test(tail.slice(0, agentEnd + 1));
  if (at === undefined || !quoted || !END.test(tail.slice(agentEnd + 1))) {
    return { kind: 'malformed', problem: 'an S3 access log line does not end as one, or has no time' };
  }
  const { status = '-', error = '-', sent = '-' } = middle.groups ?? {};
  const object = decodeKey(key);
  const access: Access = {
    id: `s3-access-log/${bucket}/${request}/${operation}/${key}`,
    witness: 's3-access-log',
    at,
    service: 's3',
    operation,
    act,
    outcome: judgeStatus(status, error),
    actor: readRequester(requester),
    resource: object === undefined ? { kind: 'object', bucket } : { kind: 'object', bucket, key: object },
    joins: { request, ...joinsOfName(readSessionName(requester)) },
    ...compact({
      error: error === '-' ? undefined : error,
      bytes: act === 'read' ? { out: sent === '-' ? 0 : Number(sent), in: 0 } : undefined,
      client: ip === '-' ? undefined : { ip },
    }),
  };
  const { value, clipped } = clipTexts(access);
  return { kind: 'access', access: value, clipped };
}

function judgeStatus(status: string, error: string): Access['outcome'] {
  if (error !== '-') return judgeOutcome(error);
  return status === '-' || Number(status) < 400 ? 'allowed' : 'failed';
}

function readRequester(requester: string): Actor {
  if (requester === '-' || requester === 'Anonymous') return { kind: 'anonymous' };
  if (/^svc:|\.amazonaws\.com$/.test(requester))
    return { kind: 'aws-service', service: requester.replace(/^svc:/, '') };
  const account = accountOfArn(requester);
  if (account !== undefined) return { kind: 'account', account, arn: requester };
  return /^[0-9a-f]{64}$/.test(requester) ? { kind: 'canonical-user', id: requester } : { kind: 'unknown' };
}

/** Keys are percent-encoded, some of them twice; one round gives what CloudTrail writes for all but those. */
function decodeKey(key: string): string | undefined {
  if (key === '-') return undefined;
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `06/Feb/2019:00:00:38 +0000` → `2019-02-06T00:00:38Z`. */
function parseTime(text: string): string | undefined {
  const [, day, name, year, time] = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) \+0000$/.exec(text) ?? [];
  const month = String(MONTHS.indexOf(name ?? '') + 1).padStart(2, '0');
  const iso = `${year}-${month}-${day}T${time}Z`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
}
