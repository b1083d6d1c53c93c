import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ROOM_EVENTS } from '../lib/domain/enforcement/room-events';

/** Tells the room something on its own bus. @throws Error where the bus did not take it */
export async function putRoomEvent(
  events: EventBridgeClient,
  bus: string,
  DetailType: (typeof ROOM_EVENTS)[keyof typeof ROOM_EVENTS],
  detail: object,
): Promise<void> {
  const entry = { Source: ROOM_EVENTS.source, DetailType, EventBusName: bus, Detail: JSON.stringify(detail) };
  const { FailedEntryCount = 0 } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount > 0) throw new Error(`The room's bus did not take the event ${DetailType}.`);
}
