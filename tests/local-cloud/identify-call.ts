import { REGISTRY_KEY } from '../../lib/domain/registry/registry-keys';
import { ENTITLED } from './data-exchange-rules';
import { loadServiceModel, matchRoute } from './service-model';

/** One request that a function makes of AWS, as IAM sees it. */
export interface AwsCall {
  /** As it signs, e.g. `s3`. */
  readonly service: string;
  /** E.g. `PutObject`. */
  readonly operation: string;
  /** What IAM must allow: every one of these. */
  readonly needs: readonly Need[];
}

export interface Need {
  /** E.g. `s3:PutObject`. */
  readonly action: string;
  /** ARN, or `*` for what has no resource. */
  readonly resource: string;
  /** What the call tells of itself by a condition key, in lower case; none: it does not have it. What is absent it cannot tell. */
  readonly facts?: Readonly<Record<string, readonly string[]>>;
}

export interface AwsRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** botocore's folder of a service, where it is not the name by which requests are signed. */
const FOLDERS: Readonly<Record<string, string>> = { states: 'stepfunctions', 'aws-marketplace': 'marketplace-catalog' };

/**
 * @param place account and region of the room
 * @throws for a request that is none of a known service: a test must not overlook a call
 */
export function identifyCall(request: AwsRequest, place: Place): AwsCall {
  const service = readService(request);
  const operation = readOperation(service, request);
  const list = NEEDS[service];
  if (list === undefined) throw new Error(`No rule says what a call of ${service} needs.`);
  return { service, operation, needs: list(operation, request, place) };
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** `KEY/20260101/eu-central-1/s3/aws4_request`, from the header, or from the link where that is how it is signed. */
export function readCredential({ headers, url }: AwsRequest): string | undefined {
  return (
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ??
    url.searchParams.get('X-Amz-Credential') ??
    undefined
  );
}

export function readService(request: AwsRequest): string {
  const service = /^[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(readCredential(request) ?? '')?.[1];
  if (service === undefined) throw new Error('The request is not signed.');
  return service;
}

function readOperation(service: string, { method, url, headers, body }: AwsRequest): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1);
  const called = url.searchParams.get('x-id');
  if (called !== null) return called;
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return new URLSearchParams(body.toString('utf8')).get('Action') ?? '';
  const route = matchRoute(loadServiceModel(FOLDERS[service] ?? service), method, url, headers);
  if (route === undefined) throw new Error(`No operation of ${service} is ${method} ${url.pathname}`);
  return route.operation;
}

type ListNeeds = (operation: string, request: AwsRequest, place: Place) => readonly Need[];

const anyResource =
  (prefix: string): ListNeeds =>
  (operation) => [{ action: `${prefix}:${operation}`, resource: '*' }];

const NEEDS: Readonly<Record<string, ListNeeds>> = {
  s3: needsOfS3,
  dynamodb: needsOfDynamo,
  kms: (operation, request, place) => {
    const { KeyId, MacAlgorithm } = readJson(request);
    const id = String(KeyId ?? '*');
    const resource = id.startsWith('arn:') ? id : arn('kms', `key/${id}`, place);
    // Another service asks in somebody's name: whoever asks itself, by way of none.
    const facts = { 'kms:viaservice': [], 'kms:macalgorithm': listKnown(MacAlgorithm) };
    return [{ action: `kms:${operation}`, resource, facts }];
  },
  sns: (operation, { body }) => {
    const form = new URLSearchParams(body.toString('utf8'));
    return [{ action: `sns:${operation}`, resource: form.get('TopicArn') ?? '*' }];
  },
  sqs: (operation, request, place) => {
    const name = String(readJson(request).QueueUrl ?? '')
      .split('/')
      .at(-1)!;
    return [{ action: `sqs:${operation}`, resource: arn('sqs', name, place) }];
  },
  events: (operation, request, place) => {
    const { Entries = [] } = readJson(request) as { Entries?: readonly { EventBusName?: string }[] };
    const buses = new Set(Entries.map(({ EventBusName = 'default' }) => EventBusName));
    return [...buses].map((bus) => ({
      action: `events:${operation}`,
      resource: bus.startsWith('arn:') ? bus : arn('events', `event-bus/${bus}`, place),
    }));
  },
  dataexchange: (operation, request, place) => {
    const { url, body } = request;
    const resource = exchangeArn(operation, url, body, place);
    // Of a job that is there already, its type is not in the call.
    const facts = operation === 'CreateJob' ? { 'dataexchange:jobtype': listKnown(readJson(request).Type) } : {};
    return [{ action: `dataexchange:${operation}`, resource, facts }];
  },
  iam: (operation, { body }, { account }) => {
    const form = new URLSearchParams(body.toString('utf8'));
    const role = form.get('RoleName');
    const resource = role === null ? '*' : `arn:aws:iam::${account}:role/${role}`;
    // Of a boundary that is to be taken away, the call does not tell which it is.
    const boundary = form.get('PermissionsBoundary');
    const facts = boundary === null ? {} : { 'iam:permissionsboundary': [boundary] };
    return [{ action: `iam:${operation}`, resource, facts }];
  },
  states: (operation, request) => {
    const { stateMachineArn, executionArn, taskToken } = readJson(request);
    // A token of a local workflow begins with the state machine that it is of.
    const [machine] = typeof taskToken === 'string' ? taskToken.split('#') : [];
    return [{ action: `states:${operation}`, resource: String(stateMachineArn ?? executionArn ?? machine ?? '*') }];
  },
  lakeformation: anyResource('lakeformation'),
  // Of a table Glue asks for the catalogue and the database too.
  glue: (operation, request, place) => {
    const { DatabaseName, TableName, Name } = readJson(request);
    const table = TableName ?? Name;
    const resources =
      DatabaseName === undefined
        ? ['*']
        : [
            'catalog',
            `database/${DatabaseName}`,
            ...(table === undefined ? [] : [`table/${DatabaseName}/${table}`]),
          ].map((resource) => arn('glue', resource, place));
    return resources.map((resource) => ({ action: `glue:${operation}`, resource }));
  },
  athena: anyResource('athena'),
  cloudtrail: (operation, request) => [
    { action: `cloudtrail:${operation}`, resource: String(readJson(request).TrailName ?? '*') },
  ],
  lambda: anyResource('lambda'),
  logs: (operation, request, place) => [
    {
      action: `logs:${operation}`,
      resource: arn('logs', `log-group:${String(readJson(request).logGroupName)}:*`, place),
    },
  ],
  transfer: anyResource('transfer'),
  sts: (operation, { body }) => {
    const form = new URLSearchParams(body.toString('utf8'));
    const facts = { 'sts:rolesessionname': listKnown(form.get('RoleSessionName') ?? undefined) };
    return [{ action: `sts:${operation}`, resource: form.get('RoleArn') ?? '*', facts }];
  },
  secretsmanager: (operation, request) => [
    { action: `secretsmanager:${operation}`, resource: String(readJson(request).SecretId ?? '*') },
  ],
  'aws-marketplace': (operation, request, { account }) => {
    const entity = (name: string) => `arn:aws:aws-marketplace:us-east-1:${account}:AWSMarketplace/${name}`;
    const action = `aws-marketplace:${operation}`;
    const known = request.url.searchParams.get('changeSetId');
    if (known !== null) return [{ action, resource: entity(`ChangeSet/${known}`) }];
    const { ChangeSet = [] } = readJson(request) as {
      readonly ChangeSet?: readonly { readonly ChangeType: string; readonly Entity: { readonly Identifier: string } }[];
    };
    if (ChangeSet.length === 0) return [{ action, resource: '*' }];
    // The service asks for both (Service Authorization Reference for AWS Marketplace Catalog, StartChangeSet).
    const changed = ['ChangeSet/new', ...ChangeSet.map(({ Entity }) => `DataProduct/${Entity.Identifier}`)];
    const facts = { 'catalog:changetype': ChangeSet.map(({ ChangeType }) => ChangeType) };
    return changed.map((name) => ({ action, resource: entity(name), facts }));
  },
  ram: anyResource('ram'),
};

/** Operations whose permission has another name (Service Authorization Reference for Amazon S3). */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListParts: 'ListMultipartUploadParts',
  CopyObject: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  DeleteObjects: 'DeleteObject',
};

/** Of one version of an object, another permission is asked for. */
const VERSIONED: ReadonlySet<string> = new Set(['GetObject', 'DeleteObject', 'GetObjectTagging']);

function needsOfS3(operation: string, { url, headers, body }: AwsRequest): readonly Need[] {
  const [bucket = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const name = S3_ACTIONS[operation] ?? operation;
  const action = `s3:${name}${VERSIONED.has(name) && url.searchParams.has('versionId') ? 'Version' : ''}`;
  const keys =
    operation === 'DeleteObjects'
      ? [...body.toString('utf8').matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!)
      : rest.length === 0 || rest.join('/') === ''
        ? []
        : [rest.join('/')];
  const source = headers['x-amz-copy-source'];
  const authType = { 's3:authtype': [url.searchParams.has('X-Amz-Signature') ? 'REST-QUERY-STRING' : 'REST-HEADER'] };
  const encryption = Object.fromEntries(ENCRYPTION.map((name) => [`s3:${name}`, listKnown(headers[name])]));
  const facts = {
    ...authType,
    ...encryption,
    's3:prefix': listKnown(url.searchParams.get('prefix') ?? undefined),
    's3:if-none-match': listKnown(headers['if-none-match']),
  };
  return [
    ...(keys.length === 0 ? [{ action, resource: `arn:aws:s3:::${bucket}`, facts }] : []),
    ...keys.map((key) => ({ action, resource: `arn:aws:s3:::${bucket}/${key}`, facts })),
    ...(source === undefined
      ? []
      : [
          {
            action: 's3:GetObject',
            resource: `arn:aws:s3:::${decodeURIComponent(source.replace(/^\//, ''))}`,
            facts: authType,
          },
        ]),
  ];
}

/** By these headers whoever uploads says how. */
const ENCRYPTION = [
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
] as const;

function listKnown(value: unknown): readonly string[] {
  return value === undefined ? [] : [String(value)];
}

const TRANSACT: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

function needsOfDynamo(operation: string, request: AwsRequest, place: Place): readonly Need[] {
  const input = readJson(request);
  const table = (name: unknown, index: unknown) =>
    arn('dynamodb', `table/${String(name)}${index === undefined ? '' : `/index/${String(index)}`}`, place);
  if (Array.isArray(input.TransactItems))
    return input.TransactItems.flatMap((item: Readonly<Record<string, TableInput>>) =>
      Object.entries(item).map(([kind, each]) => ({
        action: `dynamodb:${TRANSACT[kind]}`,
        resource: table(each.TableName, undefined),
        facts: { 'dynamodb:leadingkeys': listPartitions(each) },
      })),
    );
  return [
    {
      action: `dynamodb:${operation}`,
      resource: table(input.TableName, input.IndexName),
      facts: { 'dynamodb:leadingkeys': listPartitions(input) },
    },
  ];
}

/** What a call says of one table. */
interface TableInput {
  readonly TableName?: unknown;
  readonly Item?: TableValues;
  readonly Key?: TableValues;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeValues?: TableValues;
}

type TableValues = Readonly<Record<string, { readonly S?: string }>>;

/** The registry's is the one table that there is; it has no other index. */
function listPartitions({ Item, Key, KeyConditionExpression = '', ExpressionAttributeValues }: TableInput) {
  const asked = PARTITION_ASKED.exec(KeyConditionExpression)?.[1];
  const named = [
    Item?.[REGISTRY_KEY.partition],
    Key?.[REGISTRY_KEY.partition],
    asked === undefined ? undefined : ExpressionAttributeValues?.[asked],
  ];
  return named.flatMap((value) => (value?.S === undefined ? [] : [value.S]));
}

const PARTITION_ASKED = new RegExp(`\\b${REGISTRY_KEY.partition} = (:\\w+)`);

/** Jobs and new data sets have no ARN beforehand; the rest is in the path. */
function exchangeArn(operation: string, url: URL, body: Buffer, place: Place): string {
  const path = decodeURIComponent(url.pathname.replace(/^\/v1\//, ''));
  const sets = /^data-sets\/[^/]+(\/revisions\/[^/]+)?(\/assets\/[^/]+)?/.exec(path)?.[0];
  if (operation === 'CreateDataGrant') return arn('dataexchange', 'data-grants/*', place);
  if (sets?.startsWith(`data-sets/${ENTITLED}`)) return arn('dataexchange', sets, { ...place, account: '' });
  if (sets !== undefined) return arn('dataexchange', sets, place);
  const other = /^(jobs|data-grants)\/[^/]+/.exec(path)?.[0];
  if (other !== undefined) return arn('dataexchange', other, place);
  return path.startsWith('jobs') && body.length > 0 ? arn('dataexchange', 'jobs/*', place) : '*';
}

function arn(service: string, resource: string, { account, region }: Place): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

function readJson({ body }: AwsRequest): Readonly<Record<string, unknown>> {
  return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
}
