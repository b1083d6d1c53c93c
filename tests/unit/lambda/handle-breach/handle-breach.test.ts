import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { handleBreach, UnreadableBreach } from '../../../../lambda/handle-breach/handle-breach';
import { putBreach } from '../../../../lambda/put-breach';
import { recordLog } from '../../../fixtures/recorded-log';

const EVENT = {
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  time: '2026-03-01T10:00:00Z',
  source: 'barter.room',
  'detail-type': 'Breach Reported',
  detail: { agreement: 'telco-retail-2026', breach: 'late-delivery', party: 'telco' },
};

/** A table in memory that takes conditional puts and nothing else. */
function openTable() {
  const items = new Map<string, object>();
  const client = new DynamoDBClient({ region: 'eu-central-1' });
  client.send = async (command: unknown) => {
    if (!(command instanceof PutItemCommand)) throw new Error('another call');
    const { TableName, Item = {}, ConditionExpression } = command.input;
    if (TableName !== 'registry' || ConditionExpression !== 'attribute_not_exists(pk)') throw new Error('another put');
    const key = `${Item.pk?.S} ${Item.sk?.S}`;
    if (items.has(key)) throw new ConditionalCheckFailedException({ $metadata: {}, message: 'no' });
    items.set(key, Item);
    return {};
  };
  return { items, put: (report: Parameters<typeof putBreach>[2]) => putBreach(client, 'registry', report) };
}

test('a breach goes on record once, however often it is told', async () => {
  const { items, put } = openTable();
  const { log, lines } = recordLog();
  await handleBreach(EVENT, put, log);
  const after = new Map(items);
  await handleBreach({ ...EVENT, time: '2026-03-01T11:00:00Z' }, put, log);
  expect(items).toEqual(after);
  expect([...items]).toEqual([
    [
      `agreement#telco-retail-2026 breach#${EVENT.id}`,
      {
        pk: { S: 'agreement#telco-retail-2026' },
        sk: { S: `breach#${EVENT.id}` },
        reportedAt: { S: '2026-03-01T10:00:00Z' },
        breach: { S: 'late-delivery' },
        party: { S: 'telco' },
      },
    ],
  ]);
  const details = { agreement: 'telco-retail-2026', breach: 'late-delivery', party: 'telco' };
  expect(lines[0]).toEqual(['error', 'Breach on record; this version of the room takes no remedy', details]);
});

test('a party and a leg may have any id that an agreement takes', async () => {
  const { items, put } = openTable();
  const named = { party: 'corner_retail', leg: 'telco-corner_retail-call_records' };
  await handleBreach({ ...EVENT, detail: { ...EVENT.detail, ...named } }, put, recordLog().log);
  expect([...items.values()]).toEqual([expect.objectContaining({ party: { S: named.party }, leg: { S: named.leg } })]);
});

test.each([
  ['nothing', undefined],
  ['no detail', { ...EVENT, detail: null }],
  ['no agreement', { ...EVENT, detail: { breach: 'late-delivery' } }],
  ['no kind', { ...EVENT, detail: { agreement: 'telco-retail-2026' } }],
  ['an agreement that would end a key', { ...EVENT, detail: { agreement: 'a#b', breach: 'late-delivery' } }],
  ['a party that is no name', { ...EVENT, detail: { ...EVENT.detail, party: { id: 'telco' } } }],
  ['no id', { ...EVENT, id: '' }],
])('a report with %s is not dropped in silence: it fails, and writes nothing', async (_, event) => {
  const { items, put } = openTable();
  await expect(handleBreach(event, put, recordLog().log)).rejects.toThrow(UnreadableBreach);
  expect(items.size).toBe(0);
});

test('a registry that cannot be written is a failure', async () => {
  const put = () => Promise.reject(new Error('throttled'));
  await expect(handleBreach(EVENT, put, recordLog().log)).rejects.toThrow('throttled');
});
