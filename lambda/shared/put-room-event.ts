import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import { putEvent } from './put-event';

/** Tells the room something on its own bus. @throws EventNotPut */
export function putRoomEvent(
  events: EventBridgeClient,
  bus: string,
  DetailType: (typeof ROOM_EVENTS)[keyof typeof ROOM_EVENTS],
  detail: object,
): Promise<void> {
  return putEvent(events, bus, ROOM_EVENTS.source, DetailType, detail);
}
