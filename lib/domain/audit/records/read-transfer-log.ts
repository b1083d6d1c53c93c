import type { Access, Act } from '../access';
import { clipTexts, compact, type Fields, isFields, nameKind, readCount, readText } from './record-fields';
import type { RecordReading } from './record-reading';

/** What Transfer's activities amount to ("CloudWatch log structure for Transfer Family"); `CLOSE` says by its bytes. */
const ACTIVITIES: ReadonlyMap<string, Act> = new Map([
  ['CONNECTED', 'session'],
  ['DISCONNECTED', 'session'],
  ['EXIT_REASON', 'session'],
  ['AUTH_FAILURE', 'session'],
  ['CONNECTION_REJECTED', 'session'],
  ['TLS_RESUME_FAILURE', 'session'],
  ['ERROR', 'describe'],
  ['OPEN', 'describe'],
  ['CLOSE', 'write'],
  ['PARTIAL_CLOSE', 'write'],
  ['DELETE', 'delete'],
  ['RMDIR', 'delete'],
  ['MKDIR', 'write'],
  ['RENAME', 'write'],
  ['SETSTAT', 'write'],
  ['CREATE_SYMLINK', 'write'],
]);

const DENIED: ReadonlySet<string> = new Set(['AUTH_FAILURE', 'CONNECTION_REJECTED']);
const FAILED: ReadonlySet<string> = new Set(['ERROR', 'PARTIAL_CLOSE', 'TLS_RESUME_FAILURE']);

/**
 * Reads a line of AWS Transfer Family's structured JSON log, within a CloudWatch log event: `{ id, timestamp, message }`,
 * the time in milliseconds since 1970. Only the lines that open a session name its user.
 */
export function readTransferLog(event: unknown): RecordReading {
  const logged = isFields(event) ? event : {};
  const line = parseLine(readText(logged, 'message') ?? '');
  const entry = readText(logged, 'id');
  if (line === undefined) return { kind: 'malformed', problem: 'a Transfer log line is no JSON object' };
  const activity = readText(line, 'activity-type');
  const server = readText(line, 'resource-arn');
  const [, region, account, id] =
    /^arn:[\w-]+:transfer:([a-z0-9-]+):(\d{12}):server\/(s-[0-9a-z]+)$/.exec(server ?? '') ?? [];
  if (activity === undefined) return { kind: 'malformed', problem: 'a Transfer log line lacks an activity-type' };
  const act = ACTIVITIES.get(activity);
  if (act === undefined) return { kind: 'unknown', what: nameKind('transfer log', activity) };
  if (id === undefined) return { kind: 'malformed', problem: 'a Transfer log line names no server' };
  const at = formatTimestamp(readCount(logged, 'timestamp'));
  if (entry === undefined || at === undefined) {
    return { kind: 'malformed', problem: 'a Transfer log line comes without id or time' };
  }
  const [out, into] = [readCount(line, 'bytes-out'), readCount(line, 'bytes-in')];
  const path = readText(line, 'path');
  const user = readText(line, 'user');
  const access: Access = {
    id: `transfer-log/${entry}`,
    witness: 'transfer-log',
    at,
    service: 'transfer',
    operation: activity,
    act: activity.endsWith('CLOSE') && (out ?? 0) > 0 ? 'read' : act,
    outcome: judgeActivity(activity),
    actor: user === undefined ? { kind: 'unknown' } : { kind: 'sftp-user', user, server: id },
    resource: path === undefined ? { kind: 'sftp', server: id } : { kind: 'sftp', server: id, path },
    joins: compact({ session: readText(line, 'session-id') }),
    ...compact({
      region,
      owner: account,
      recordedBy: account,
      bytes: out === undefined && into === undefined ? undefined : { out: out ?? 0, in: into ?? 0 },
      client: readClient(line),
    }),
  };
  const { value, clipped } = clipTexts(access);
  return { kind: 'access', access: value, clipped };
}

function judgeActivity(activity: string): Access['outcome'] {
  if (DENIED.has(activity)) return 'denied';
  return FAILED.has(activity) ? 'failed' : 'allowed';
}

function readClient(line: Fields): Access['client'] {
  const client = compact({ ip: readText(line, 'source-ip'), agent: readText(line, 'client') });
  return client.ip === undefined && client.agent === undefined ? undefined : client;
}

function parseLine(message: string): Fields | undefined {
  try {
    const line: unknown = JSON.parse(message);
    return isFields(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function formatTimestamp(milliseconds: number | undefined): string | undefined {
  const instant = new Date(milliseconds ?? Number.NaN);
  // The years that an ISO timestamp writes with four digits.
  return instant.getTime() < 253_402_300_800_000 ? instant.toISOString() : undefined;
}
