import { gunzipSync } from 'node:zlib';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { SidePlan } from '../lib/domain/agreement/plan-for-side';
import type { AgreementRegistry, AgreementVersion } from '../lib/domain/enforcement/register-agreement';
import type { Provisioned, RegisteredAgreement } from '../lib/domain/enforcement/registered-agreement';
import { keyOfCurrent, keyOfVersion, type RegistryItemKey } from '../lib/domain/enforcement/registry-keys';

type Item = Record<string, AttributeValue>;

/** The registry in DynamoDB, for whoever puts agreements on record. */
export function openRegistry(client: DynamoDBClient, table: string, now: () => Date): AgreementRegistry {
  return {
    async putVersion({ agreement, version, hash, plan }) {
      const key = keyOfVersion(agreement, version);
      const item = { ...toItem(key), hash: { S: hash }, plan: { B: plan }, registeredAt: { S: now().toISOString() } };
      try {
        const ConditionExpression = 'attribute_not_exists(pk)';
        await client.send(new PutItemCommand({ TableName: table, Item: item, ConditionExpression }));
        return hash;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return (await readItem(client, table, key))?.hash?.S ?? '';
      }
    },
    async putCurrent({ agreement, version, hash, provisioned }: AgreementVersion) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: toItem(keyOfCurrent(agreement)),
          UpdateExpression: 'SET #version = :version, #hash = :hash, provisioned = :provisioned REMOVE removedAt',
          ExpressionAttributeNames: { '#version': 'version', '#hash': 'hash' },
          ExpressionAttributeValues: {
            ':version': { N: String(version) },
            ':hash': { S: hash },
            ':provisioned': { S: JSON.stringify(provisioned) },
          },
        }),
      );
    },
    async markRemoved(agreement) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: toItem(keyOfCurrent(agreement)),
            ConditionExpression: 'attribute_exists(pk)',
            UpdateExpression: 'SET removedAt = if_not_exists(removedAt, :now)',
            ExpressionAttributeValues: { ':now': { S: now().toISOString() } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

/** What is on record of an agreement; undefined where nothing is, or it does not hang together. */
export async function readAgreement(
  client: DynamoDBClient,
  table: string,
  agreement: string,
): Promise<RegisteredAgreement | undefined> {
  const current = await readItem(client, table, keyOfCurrent(agreement));
  const number = Number(current?.version?.N);
  if (current === undefined || !Number.isInteger(number)) return undefined;
  const version = await readItem(client, table, keyOfVersion(agreement, number));
  if (version?.plan?.B === undefined || version.hash?.S === undefined || version.hash.S !== current.hash?.S)
    return undefined;
  const plan: SidePlan = JSON.parse(gunzipSync(version.plan.B).toString('utf8'));
  const provisioned: Provisioned = JSON.parse(current.provisioned?.S ?? NOTHING);
  return {
    plan,
    hash: version.hash.S,
    state: stateOf(current),
    provisioned,
    suspendedParties: current.suspendedParties?.SS ?? [],
  };
}

const NOTHING = JSON.stringify({ sftpRoles: {}, dataSets: {}, legRoles: {}, legKeys: {} } satisfies Provisioned);

/** A state that this version of the room does not know opens nothing. */
function stateOf({ removedAt, state }: Item): RegisteredAgreement['state'] {
  if (removedAt !== undefined) return 'removed';
  return state === undefined || state.S === 'active' ? 'active' : 'suspended';
}

async function readItem(client: DynamoDBClient, table: string, key: RegistryItemKey): Promise<Item | undefined> {
  const answer = await client.send(new GetItemCommand({ TableName: table, Key: toItem(key), ConsistentRead: true }));
  return answer.Item;
}

function toItem({ pk, sk }: RegistryItemKey): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}
