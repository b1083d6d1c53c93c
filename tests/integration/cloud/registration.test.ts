import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { readExamplePlan } from '../../fixtures/example-plan';
import { makeRoom } from '../../fixtures/room';
import { type LocalRoom, startLocalRoom } from '../../local-cloud/start-local-room';

/* The first thing that happens in a room: an agreement's stack puts its version on record. */

let local: LocalRoom;

beforeAll(async () => {
  local = await startLocalRoom({ room: makeRoom(), plans: [readExamplePlan('telco-retail')] });
});

afterAll(() => local.stop());

test('an agreement is put on record by its stack, as often as it is deployed', async () => {
  await local.deployCustomResources('BarterAgreement-telco-retail-2026');
  const once = await scan();
  await local.deployCustomResources('BarterAgreement-telco-retail-2026', 'Update');
  expect(await scan()).toEqual(once);
  expect(once.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`)).toEqual([
    'room agreement#telco-retail-2026',
    'agreement#telco-retail-2026 current',
    'agreement#telco-retail-2026 version#0000000001',
  ]);
});

test('no function asks for more than its role has', () => {
  expect(local.gateway.calls.length).toBeGreaterThan(0);
  expect(local.gateway.calls.filter(({ refused }) => refused.length > 0)).toEqual([]);
});

async function scan() {
  const { REGISTRY_TABLE } = local.environmentOf('register-agreement');
  const { Items = [] } = await new DynamoDBClient(local.clientConfig).send(
    new ScanCommand({ TableName: REGISTRY_TABLE }),
  );
  return Items.sort((a, b) => String(a.sk?.S).localeCompare(String(b.sk?.S)));
}
