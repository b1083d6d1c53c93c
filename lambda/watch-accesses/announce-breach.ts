import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { BreachReport } from '../../lib/domain/enforcement/breach-report';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';

/** Puts a breach on the room's bus. Told twice, it is the same record. */
export async function announceBreach(
  events: EventBridgeClient,
  bus: string,
  { reportedAt: _, evidence = [], ...report }: BreachReport,
): Promise<void> {
  const Detail = JSON.stringify({ ...report, evidence: evidence.slice(0, TOLD) });
  const entry = { Source: ROOM_EVENTS.source, DetailType: ROOM_EVENTS.breachReported, EventBusName: bus, Detail };
  const { FailedEntryCount = 0 } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount > 0) throw new Error(`The breach ${report.report} of ${report.agreement} could not be told.`);
}

/** Ids of accesses: an event holds 256 KB, and the record has all. */
const TOLD = 100;
