import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { DeletePartitionCommand, GetPartitionsCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  LakeFormationClient,
  ListPermissionsCommand,
  RevokePermissionsCommand,
  type RevokePermissionsCommandInput,
} from '@aws-sdk/client-lakeformation';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { LocalRoom } from './start-local-room';

type Item = Record<string, AttributeValue>;

/**
 * Takes a room back to what was on record and in its lake, and to nothing granted or at Data Exchange: sooner done than all
 * anew. Functions stay as warm as they are.
 */
export interface Rewinder {
  remember(): Promise<void>;
  rewind(): Promise<void>;
}

export function rewindRoom(local: LocalRoom): Rewinder {
  const { REGISTRY_TABLE: TableName, LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  const client = new DynamoDBClient(local.clientConfig);
  const s3 = new S3Client(local.clientConfig);
  const scan = async () => (await client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
  const listLake = async () =>
    ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key = '' }) => Key);
  const readLake = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray();
  let items: readonly Item[] = [];
  let objects: ReadonlyMap<string, Uint8Array> = new Map();
  let filters = [...local.filters];
  return {
    async remember() {
      items = await scan();
      const keys = await listLake();
      objects = new Map(await Promise.all(keys.map(async (key) => [key, await readLake(key)] as const)));
      filters = [...local.filters];
    },
    async rewind() {
      const { revisions, assets, jobs, grants, notifications } = local.exchange.state;
      for (const made of [revisions, assets, jobs, grants]) made.clear();
      notifications.length = 0;
      local.market.changes.length = 0;
      for (const held of local.market.products.values()) held.clear();
      await takeBackGrants(local);
      local.filters.clear();
      for (const [name, filter] of filters) local.filters.set(name, filter);
      const found = new Set(await listLake());
      for (const Key of found) if (!objects.has(Key)) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      for (const [Key, Body] of objects)
        if (!found.has(Key)) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      // Only what is otherwise now: most of the record is as it was.
      const [before, now] = [indexItems(items), indexItems(await scan())];
      for (const [key, { pk, sk }] of now)
        if (!before.has(key)) await client.send(new DeleteItemCommand({ TableName, Key: { pk: pk!, sk: sk! } }));
      for (const [key, Item] of before)
        if (!isDeepStrictEqual(Item, now.get(key))) await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}

function indexItems(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [`${item.pk?.S} ${item.sk?.S}`, item]));
}

/** Permissions of Lake Formation, and the partitions of the tables that they show a part of. */
async function takeBackGrants({ filters, clientConfig }: LocalRoom): Promise<void> {
  if (filters.size === 0) return;
  const lake = new LakeFormationClient(clientConfig);
  const { PrincipalResourcePermissions = [] } = await lake.send(new ListPermissionsCommand({}));
  for (const { Principal, Resource, Permissions } of PrincipalResourcePermissions)
    await lake.send(
      new RevokePermissionsCommand({ Principal, Resource, Permissions } as RevokePermissionsCommandInput),
    );
  const glue = new GlueClient(clientConfig);
  for (const { DatabaseName, TableName } of filters.values()) {
    const table = { DatabaseName: String(DatabaseName), TableName: String(TableName) };
    const { Partitions = [] } = await glue.send(new GetPartitionsCommand(table));
    for (const { Values: PartitionValues } of Partitions)
      await glue.send(new DeletePartitionCommand({ ...table, PartitionValues }));
  }
}
