import { gzipSync } from 'node:zlib';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { openRegistry, readAgreement } from '../../../lambda/dynamo-registry';
import { planForSide } from '../../../lib/domain/agreement/plan-for-side';
import { registerAgreement } from '../../../lib/domain/enforcement/register-agreement';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

type Item = Record<string, AttributeValue>;
const ID = TELCO_RETAIL_PLAN.agreement.id;
const PLAN = planForSide(TELCO_RETAIL_PLAN, { kind: 'hosted' });
const PROVISIONED = { sftpRoles: { telco: 'arn:role' }, dataSets: {}, legRoles: {}, legKeys: {} };
const VERSION = {
  agreement: ID,
  version: 1,
  hash: 'abc',
  plan: gzipSync(JSON.stringify(PLAN)),
  provisioned: PROVISIONED,
};

/** A table in memory: these three calls with the expressions that the registry uses; anything else is an error. */
function openTable() {
  const items = new Map<string, Item>();
  const keyOf = ({ pk, sk }: Item) => `${pk?.S} ${sk?.S}`;
  const refuse = () => new ConditionalCheckFailedException({ $metadata: {}, message: 'no' });
  const client = new DynamoDBClient({ region: 'eu-central-1' });
  client.send = async (command: unknown) => {
    if (command instanceof GetItemCommand) return { Item: items.get(keyOf(command.input.Key ?? {})) };
    if (command instanceof PutItemCommand) {
      const { Item: item = {}, ConditionExpression } = command.input;
      if (ConditionExpression !== 'attribute_not_exists(pk)') throw new Error('an unconditional put');
      if (items.has(keyOf(item))) throw refuse();
      items.set(keyOf(item), item);
      return {};
    }
    if (!(command instanceof UpdateItemCommand)) throw new Error('another call');
    const { Key = {}, UpdateExpression, ConditionExpression, ExpressionAttributeValues: values = {} } = command.input;
    const before = items.get(keyOf(Key));
    if (ConditionExpression === 'attribute_exists(pk)' && before === undefined) throw refuse();
    const { removedAt, ...kept } = { ...Key, ...before };
    switch (UpdateExpression) {
      case 'SET #version = :version, #hash = :hash, provisioned = :provisioned REMOVE removedAt':
        items.set(keyOf(Key), {
          ...kept,
          version: values[':version']!,
          hash: values[':hash']!,
          provisioned: values[':provisioned']!,
        });
        return {};
      case 'SET removedAt = if_not_exists(removedAt, :now)':
        items.set(keyOf(Key), { ...kept, removedAt: removedAt ?? values[':now']! });
        return {};
      default:
        throw new Error(`another update: ${UpdateExpression}`);
    }
  };
  return { items, client, registry: openRegistry(client, 'registry', () => new Date('2026-01-01T00:00:00Z')) };
}

test('what was registered is read back', async () => {
  const { client, registry } = openTable();
  await registerAgreement(VERSION, registry);
  expect(await readAgreement(client, 'registry', ID)).toEqual({
    plan: PLAN,
    hash: 'abc',
    state: 'active',
    provisioned: PROVISIONED,
    suspendedParties: [],
  });
});

test('an agreement that is not on record is none', async () => {
  expect(await readAgreement(openTable().client, 'registry', ID)).toBeUndefined();
});

test('a version is written once; another under its number changes nothing', async () => {
  const { client, registry } = openTable();
  await registerAgreement(VERSION, registry);
  await registerAgreement(VERSION, registry);
  await expect(registerAgreement({ ...VERSION, hash: 'def' }, registry)).rejects.toThrow('raise `version`');
  expect((await readAgreement(client, 'registry', ID))?.hash).toBe('abc');
});

test('conduct outlives a new version', async () => {
  const { client, items, registry } = openTable();
  await registerAgreement(VERSION, registry);
  const key = `agreement#${ID} current`;
  items.set(key, { ...items.get(key)!, state: { S: 'suspended' }, suspendedParties: { SS: ['telco'] } });
  await registerAgreement({ ...VERSION, version: 2, hash: 'def' }, registry);
  expect(await readAgreement(client, 'registry', ID)).toMatchObject({
    hash: 'def',
    state: 'suspended',
    suspendedParties: ['telco'],
  });
});

test('a removed agreement is on record as removed, and as active again when it is deployed again', async () => {
  const { client, items, registry } = openTable();
  await registerAgreement(VERSION, registry);
  await registry.markRemoved(ID);
  expect((await readAgreement(client, 'registry', ID))?.state).toBe('removed');
  expect(items.size).toBe(2);
  await registerAgreement(VERSION, registry);
  expect((await readAgreement(client, 'registry', ID))?.state).toBe('active');
});

test('removing what is not there does nothing', async () => {
  const { items, registry } = openTable();
  await registry.markRemoved(ID);
  expect(items.size).toBe(0);
});

test.each([
  ['a state that is not known', { state: { S: 'paused' } }, 'suspended'],
  ['a hash that is not the version’s', { hash: { S: 'other' } }, undefined],
  ['a version that is not there', { version: { N: '7' } }, undefined],
])('%s opens nothing', async (_, changed: Item, state) => {
  const { client, items, registry } = openTable();
  await registerAgreement(VERSION, registry);
  const key = `agreement#${ID} current`;
  items.set(key, { ...items.get(key)!, ...changed });
  expect((await readAgreement(client, 'registry', ID))?.state).toBe(state);
});
