import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import type { BreachReport } from '../../lib/domain/registry/breach-report';
import { putRoomEvent } from '../shared/put-room-event';

/** Puts a breach on the room's bus. Told twice, it is the same record. */
export function announceBreach(
  events: EventBridgeClient,
  bus: string,
  { reportedAt: _, ties: __, evidence = [], ...report }: BreachReport,
): Promise<void> {
  return putRoomEvent(events, bus, ROOM_EVENTS.breachReported, { ...report, evidence: evidence.slice(0, TOLD) });
}

/** Ids of accesses: an event holds 256 KB, and the record has all. */
const TOLD = 100;
