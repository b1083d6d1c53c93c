import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { BreachReport } from '../lib/domain/enforcement/breach-report';
import { keyOfBreach } from '../lib/domain/enforcement/registry-keys';

/** Puts a breach on record, once. What a person or a remedy wrote into the record since stays. */
export async function putBreach(client: DynamoDBClient, table: string, report: BreachReport): Promise<void> {
  const { agreement, report: id, ...told } = report;
  const fields = Object.entries(told).map(([name, value]) => [name, { S: value }] as const);
  const { pk, sk } = keyOfBreach(agreement, id);
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: pk }, sk: { S: sk }, ...Object.fromEntries(fields) },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
