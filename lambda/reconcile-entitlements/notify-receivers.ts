import { type DataExchangeClient, SendDataSetNotificationCommand } from '@aws-sdk/client-dataexchange';
import { type DataSetNotice, listDataSetNotices } from '../../lib/domain/exchange/report/list-data-set-notices';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import { readPlan } from '../../lib/domain/registry/read-plan';
import type { Registry } from '../../lib/domain/registry/registry';
import { MOST_LETTERS, type Sent } from './send-letters';

/** Tells whoever is granted a data set. */
export type NotifyReceivers = (dataSet: string, notice: DataSetNotice) => Promise<void>;

/** Sends the notices that are due and not on record as sent, as letters are. */
export async function notifyReceivers(
  registry: Registry,
  on: AgreementOnRecord,
  notify: NotifyReceivers,
  now: string,
): Promise<Sent> {
  const { agreement, proposed, provisioned } = on.current;
  const next = proposed === undefined ? undefined : await readPlan(registry, agreement, proposed);
  const notices = listDataSetNotices(on, next, now);
  if (notices.length === 0) return { sent: 0, left: 0 };
  const told = new Set((await registry.letters(agreement).list()).map(({ id }) => id));
  const due = notices.flatMap((notice) => {
    const dataSet = provisioned.dataSets[notice.leg];
    return dataSet === undefined || told.has(notice.id) ? [] : [{ dataSet, notice }];
  });
  const sending = due.slice(0, MOST_LETTERS);
  for (const { dataSet, notice } of sending) {
    await notify(dataSet, notice);
    const { id, leg, comment } = notice;
    await registry.letters(agreement).create({ id, agreement, to: [`data-set:${leg}`], subject: comment, at: now });
  }
  return { sent: sending.length, left: due.length - sending.length };
}

/** By AWS Data Exchange, which passes it on to every account that has the data set. */
export function openNotifier(client: DataExchangeClient): NotifyReceivers {
  return async (DataSetId, { id, comment: Comment, about }) => {
    // Sent again after a crash, it is the same one.
    const common = { DataSetId, Comment, ClientToken: id.replaceAll(/[^\w-]/g, '-').slice(-64) };
    await client.send(
      about.kind === 'delay'
        ? new SendDataSetNotificationCommand({ ...common, Type: 'DATA_DELAY' })
        : new SendDataSetNotificationCommand({
            ...common,
            Type: 'SCHEMA_CHANGE',
            Details: {
              SchemaChange: {
                SchemaChangeAt: new Date(about.at),
                // Data Exchange takes so many; what else changes, the new version says.
                Changes: about.changes.slice(0, MOST_CHANGES).map(({ column, change }) => ({
                  Name: column,
                  Type: CHANGES[change],
                })),
              },
            },
          }),
    );
  };
}

const MOST_CHANGES = 100;

const CHANGES = { add: 'ADD', remove: 'REMOVE', modify: 'MODIFY' } as const;
