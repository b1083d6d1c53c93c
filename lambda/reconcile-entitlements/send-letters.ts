import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Letter } from '../../lib/domain/enforcement/letters/letter';
import { listLetters } from '../../lib/domain/enforcement/letters/list-letters';
import { NO_AGREEMENT } from '../../lib/domain/enforcement/policies/describe-refusal';
import type { ErasureRecord } from '../../lib/domain/registry/conduct-records';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';

/** Sends a letter to the contacts of an agreement's parties that it is for. */
export type SendLetter = (topic: string, letter: Letter) => Promise<void>;

/** How many went out, and how many wait for the next run. */
export interface Sent {
  readonly sent: number;
  readonly left: number;
}

/**
 * Letters, and notices, that one run sends about one agreement: some seconds' worth, so that an agreement with very much to tell
 * leaves the run time for the others.
 */
export const MOST_LETTERS = 100;

/**
 * Sends the letters that are due and not on record as sent. One is on record after it went out: a run that ends between the
 * two sends it again, and none is lost.
 */
export async function sendLetters(
  registry: Registry,
  on: AgreementOnRecord,
  erasures: readonly ErasureRecord[],
  send: SendLetter,
  now: string,
): Promise<Sent> {
  const { agreement, provisioned, history } = on.current;
  const topic = provisioned.letters;
  // An agreement whose stack is older than letters has no topic.
  if (topic === undefined || on.conduct.removed) return { sent: 0, left: 0 };
  const [refusals, problems] = [await registry.refusals(agreement).list(), await registry.problems(agreement).list()];
  const { checkpoint } = (await registry.usage(NO_AGREEMENT).read()) ?? {};
  const ledger = checkpoint === undefined ? {} : { checkpoint };
  const letters = listLetters(on, { erasures, refusals, problems, history, ...ledger }, now);
  if (letters.length === 0) return { sent: 0, left: 0 };
  const sent = new Set((await registry.letters(agreement).list()).map(({ id }) => id));
  const due = letters.filter(({ id }) => !sent.has(id));
  const sending = due.slice(0, MOST_LETTERS);
  for (const letter of sending) {
    await send(topic, letter);
    const { id, to, subject } = letter;
    await registry.letters(agreement).create({ id, agreement, to: [...to], subject, at: now });
  }
  return { sent: sending.length, left: due.length - sending.length };
}

/** By a topic of SNS, whose subscriptions take the letters that name them. */
export function openPost(sns: SNSClient): SendLetter {
  return async (TopicArn, { to, subject: Subject, text: Message }) => {
    const addressees: MessageAttributeValue = { DataType: 'String.Array', StringValue: JSON.stringify(to) };
    await sns.send(new PublishCommand({ TopicArn, Subject, Message, MessageAttributes: { to: addressees } }));
  };
}
