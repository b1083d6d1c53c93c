import { Duration } from 'aws-cdk-lib';
import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { raiseAlarm } from './raise-alarm';
import type { RoomFunction } from './room-function';

/** Tells when a function fails, when it may not run, when events wait for it too long, and when a letter is left that nobody will deliver again. */
export class FunctionAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, watched: RoomFunction, topic: ITopic) {
    super(scope, id);
    const period = Duration.minutes(5);
    const alarm = (name: string, metric: IMetric, what: string, threshold?: number) =>
      raiseAlarm(this, name, metric, `${what}. Look into the log of ${watched.node.path}.`, topic, threshold);
    const { deadLetters } = watched;
    this.alarms = [
      alarm('Fails', watched.metricErrors({ period }), 'a function fails'),
      // One that runs by itself alone waits its turn, which is no fault.
      ...(watched.runsAlone
        ? []
        : [
            alarm(
              'IsRefused',
              watched.metricThrottles({ period }),
              'a function may not run: more calls come than it, or the account, runs at once',
            ),
          ]),
      ...(deadLetters === undefined
        ? []
        : [
            alarm(
              'IsBehind',
              watched.metric('AsyncEventAge', { period, statistic: 'Maximum' }),
              'events wait for a function: it has more to do than it can, or somebody keeps it busy',
              LONGEST_WAIT.toMilliseconds(),
            ),
            alarm(
              'LeavesLetters',
              deadLetters.metricApproximateNumberOfMessagesVisible({ period }),
              'work was left undone, and waits as a dead letter for 14 days',
            ),
          ]),
    ];
  }
}

/** What the clock does every so often should not wait longer for what events want. */
const LONGEST_WAIT = Duration.minutes(15);
