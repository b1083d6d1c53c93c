import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { ReleaseRecord, RoundRecord } from '../../lib/domain/enforcement/registry/registry-records';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';

export interface RoundListeners {
  readonly workflows: SFNClient;
  readonly events: EventBridgeClient;
  /** Name of the room's bus. */
  readonly bus: string;
}

/** Tells the room how a round ended, then the workflows that wait for it. Told twice, nothing is different. */
export async function tellRound(
  { workflows, events, bus }: RoundListeners,
  { agreement, day, state, reason }: RoundRecord,
  releases: readonly ReleaseRecord[],
): Promise<void> {
  const Detail = JSON.stringify({ agreement, round: day, state });
  const entry = { Source: ROOM_EVENTS.source, DetailType: ROOM_EVENTS.roundEnded, EventBusName: bus, Detail };
  const { FailedEntryCount = 0 } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount > 0) throw new Error(`The end of the round ${day} of ${agreement} could not be told.`);
  for (const taskToken of new Set(releases.flatMap(({ token }) => token ?? []))) {
    const answer =
      state === 'published'
        ? workflows.send(new SendTaskSuccessCommand({ taskToken, output: Detail }))
        : workflows.send(
            new SendTaskFailureCommand({ taskToken, error: 'RoundWithheld', cause: (reason ?? '').slice(0, 1000) }),
          );
    await answer.catch((error: unknown) => {
      const isOver =
        error instanceof TaskDoesNotExist || error instanceof TaskTimedOut || error instanceof InvalidToken;
      if (!isOver) throw error;
    });
  }
}
