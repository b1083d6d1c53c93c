import {
  AcceptDataGrantCommand,
  CancelJobCommand,
  CreateDataGrantCommand,
  CreateDataSetCommand,
  CreateEventActionCommand,
  CreateJobCommand,
  CreateRevisionCommand,
  DataExchangeClient,
  DeleteDataGrantCommand,
  DeleteRevisionCommand,
  GetJobCommand,
  ListDataGrantsCommand,
  ListDataSetRevisionsCommand,
  ListReceivedDataGrantsCommand,
  ListRevisionAssetsCommand,
  RevokeRevisionCommand,
  StartJobCommand,
  UpdateRevisionCommand,
} from '@aws-sdk/client-dataexchange';
import { RULES } from '../../local-cloud/data-exchange-rules';
import { serveDataExchange } from '../../local-cloud/serve-data-exchange';
import { loadServiceModel } from '../../local-cloud/service-model';
import { type Gateway, startGateway } from '../../local-cloud/start-gateway';

/* The stand-in for AWS Data Exchange, asked by AWS's own client: it says no where the service does. */

const OWNER = '123456789012';
const RECEIVER = '222233334444';
let gateway: Gateway;
let client: DataExchangeClient;

beforeEach(async () => {
  const exchange = serveDataExchange({
    now: () => '2026-03-01T00:00:00Z',
    sizeOf: async (_, key) => (key.startsWith('missing') ? undefined : 7),
  });
  gateway = await startGateway({
    standIns: { dataexchange: exchange },
    place: { account: OWNER, region: 'us-east-1' },
  });
  client = connect('testing');
});

afterEach(() => gateway.stop());

const connect = (accessKeyId: string) =>
  new DataExchangeClient({
    region: 'us-east-1',
    endpoint: gateway.endpoint,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

async function makeRevision() {
  const { Id: DataSetId = '' } = await client.send(
    new CreateDataSetCommand({ AssetType: 'S3_SNAPSHOT', Name: 'usage', Description: 'Usage' }),
  );
  const { Id: RevisionId = '' } = await client.send(new CreateRevisionCommand({ DataSetId }));
  return { DataSetId, RevisionId };
}

async function makeJob(place: { DataSetId: string; RevisionId: string }, keys: readonly string[]) {
  const ImportAssetsFromS3 = { ...place, AssetSources: keys.map((Key) => ({ Bucket: 'lake', Key })) };
  const { Id: JobId = '' } = await client.send(
    new CreateJobCommand({ Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3 } }),
  );
  return JobId;
}

async function importAll(place: { DataSetId: string; RevisionId: string }, keys: readonly string[]) {
  const JobId = await makeJob(place, keys);
  await client.send(new StartJobCommand({ JobId }));
  for (;;) {
    const { State, Errors } = await client.send(new GetJobCommand({ JobId }));
    if (State !== 'IN_PROGRESS') return { State, Errors };
  }
}

test('every rule is an operation of the model and names its source', () => {
  const { operations } = loadServiceModel('dataexchange');
  for (const [name, { source }] of Object.entries(RULES)) {
    expect(Object.keys(operations)).toContain(name);
    expect(source).toContain(`https://docs.aws.amazon.com/data-exchange/latest/apireference/API_${name}.html`);
  }
});

test('a revision is filled by jobs, finalised once and then only revoked', async () => {
  const place = await makeRevision();
  await expect(client.send(new UpdateRevisionCommand({ ...place, Finalized: true }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  expect(await importAll(place, ['a.parquet', 'b.parquet'])).toMatchObject({ State: 'COMPLETED' });
  const { Assets } = await client.send(new ListRevisionAssetsCommand(place));
  expect(Assets?.map(({ Name }) => Name)).toEqual(['a.parquet', 'b.parquet']);

  const { Finalized } = await client.send(new UpdateRevisionCommand({ ...place, Finalized: true }));
  expect(Finalized).toBe(true);
  for (const late of [
    new UpdateRevisionCommand({ ...place, Comment: 'later' }),
    new DeleteRevisionCommand(place),
  ] as const)
    await expect(client.send(late as UpdateRevisionCommand)).rejects.toMatchObject({ name: 'ConflictException' });
  await expect(makeJob(place, ['c.parquet'])).rejects.toMatchObject({ name: 'ConflictException' });

  await expect(
    client.send(new RevokeRevisionCommand({ ...place, RevocationComment: 'too short' })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
  });
  const { Revoked } = await client.send(
    new RevokeRevisionCommand({ ...place, RevocationComment: 'Withdrawn under clause 4.2.' }),
  );
  expect(Revoked).toBe(true);
});

test('an import of something that is not there fails, and leaves nothing', async () => {
  const place = await makeRevision();
  expect(await importAll(place, ['a.parquet', 'missing.parquet'])).toMatchObject({
    State: 'ERROR',
    Errors: [{ Code: 'RESOURCE_NOT_FOUND_EXCEPTION' }],
  });
  expect((await client.send(new ListRevisionAssetsCommand(place))).Assets).toEqual([]);
});

test('imports are of at most 100 assets, ten at once', async () => {
  const place = await makeRevision();
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `${index}.parquet`);
  await expect(makeJob(place, keys(101))).rejects.toMatchObject({ name: 'ValidationException' });
  for (let started = 0; started < 10; started++)
    await client.send(new StartJobCommand({ JobId: await makeJob(place, keys(1)) }));
  const one = await makeJob(place, keys(1));
  await expect(client.send(new StartJobCommand({ JobId: one }))).rejects.toMatchObject({
    name: 'ConflictException',
    message: 'More than 10 imports at once.',
  });
  // Of the account, for whichever revision.
  const other = await makeJob(await makeRevision(), keys(1));
  await expect(client.send(new StartJobCommand({ JobId: other }))).rejects.toMatchObject({ name: 'ConflictException' });
  await client.send(new CancelJobCommand({ JobId: one }));
  await expect(client.send(new StartJobCommand({ JobId: one }))).rejects.toMatchObject({ name: 'ConflictException' });
});

test('a grant is for one account, which accepts it; it is taken back by deleting it', async () => {
  const { DataSetId: SourceDataSetId } = await makeRevision();
  const wanted = { Name: 'usage', GrantDistributionScope: 'NONE' as const, SourceDataSetId };
  await expect(
    client.send(new CreateDataGrantCommand({ ...wanted, ReceiverPrincipal: 'somebody' })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
  const grant = await client.send(new CreateDataGrantCommand({ ...wanted, ReceiverPrincipal: RECEIVER }));
  expect(grant.AcceptanceState).toBe('PENDING_RECEIVER_ACCEPTANCE');

  const accept = new AcceptDataGrantCommand({ DataGrantArn: grant.Arn });
  await expect(connect('PARTNER999999999999').send(accept)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  expect((await connect(`PARTNER${RECEIVER}`).send(accept)).AcceptanceState).toBe('ACCEPTED');

  await client.send(new DeleteDataGrantCommand({ DataGrantId: grant.Id }));
  expect((await client.send(new ListDataGrantsCommand({}))).DataGrantSummaries).toEqual([]);
});

test('its receiver sees a grant, and by it what is final, once it has accepted', async () => {
  const receiver = connect(`PARTNER${RECEIVER}`);
  const place = await makeRevision();
  await client.send(new CreateRevisionCommand({ DataSetId: place.DataSetId, Comment: 'not final' }));
  await importAll(place, ['a.parquet']);
  await client.send(new UpdateRevisionCommand({ ...place, Comment: 'first', Finalized: true }));
  const given = await client.send(
    new CreateDataGrantCommand({
      Name: 'usage',
      GrantDistributionScope: 'NONE',
      SourceDataSetId: place.DataSetId,
      ReceiverPrincipal: RECEIVER,
    }),
  );
  const listed = async (state: 'ACCEPTED' | 'PENDING_RECEIVER_ACCEPTANCE', by = receiver) =>
    (await by.send(new ListReceivedDataGrantsCommand({ AcceptanceState: [state] }))).DataGrantSummaries;
  const entitled = new ListDataSetRevisionsCommand({ DataSetId: given.DataSetId });
  expect(await listed('PENDING_RECEIVER_ACCEPTANCE')).toMatchObject([
    { Arn: given.Arn, Name: 'usage', SenderPrincipal: OWNER, DataSetId: given.DataSetId },
  ]);
  expect(await listed('ACCEPTED')).toEqual([]);
  await expect(receiver.send(entitled)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await receiver.send(new AcceptDataGrantCommand({ DataGrantArn: given.Arn }));
  expect(await listed('ACCEPTED')).toHaveLength(1);
  expect(await listed('ACCEPTED', client)).toEqual([]);
  expect((await receiver.send(entitled)).Revisions).toMatchObject([
    { Comment: 'first', Finalized: true, DataSetId: given.DataSetId },
  ]);
  await client.send(new DeleteDataGrantCommand({ DataGrantId: given.Id }));
  expect(await listed('ACCEPTED')).toEqual([]);
  await expect(receiver.send(entitled)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('at most 20 grants wait for one receiver; lists come in pages', async () => {
  const { DataSetId: SourceDataSetId } = await makeRevision();
  const wanted = {
    Name: 'usage',
    GrantDistributionScope: 'NONE' as const,
    SourceDataSetId,
    ReceiverPrincipal: RECEIVER,
  };
  for (let made = 0; made < 20; made++) await client.send(new CreateDataGrantCommand(wanted));
  await expect(client.send(new CreateDataGrantCommand(wanted))).rejects.toMatchObject({
    name: 'ServiceLimitExceededException',
  });
  const first = await client.send(new ListDataGrantsCommand({ MaxResults: 15 }));
  expect(first.DataGrantSummaries).toHaveLength(15);
  const second = await client.send(new ListDataGrantsCommand({ MaxResults: 15, NextToken: first.NextToken }));
  expect(second.DataGrantSummaries).toHaveLength(5);
  expect(second.NextToken).toBeUndefined();
});

test('what the stand-in does not do, it says', async () => {
  const event = { RevisionPublished: { DataSetId: '0'.repeat(32) } };
  await expect(client.send(new CreateEventActionCommand({ Action: {}, Event: event }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 501 },
  });
});
