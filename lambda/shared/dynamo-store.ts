import { gunzipSync, gzipSync } from 'node:zlib';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { RecordStore, StoredRecord } from '../../lib/domain/registry/record-store';
import type { RegistryItemKey } from '../../lib/domain/registry/registry-keys';

type Item = Record<string, AttributeValue>;

/** Records in a DynamoDB table, read as they are by now, never as they were a moment ago. */
export function openDynamoStore(client: DynamoDBClient, table: string): RecordStore {
  const put = async (item: Item, condition: string, values?: Item): Promise<boolean> => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: item,
          ConditionExpression: condition,
          ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  return {
    async read(key) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: toItem(key), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : unpack(Item);
    },
    async list(partition, prefix, least) {
      const found: StoredRecord[] = [];
      let from: Item | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            ...describeRange(partition, prefix, least),
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        );
        found.push(...(page.Items ?? []).map(unpack));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return found;
    },
    create: (key, record) => put(pack(key, 1, record), 'attribute_not_exists(pk)'),
    replace: (key, revision, record) =>
      put(pack(key, revision + 1, record), 'revision = :revision', { ':revision': { N: String(revision) } }),
  };
}

function describeRange(partition: string, prefix: string, least: string | undefined) {
  const of = { ':pk': { S: partition } };
  // DynamoDB takes no empty prefix.
  if (prefix === '') return { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: of };
  const begins = { ...of, ':sk': { S: prefix } };
  if (least === undefined)
    return { KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)', ExpressionAttributeValues: begins };
  return {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :sk AND :end',
    ExpressionAttributeValues: { ...of, ':sk': { S: least }, ':end': { S: `${prefix}${LAST}` } },
  };
}

/** After every character that a sort key has. */
const LAST = '\u{10FFFF}';

function pack(key: RegistryItemKey, revision: number, record: unknown): Item {
  const text = JSON.stringify(record);
  const content: Item = text.length > PLAIN ? { packed: { B: gzipSync(text) } } : { record: { S: text } };
  return { ...toItem(key), revision: { N: String(revision) }, ...content };
}

/** Records up to this size can be read in the console; an item holds 400 KB at most, and a plan may have more. */
const PLAIN = 16_384;

/** What holds no JSON is a record that nobody can read: it opens nothing. */
function unpack({ sk, revision, record, packed }: Item): StoredRecord {
  const stored = { sk: sk?.S ?? '', revision: Number(revision?.N ?? 0) };
  try {
    const text = packed?.B === undefined ? (record?.S ?? '') : gunzipSync(packed.B).toString('utf8');
    return { ...stored, record: JSON.parse(text) };
  } catch {
    return { ...stored, record: undefined };
  }
}

function toItem({ pk, sk }: RegistryItemKey): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}
