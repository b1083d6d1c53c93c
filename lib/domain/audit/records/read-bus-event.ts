import type { Access, Act } from '../access';
import { readCloudTrailRecord } from './read-cloudtrail-record';
import {
  accountOfArn,
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

/**
 * Reads an EventBridge event: of Data Exchange ("Amazon EventBridge events for AWS Data Exchange"), of Transfer
 * ("Transfer Family events detail reference"), or a copy of a CloudTrail record, which then is the same access as in the
 * trail. All are sent at best effort: they add, and never stand in for the trail.
 */
export function readBusEvent(event: unknown): RecordReading {
  if (!isFields(event)) return { kind: 'malformed', problem: 'an EventBridge event is no object' };
  const source = readText(event, 'source');
  const type = readText(event, 'detail-type');
  if (source === undefined || type === undefined) {
    return { kind: 'malformed', problem: 'an EventBridge event lacks source and detail-type' };
  }
  if (type === 'AWS API Call via CloudTrail') return readCloudTrailRecord(event.detail);
  const access = source === 'aws.transfer' ? readTransfer(event, type) : readDataExchange(event, source, type);
  if (access === undefined) return { kind: 'unknown', what: nameKind(source, type) };
  const id = readText(event, 'id');
  const at = readTime(event, 'time');
  const recordedBy = readAccount(event, 'account');
  if (id === undefined || at === undefined || recordedBy === undefined) {
    return { kind: 'malformed', problem: 'an EventBridge event lacks id, time or account' };
  }
  const region = compact({ region: readText(event, 'region') });
  const whole: Access = { id: `event-bus/${id}`, witness: 'event-bus', at, recordedBy, ...region, ...access };
  const { value, clipped } = clipTexts(whole);
  return { kind: 'access', access: value, clipped };
}

type Told = Omit<Access, 'id' | 'witness' | 'at' | 'recordedBy' | 'region'>;

/** By how the event's name begins, without regard to case: AWS writes it in several. */
const DATA_EXCHANGE_ACTS: readonly (readonly [RegExp, Act])[] = [
  [/^data grant (accepted|extended|revoked)$/, 'permit'],
  [/^revision (published|revoked)/, 'publish'],
  [/^data sets? (published to|removed from) product/, 'permit'],
  [/^data set update delayed$|^data updated in data set$|planned for data set$/, 'describe'],
  [/^auto-export job (completed|failed)$/, 'export'],
];

function readDataExchange(event: Fields, source: string, type: string): Told | undefined {
  if (source !== 'aws.dataexchange') return undefined;
  const act = DATA_EXCHANGE_ACTS.find(([name]) => name.test(type.toLowerCase()))?.[1];
  if (act === undefined) return undefined;
  const account = readAccount(event, 'account');
  const detail = readFields(event, 'detail');
  const [revision] = [...readList(detail, 'Revisions'), readFields(detail, 'Revision')];
  const [dataSet = readFields(detail, 'DataSet')] = readList(detail, 'DataSets');
  const id = readText(dataSet, 'Id') ?? readText(detail, 'DataSetId') ?? readResource(event);
  const revisionId = readText(revision ?? {}, 'Id');
  const grant = readText(readFields(detail, 'DataGrant'), 'Arn');
  return {
    service: 'dataexchange',
    operation: type,
    act,
    outcome: /failed$/i.test(type) ? 'failed' : 'allowed',
    // The event does not say who acted: the owner's and the receiver's copies differ in the account that gets them. But only a
    // receiver has exported what it was granted, as soon as it comes.
    actor:
      act === 'export' && account !== undefined
        ? { kind: 'account', account }
        : { kind: 'aws-service', service: 'dataexchange.amazonaws.com' },
    resource: id === undefined ? { kind: 'none' } : { kind: 'data-set', id, ...compact({ revision: revisionId }) },
    joins: {},
    ...compact({ owner: accountOfArn(grant) }),
  };
}

/** The data set among the event's resources, as id or ARN. */
function readResource(event: Fields): string | undefined {
  const [first] = Array.isArray(event.resources) ? event.resources : [];
  return typeof first === 'string' ? first.split('/').at(-1) : undefined;
}

function readTransfer(event: Fields, type: string): Told | undefined {
  const [, what, verb, end] =
    /^SFTP Server (File|Directory) (Upload|Download|Delete|Rename|Create) (Completed|Failed)$/.exec(type) ?? [];
  const detail = readFields(event, 'detail');
  const server = readText(detail, 'server-id');
  if (what === undefined || server === undefined) return undefined;
  const user = readText(detail, 'username');
  const path = readText(detail, 'file-path');
  const bytes = readCount(detail, 'bytes');
  const reads = verb === 'Download';
  return {
    service: 'transfer',
    operation: type,
    act: reads ? 'read' : verb === 'Delete' ? 'delete' : 'write',
    outcome: end === 'Failed' ? 'failed' : 'allowed',
    actor: user === undefined ? { kind: 'unknown' } : { kind: 'sftp-user', user, server },
    resource: { kind: 'sftp', server, ...compact({ path }) },
    joins: compact({ session: readText(detail, 'session-id') }),
    ...compact({
      owner: readAccount(event, 'account'),
      error: readText(detail, 'failure-code'),
      bytes: bytes === undefined ? undefined : { out: reads ? bytes : 0, in: reads ? 0 : bytes },
      client: clientOf(readText(detail, 'client-ip')),
    }),
  };
}

function clientOf(ip: string | undefined): Access['client'] {
  return ip === undefined ? undefined : { ip };
}
