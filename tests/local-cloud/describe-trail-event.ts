import { REGION, ROOM_ACCOUNT } from './start-local-room';

/** What a record of the trail tells, beside what all have. */
export interface TrailedCall {
  /** E.g. `s3`. */
  readonly service: string;
  readonly operation: string;
  /** Letters, digits and hyphens: one record has one. */
  readonly id: string;
  /** UTC, ISO 8601 */
  readonly time: string;
  readonly identity: object;
  readonly request: object;
  readonly extra?: object;
  readonly resources?: readonly object[];
  readonly error?: string;
  readonly ip?: string;
}

/** As EventBridge brings it ("AWS API Call via CloudTrail"): for `put` of the carrier, on the account's own bus. */
export function describeTrailEvent(call: TrailedCall) {
  const { service, operation, id, time, identity, request, extra = {}, resources, error, ip = '198.51.100.7' } = call;
  const detail = {
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime: time,
    eventSource: `${service}.amazonaws.com`,
    eventName: operation,
    awsRegion: REGION,
    sourceIPAddress: ip,
    userAgent: 'agent',
    requestParameters: request,
    responseElements: null,
    additionalEventData: extra,
    requestID: `request-${id}`,
    eventID: id,
    readOnly: true,
    ...(resources === undefined ? {} : { resources }),
    ...(error === undefined ? {} : { errorCode: error }),
    eventType: 'AwsApiCall',
    managementEvent: service !== 's3',
    recipientAccountId: ROOM_ACCOUNT,
    eventCategory: service === 's3' ? 'Data' : 'Management',
  };
  return {
    Source: `aws.${service}`,
    DetailType: 'AWS API Call via CloudTrail',
    Detail: JSON.stringify(detail),
    EventBusName: 'default',
  };
}
