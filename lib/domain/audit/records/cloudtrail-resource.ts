import { isRoomTable } from '../../room/room-names';
import type { Resource } from '../access';
import { type Accessed, readPermitted, readShare } from './read-shared';
import { accountOfArn, type Fields, isFields, readAccount, readFields, readList, readText } from './record-fields';

const NONE: Resource = { kind: 'none' };

/** Reads it from a CloudTrail record of one of the services in `operations.ts`. */
export function readAccessed(service: string, record: Fields): Accessed {
  const request = readFields(record, 'requestParameters');
  const response = readFields(record, 'responseElements');
  switch (service) {
    case 's3':
      return readObject(record, request);
    case 'lakeformation':
      return readTable(record, request);
    case 'glue':
      return readText(request, 'databaseName') === undefined
        ? readNamed(request, response)
        : readGlueTable(record, request);
    case 'kms':
      return readKey(record, request);
    case 'sts':
      return readArn(readText(request, 'roleArn'));
    case 'athena':
      return readAthenaQuery(request, response);
    case 'transfer':
      return readServer(record, request);
    case 'dataexchange':
      return readDataSet(request, response);
    case 'ram':
      return readShare(request, response);
    case 'dynamodb':
      return readRecordTable(record, request);
    default:
      return readNamed(request, response);
  }
}

function readObject(record: Fields, request: Fields): Accessed {
  const resources = readList(record, 'resources');
  const owner = resources.find((each) => each.type === 'AWS::S3::Bucket');
  const bucket = readText(request, 'bucketName') ?? readText(owner ?? {}, 'ARN')?.split(':::')[1];
  if (bucket === undefined) return { resource: NONE };
  // Of a listing, what all that it lists begins with.
  const key = readText(request, 'key') ?? readText(request, 'prefix');
  const resource =
    key === undefined ? ({ bucket, kind: 'object' } as const) : ({ bucket, key, kind: 'object' } as const);
  return { resource, owner: readAccount(owner ?? {}, 'accountId') };
}

function readTable(record: Fields, request: Fields): Accessed {
  const locations = Array.isArray(request.dataLocations) ? request.dataLocations : [];
  const arn = readText(request, 'tableArn') ?? locations.find((each): each is string => typeof each === 'string');
  if (arn !== undefined) {
    const table = arn.includes(':glue:');
    return { resource: table ? { kind: 'table', arn } : { kind: 'other', id: arn }, owner: accountOfArn(arn) };
  }
  return readPermitted(record, request);
}

function readGlueTable(record: Fields, request: Fields): Accessed {
  const owner = readAccount(request, 'catalogId') ?? readAccount(record, 'recipientAccountId');
  const database = readText(request, 'databaseName');
  const table = readText(request, 'name') ?? readText(request, 'tableName');
  if (database === undefined || table === undefined) return { resource: NONE, owner };
  const region = readText(record, 'awsRegion') ?? '';
  return {
    resource: { kind: 'table', arn: `arn:aws:glue:${region}:${owner ?? ''}:table/${database}/${table}` },
    owner,
  };
}

function readKey(record: Fields, request: Fields): Accessed {
  const [key] = readList(record, 'resources');
  const arn = readText(key ?? {}, 'ARN') ?? readText(request, 'keyId');
  if (arn === undefined) return { resource: NONE };
  return { resource: { kind: 'key', arn }, owner: readAccount(key ?? {}, 'accountId') ?? accountOfArn(arn) };
}

function readArn(arn: string | undefined): Accessed {
  return arn === undefined ? { resource: NONE } : { resource: { kind: 'other', id: arn }, owner: accountOfArn(arn) };
}

function readAthenaQuery(request: Fields, response: Fields): Accessed {
  const id = readText(response, 'queryExecutionId') ?? readText(request, 'queryExecutionId');
  return { resource: id === undefined ? NONE : { kind: 'other', id } };
}

function readServer(record: Fields, request: Fields): Accessed {
  const server = readText(request, 'serverId');
  const owner = readAccount(record, 'recipientAccountId');
  return { resource: server === undefined ? NONE : { kind: 'sftp', server }, owner };
}

/** A job names its data set within the details of its kind. */
function readDataSet(request: Fields, response: Fields): Accessed {
  const details = Object.values(readFields(request, 'Details')).filter(
    (each): each is Fields => typeof each === 'object' && each !== null,
  );
  const sources = [request, ...details, response];
  const first = (names: readonly string[]) =>
    sources.flatMap((fields) => names.map((name) => readText(fields, name))).find((id) => id !== undefined);
  const receiver = readAccount(request, 'ReceiverPrincipal');
  const owner = accountOfArn(readText(response, 'Arn'));
  const id = first(['DataSetId', 'SourceDataSetId']) ?? idOfDataSet(readText(response, 'Arn'));
  if (id === undefined) {
    const job = first(['JobId', 'DataGrantArn', 'DataGrantId', 'Id']);
    return { resource: job === undefined ? NONE : { kind: 'other', id: job }, owner, receiver };
  }
  const [destination] = details.flatMap((fields) => readList(fields, 'RevisionDestinations'));
  const revision = first(['RevisionId']) ?? readText(destination ?? {}, 'RevisionId');
  return { resource: { kind: 'data-set', id, ...(revision === undefined ? {} : { revision }) }, owner, receiver };
}

/** The id in `arn:aws:dataexchange:REGION:ACCOUNT:data-sets/ID`. */
function idOfDataSet(arn: string | undefined): string | undefined {
  return /:data-sets\/([A-Za-z0-9]+)/.exec(arn ?? '')?.[1];
}

/** The table, and of which items the key is told the first one. */
function readRecordTable(record: Fields, request: Fields): Accessed {
  const tables = readList(record, 'resources').flatMap((each) => readText(each, 'ARN') ?? []);
  const named = readText(request, 'tableName') ?? readText(request, 'targetTableName');
  const table = tables.find(isRoomTable) ?? tables[0] ?? named;
  if (table === undefined) return { resource: NONE };
  const [first] = readList(request, 'requestItems');
  const key = Object.values(readFields(first ?? request, 'key')).flatMap((each) => readKeyValue(each) ?? []);
  return { resource: { kind: 'other', id: [table, ...key].join(' ') }, owner: accountOfArn(table) };
}

/** A value as it is, or under its type as DynamoDB writes it: `{ "S": … }`. */
function readKeyValue(value: unknown): string | undefined {
  return typeof value === 'string' ? value : isFields(value) ? readText(value, 'S') : undefined;
}

/** An agreement, a product, a trail, or what the room is made of. */
function readNamed(request: Fields, response: Fields): Accessed {
  const names = [
    'agreementId',
    'agreementRequestId',
    'productId',
    'name',
    'trailName',
    'functionName',
    'roleName',
    'userName',
    'policyArn',
    'jobName',
    'stateMachineArn',
    'stackName',
    'rule',
  ];
  const id = [response, request].flatMap((fields) => names.map((name) => readText(fields, name))).find(Boolean);
  return { resource: id === undefined ? NONE : { kind: 'other', id } };
}
