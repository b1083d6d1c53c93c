import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { requireEnv } from '../shared/require-env';
import { tellAlert } from './tell-alert';

const sns = new SNSClient();

export const handler = (event: unknown): Promise<void> =>
  tellAlert(event, async (Message) => {
    await sns.send(new PublishCommand({ TopicArn: requireEnv('ALERT_TOPIC_ARN'), Message }));
  });
