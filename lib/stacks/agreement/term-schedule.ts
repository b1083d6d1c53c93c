import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { ROOM_EVENTS } from '../../domain/enforcement/room-events';
import { planTerm, type TermEvent } from '../../domain/exchange/entitlements/plan-term';
import { allowTelling } from '../shared/allow-telling';

/**
 * Tells the room's bus on the day when an agreement begins, when it has ended, and when what was received is to be gone; and every
 * day that the agreement is deployed, so that one that the registry has lost is missed.
 */
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
    const common = { groupName: group.ref, scheduleExpressionTimezone: 'UTC' };
    const tell = (detailType: string, said: object) => ({
      arn: bus.eventBusArn,
      roleArn: role.roleArn,
      eventBridgeParameters: { source: ROOM_EVENTS.source, detailType },
      input: JSON.stringify({ agreement: agreement.id, version: agreement.version, ...said }),
    });
    for (const event of planTerm(term)) {
      new CfnSchedule(this, event.kind, {
        ...common,
        description: `Barter ${agreement.id}: ${event.kind}`,
        scheduleExpression: writeCron(event),
        flexibleTimeWindow: { mode: 'OFF' },
        target: tell(event.kind, { at: `${event.at}Z` }),
      });
    }
    new CfnSchedule(this, 'deployed', {
      ...common,
      description: `Barter ${agreement.id}: says every day that it is deployed`,
      scheduleExpression: 'cron(0 1 * * ? *)',
      // Not all agreements of a room at once: who listens looks at one after the other.
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 1320 },
      target: tell(ROOM_EVENTS.agreementDeployed, {}),
    });
  }
}

/** Once, in that year. Not `at(…)`, so that an agreement can be deployed, or deployed again, after it has begun. */
function writeCron({ at }: TermEvent): string {
  const [year, month, day, hour, minute] = at.split(/[-T:]/).map(Number);
  return `cron(${minute} ${hour} ${day} ${month} ? ${year})`;
}
