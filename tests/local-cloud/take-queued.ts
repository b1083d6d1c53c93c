import type { BatchAnswer, QueuedBatch } from '../../lambda/record-access/enter-batch';
import { FunctionFailed, type LocalFunction } from './run-function';

/**
 * Gives a function what EventBridge put into its queue, as one batch.
 * @throws FunctionFailed also for what is to stay in the queue: SQS gives it again
 */
export async function takeQueued(fn: LocalFunction, events: readonly unknown[], now: string): Promise<void> {
  const Records = events.map((event, at) => ({ messageId: `message-${at}`, body: JSON.stringify(event) }));
  const answer = await fn.invoke({ Records } satisfies QueuedBatch, now);
  const { batchItemFailures } = answer as BatchAnswer;
  if (batchItemFailures.length > 0) throw new FunctionFailed('BatchItemFailures', JSON.stringify(batchItemFailures));
}
