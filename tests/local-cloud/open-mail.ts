import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { JsonMap } from './room-templates';
import type { LocalRoom } from './start-local-room';

/** What came by e-mail to each address that a stack subscribes: a queue takes its place, with the same filter. */
export interface Mail {
  /** What has come since the last look: subjects by address. */
  read(): Promise<ReadonlyMap<string, readonly MailedLetter[]>>;
}

export interface MailedLetter {
  readonly subject: string;
  readonly text: string;
}

export async function openMail(local: LocalRoom, stack: string): Promise<Mail> {
  const sns = new SNSClient(local.clientConfig);
  const sqs = new SQSClient(local.clientConfig);
  const boxes: { readonly address: string; readonly QueueUrl: string }[] = [];
  const subscriptions = local.templates.listResources('AWS::SNS::Subscription').filter((each) => each.stack === stack);
  for (const [index, { properties }] of subscriptions.entries()) {
    const { Protocol, Endpoint, TopicArn, FilterPolicy } = local.templates.resolve(stack, properties) as JsonMap;
    if (Protocol !== 'email') throw new Error(`Somebody is told by ${String(Protocol)}.`);
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `mail-${index}` }));
    const QueueArn = `arn:aws:sqs:${local.clientConfig.region}:${local.account}:mail-${index}`;
    await sns.send(
      new SubscribeCommand({
        TopicArn: String(TopicArn),
        Protocol: 'sqs',
        Endpoint: QueueArn,
        Attributes: { FilterPolicy: JSON.stringify(FilterPolicy) },
      }),
    );
    boxes.push({ address: String(Endpoint), QueueUrl });
  }
  const empty = async (QueueUrl: string) => {
    const letters: MailedLetter[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return letters;
      for (const { Body = '{}', ReceiptHandle } of Messages) {
        const { Subject, Message } = JSON.parse(Body);
        letters.push({ subject: Subject, text: Message });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  return {
    async read() {
      const found = new Map<string, readonly MailedLetter[]>();
      for (const { address, QueueUrl } of boxes) {
        const letters = await empty(QueueUrl);
        if (letters.length > 0) found.set(address, letters);
      }
      return found;
    },
  };
}
