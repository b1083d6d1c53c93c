import {
  type Fields,
  isFields,
  readAccount,
  readCount,
  readFields,
  readList,
  readText,
  readTime,
} from './record-fields';

/** What CloudTrail itself counted of the data events of some minutes, by one name. */
export interface EventSummary {
  /** Of the record that says so. */
  readonly id: string;
  /** 12 digits: the account that received the events. */
  readonly account: string;
  readonly region: string;
  /** e.g. `s3.amazonaws.com`. */
  readonly source: string;
  /** UTC, ISO 8601; `to` not included. */
  readonly from: string;
  readonly to: string;
  readonly dimension: 'eventName' | 'resourceARN';
  readonly name: string;
  readonly counted: number;
}

/**
 * Reads an aggregated event ("CloudTrail record contents for aggregated events" and "Aggregating data events", AWS
 * CloudTrail User Guide). Only its primary dimension counts all events; what its details break down may be the most
 * frequent alone. Empty for anything but an aggregated event by the name of the call or of the resource: how the template
 * for users names them is not documented.
 */
export function readSummary(record: unknown): readonly EventSummary[] {
  if (!isFields(record) || record.eventCategory !== 'Aggregated') return [];
  const primary = readFields(readFields(record, 'summary'), 'primaryDimension');
  const dimension = readText(primary, 'dimension');
  const frame = readFrame(record);
  if (frame === undefined || readText(primary, 'aggregationType') !== 'Count') return [];
  if (dimension !== 'eventName' && dimension !== 'resourceARN') return [];
  return readList(primary, 'statistics').flatMap((statistic) => {
    const name = readText(statistic, 'name');
    const counted = readCount(statistic, 'value');
    return name === undefined || name.length > MAX_NAME || counted === undefined
      ? []
      : [{ ...frame, dimension, name, counted }];
  });
}

/** As long as an ARN can be. */
const MAX_NAME = 1152;

function readFrame(record: Fields): Omit<EventSummary, 'dimension' | 'name' | 'counted'> | undefined {
  const id = readText(record, 'eventId');
  const account = readAccount(record, 'accountId');
  const [region, source] = [readText(record, 'awsRegion'), readText(record, 'eventSource')];
  const window = readFields(record, 'timeWindow');
  const [from, to] = [readTime(window, 'windowStart'), readTime(window, 'windowEnd')];
  if (id === undefined || account === undefined || region === undefined || source === undefined) return undefined;
  if (from === undefined || to === undefined || Date.parse(from) >= Date.parse(to)) return undefined;
  return { id: id.slice(0, 64), account, region: region.slice(0, 64), source: source.slice(0, 64), from, to };
}
