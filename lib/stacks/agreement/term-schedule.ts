import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan-for-side';
import { ROOM_EVENTS } from '../../domain/enforcement/room-events';
import { planTerm, type TermEvent } from '../../domain/exchange/plan-term';
import { allowTelling } from '../shared/allow-telling';

/** Tells the room's bus on the day when an agreement begins, when it has ended, and when what was received is to be gone. */
export class TermSchedule extends Construct {
  constructor(scope: Construct, id: string, { agreement, term }: SidePlan, bus: IEventBus) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: `Barter ${agreement.id}: lets its schedule put events on the room's bus`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    role.addToPolicy(allowTelling(bus));
    const group = new CfnScheduleGroup(this, 'Group');
    for (const event of planTerm(term)) {
      new CfnSchedule(this, event.kind, {
        description: `Barter ${agreement.id}: ${event.kind}`,
        groupName: group.ref,
        scheduleExpression: writeCron(event),
        scheduleExpressionTimezone: 'UTC',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: bus.eventBusArn,
          roleArn: role.roleArn,
          eventBridgeParameters: { source: ROOM_EVENTS.source, detailType: event.kind },
          input: JSON.stringify({ agreement: agreement.id, version: agreement.version, at: `${event.at}Z` }),
        },
      });
    }
  }
}

/** Once, in that year. Not `at(…)`, so that an agreement can be deployed, or deployed again, after it has begun. */
function writeCron({ at }: TermEvent): string {
  const [year, month, day, hour, minute] = at.split(/[-T:]/).map(Number);
  return `cron(${minute} ${hour} ${day} ${month} ? ${year})`;
}
