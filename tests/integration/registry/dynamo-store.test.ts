import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { openDynamoStore } from '../../../lambda/shared/dynamo-store';
import { testRecordStore } from '../../fixtures/record-store-contract';
import { type Moto, startMoto } from '../../local-cloud/start-moto';

/* The same contract as the folder's, against a table that moto stands in for. */

const TABLE = 'registry';
let moto: Moto;
let client: DynamoDBClient;

beforeAll(async () => {
  moto = await startMoto();
  client = new DynamoDBClient({
    endpoint: moto.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
});

afterAll(async () => {
  client.destroy();
  await moto.stop();
});

testRecordStore(() => openDynamoStore(client, TABLE));

test('a list is read to its end, however many pages it has', async () => {
  const store = openDynamoStore(client, TABLE);
  const pk = 'agreement#long';
  const record = { text: Array.from({ length: 15_000 }, (_, at) => (at * 7919) % 10).join('') };
  for (let at = 0; at < 90; at += 1) await store.create({ pk, sk: `breach#${String(at).padStart(3, '0')}` }, record);
  expect(await store.list(pk, 'breach#')).toHaveLength(90);
});

test('an item that holds no JSON is a record that nobody can read', async () => {
  const Item = { pk: { S: 'agreement#odd' }, sk: { S: 'current' }, revision: { N: '3' }, record: { S: 'not json' } };
  await client.send(new PutItemCommand({ TableName: TABLE, Item }));
  const stored = await openDynamoStore(client, TABLE).read({ pk: 'agreement#odd', sk: 'current' });
  expect(stored).toEqual({ sk: 'current', revision: 3, record: undefined });
});
