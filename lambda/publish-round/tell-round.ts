import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import type { ReleaseRecord, RoundRecord } from '../../lib/domain/registry/round-records';
import { ESCROW_ENDS } from '../../lib/domain/room/escrow-ends';
import { putRoomEvent } from '../shared/put-room-event';

interface RoundListeners {
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
  const ended = { agreement, round: day, state };
  await putRoomEvent(events, bus, ROOM_EVENTS.roundEnded, ended);
  for (const taskToken of new Set(releases.flatMap(({ token }) => token ?? []))) {
    if (state === 'published')
      await unlessOver(workflows.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(ended) })));
    else await fail(workflows, taskToken, ESCROW_ENDS.withheld, reason);
  }
}

/** Ends a workflow whose release will not go out. Told twice, nothing is different. */
export async function endWorkflow(
  { workflows }: Pick<RoundListeners, 'workflows'>,
  token: string,
  reason: string,
): Promise<void> {
  await fail(workflows, token, ESCROW_ENDS.outdated, reason);
}

async function fail(workflows: SFNClient, taskToken: string, error: string, reason = ''): Promise<void> {
  await unlessOver(workflows.send(new SendTaskFailureCommand({ taskToken, error, cause: reason.slice(0, 1000) })));
}

async function unlessOver(answer: Promise<unknown>): Promise<void> {
  await answer.catch((error: unknown) => {
    const isOver = error instanceof TaskDoesNotExist || error instanceof TaskTimedOut || error instanceof InvalidToken;
    if (!isOver) throw error;
  });
}
