import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { LocalRoom } from './start-local-room';

type Item = Record<string, AttributeValue>;

/** Takes a room back to what was on record, and nothing in its lake or at Data Exchange: sooner done than all anew. */
export interface Rewinder {
  remember(): Promise<void>;
  rewind(): Promise<void>;
}

export function rewindRoom(local: LocalRoom): Rewinder {
  const { REGISTRY_TABLE: TableName, LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  const client = new DynamoDBClient(local.clientConfig);
  const s3 = new S3Client(local.clientConfig);
  const scan = async () => (await client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
  let remembered: readonly Item[] = [];
  return {
    async remember() {
      remembered = await scan();
    },
    async rewind() {
      const { revisions, assets, jobs, grants, notifications } = local.exchange.state;
      for (const made of [revisions, assets, jobs, grants]) made.clear();
      notifications.length = 0;
      local.market.changes.length = 0;
      for (const held of local.market.products.values()) held.clear();
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      for (const { pk, sk } of await scan())
        await client.send(new DeleteItemCommand({ TableName, Key: { pk: pk!, sk: sk! } }));
      for (const item of remembered) await client.send(new PutItemCommand({ TableName, Item: item }));
    },
  };
}
