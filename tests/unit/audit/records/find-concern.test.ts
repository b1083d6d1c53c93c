import { findConcern, findLineConcern } from '../../../../lib/domain/audit/records/find-concern';
import { BUCKET, PARTNER, ROOM, SERVER, TABLE } from '../scenario';

const NAMES = { accounts: new Set([ROOM]), buckets: [BUCKET] };
const OTHER = { type: 'AWSAccount', accountId: PARTNER };
const OWN = { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/Job/run` };
const KEY = `arn:aws:kms:eu-central-1:${ROOM}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

function record(userIdentity: unknown, request: object = { bucketName: BUCKET }, more: object = {}): object {
  return {
    eventSource: 's3.amazonaws.com',
    eventName: 'RenameObject',
    eventTime: '2026-03-01T09:05:00Z',
    recipientAccountId: ROOM,
    userIdentity,
    requestParameters: request,
    ...more,
  };
}

function nest(depth: number): unknown {
  let value: unknown = BUCKET;
  for (let at = 0; at < depth; at += 1) value = [value];
  return value;
}

test.each<[string, object, string | undefined]>([
  ['a stranger at a bucket', record(OTHER), '2026-03-01T09'],
  ['at an object', record(OTHER, { source: `arn:aws:s3:::${BUCKET}/usage/a` }), '2026-03-01T09'],
  ['at a table', record(OTHER, { resourceArn: TABLE }), '2026-03-01T09'],
  ['at the catalog', record(OTHER, { catalogId: ROOM }), '2026-03-01T09'],
  ['at a key', record(OTHER, { keyId: KEY }), '2026-03-01T09'],
  ['at a server', record(OTHER, { serverId: SERVER }), '2026-03-01T09'],
  ['that is only among the resources', record(OTHER, {}, { resources: [{ ARN: KEY }] }), '2026-03-01T09'],
  ['deep within', record(OTHER, { deep: nest(100_000) }), '2026-03-01T09'],
  ['at no known time', record(OTHER, undefined, { eventTime: '2026-03-01T09:05:00+01:00' }), '?'],
  ['that lacks the receiving account', record(OTHER, undefined, { recipientAccountId: undefined }), '2026-03-01T09'],
  ['nobody who signed in', record({ type: 'AWSAccount', accountId: 'anonymous' }), '2026-03-01T09'],
  ['nobody who is named', record(undefined), '2026-03-01T09'],
  [
    'a session at a party’s door',
    record({ ...OWN, arn: `arn:aws:sts::${ROOM}:assumed-role/barter-party-a.b/s` }),
    '2026-03-01T09',
  ],
  [
    'a session that somebody else began',
    record({ ...OWN, sessionContext: { sourceIdentity: `V2.${PARTNER}.AROA` } }),
    '2026-03-01T09',
  ],
  ['the room, about another’s', record(OWN, undefined, { resources: [{ accountId: PARTNER }] }), '2026-03-01T09'],
  ['as the bus tells it', { 'detail-type': 'AWS API Call via CloudTrail', detail: record(OTHER) }, '2026-03-01T09'],
  ['the room itself', record(OWN), undefined],
  ['a service of AWS', record({ type: 'AWSService', invokedBy: 'config.amazonaws.com' }), undefined],
  ['a stranger at its own', record(OTHER, { bucketName: 'theirs' }), undefined],
  ['a stranger at a key of its own', record(OTHER, { keyId: KEY.replace(ROOM, PARTNER) }), undefined],
  ['a stranger at a name like it', record(OTHER, { bucketName: `${BUCKET}-2` }), undefined],
  ['CloudTrail’s own count', record(OTHER, undefined, { eventCategory: 'Aggregated' }), undefined],
  ['what the bus tells of no account', { 'detail-type': 'Object Created', detail: { bucket: BUCKET } }, undefined],
])('of %s', (_, element, hour) => {
  expect(findConcern(element, NAMES)).toBe(hour);
});

test.each([undefined, null, 'text', [BUCKET]])('what is no object, as %j, names nothing', (element) => {
  expect(findConcern(element, NAMES)).toBeUndefined();
});

describe('of a line of S3', () => {
  const OWNER = '0f'.repeat(32);
  const line = (requester: string, bucket = BUCKET) =>
    `${OWNER} ${bucket} [01/Mar/2026:09:05:00 +0000] 203.0.113.9 ${requester} 3E57 REST.NEW.KIND usage/a "-" 200`;

  test.each([
    ['an account that is none of the room’s', line(`arn:aws:iam::${PARTNER}:user/a`), '?'],
    ['another by S3’s own name', line('1e'.repeat(32)), '?'],
    ['the owner', line(OWNER), undefined],
    ['the room', line(`arn:aws:sts::${ROOM}:assumed-role/R/s`), undefined],
    ['nobody', line('-'), undefined],
    ['S3 itself', line('AmazonS3'), undefined],
    ['somebody at another bucket', line(`arn:aws:iam::${PARTNER}:user/a`, 'theirs'), undefined],
    ['nothing', '', undefined],
  ])('by %s', (_, text, hour) => {
    expect(findLineConcern(text, NAMES)).toBe(hour);
  });
});
