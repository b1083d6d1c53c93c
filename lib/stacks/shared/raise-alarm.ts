import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * Tells when something that should never happen was counted.
 * @param what the whole message, after whose it is
 * @param threshold of the metric, from which on it is told
 */
export function raiseAlarm(
  scope: Construct,
  id: string,
  metric: IMetric,
  what: string,
  alerts: ITopic,
  threshold = 1,
): Alarm {
  const alarm = new Alarm(scope, id, {
    metric,
    alarmDescription: `Barter room: ${what}`,
    threshold,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(alerts));
  return alarm;
}
