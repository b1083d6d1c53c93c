import { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import { openNotifier } from '../../../../lambda/reconcile-entitlements/notify-receivers';
import type { DataSetNotice } from '../../../../lib/domain/exchange/report/list-data-set-notices';

async function notify(about: DataSetNotice['about']): Promise<unknown> {
  const sent: unknown[] = [];
  const send = async (command: { readonly input: unknown }) =>
    void sent.push([command.constructor.name, command.input]);
  const client = Object.assign(new DataExchangeClient({ region: 'eu-central-1' }), { send });
  const notice = { id: 'notice:delay,2026-01-01', leg: 'usage', comment: 'It is late.', about };
  await openNotifier(client)('data-set-1', notice);
  return sent;
}

/** The same for the same notice, however often it is sent. */
const COMMON = { DataSetId: 'data-set-1', Comment: 'It is late.', ClientToken: 'notice-delay-2026-01-01' };

test('a late release is told of as a delay', async () => {
  expect(await notify({ kind: 'delay' })).toEqual([
    ['SendDataSetNotificationCommand', { ...COMMON, Type: 'DATA_DELAY' }],
  ]);
});

test('a version that changes columns is told of with each, as many as the service takes', async () => {
  const changes = Array.from({ length: 130 }, (_, at) => ({ column: `c${at}`, change: 'remove' as const }));
  const at = '2026-02-01T00:00:00Z';
  const Changes = changes.slice(0, 100).map(({ column }) => ({ Name: column, Type: 'REMOVE' }));
  const SchemaChange = { SchemaChangeAt: new Date(at), Changes };
  expect(await notify({ kind: 'schema-change', at, changes })).toEqual([
    ['SendDataSetNotificationCommand', { ...COMMON, Type: 'SCHEMA_CHANGE', Details: { SchemaChange } }],
  ]);
});
