import { Duration, Stack } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, type IAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

interface RoomDashboardProps {
  readonly alarms: readonly IAlarm[];
  /** By the name that people read. */
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly buckets: Readonly<Record<string, IBucket>>;
  readonly alerts: ITopic;
}

/** The room at a glance: what is wrong, what its functions do, what lies in its buckets, what it told. */
export class RoomDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { alarms, functions, buckets, alerts }: RoomDashboardProps) {
    super(scope, id, { defaultInterval: Duration.days(7) });
    const day = Duration.days(1);
    const { region } = Stack.of(this);
    const graph = (title: string, left: Metric[]) => new GraphWidget({ title, left, region, width: 12 });
    const perFunction = (pick: (each: IFunction, label: string) => Metric) =>
      Object.entries(functions).map(([label, each]) => pick(each, label));
    const perBucket = (metricName: string, StorageType: string) =>
      Object.entries(buckets).map(([label, { bucketName }]) => {
        const dimensionsMap = { BucketName: bucketName, StorageType };
        return new Metric({ namespace: 'AWS/S3', metricName, dimensionsMap, statistic: 'Average', period: day, label });
      });
    this.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24 }));
    this.addWidgets(
      graph(
        'Calls',
        perFunction((each, label) => each.metricInvocations({ label })),
      ),
      graph(
        'Failures',
        perFunction((each, label) => each.metricErrors({ label })),
      ),
    );
    this.addWidgets(
      graph('Bytes kept', perBucket('BucketSizeBytes', 'StandardStorage')),
      graph('Objects kept', perBucket('NumberOfObjects', 'AllStorageTypes')),
    );
    this.addWidgets(
      graph('Alerts sent', [
        new Metric({
          namespace: 'AWS/SNS',
          metricName: 'NumberOfMessagesPublished',
          dimensionsMap: { TopicName: alerts.topicName },
          statistic: 'Sum',
          period: day,
        }),
      ]),
    );
  }
}
