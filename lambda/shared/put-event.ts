import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

/** A bus did not take an event. It can be put again. */
class EventNotPut extends Error {
  override readonly name = 'EventNotPut';
}

/**
 * Puts one event on a bus, by its name or ARN.
 * @throws EventNotPut
 */
export async function putEvent(
  events: EventBridgeClient,
  bus: string,
  source: string,
  kind: string,
  detail: object,
): Promise<void> {
  const entry = { Source: source, DetailType: kind, EventBusName: bus, Detail: JSON.stringify(detail) };
  const { FailedEntryCount = 0, Entries = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount > 0)
    throw new EventNotPut(`${bus} did not take “${kind}”: ${Entries[0]?.ErrorCode ?? 'unknown'}.`);
}
