import type { TermEvent } from '../../lib/domain/exchange/entitlements/plan-term';
import type { EventCarrier } from './carry-events';
import type { Json, JsonMap } from './room-templates';
import type { LocalRoom } from './start-local-room';

/**
 * Puts an event on the room's bus as the agreement's own schedule of this kind does, with what the template has it say.
 * @returns when it does, as the schedule has it; UTC
 * @throws where the agreement's stack has no such schedule, or several
 */
export function putOnSchedule(local: LocalRoom, events: EventCarrier, stack: string, kind: TermEvent['kind']): string {
  const found = local.templates.listResources('AWS::Scheduler::Schedule').flatMap((schedule) => {
    if (schedule.stack !== stack) return [];
    const { ScheduleExpression, Target } = local.templates.resolve(stack, schedule.properties as Json) as JsonMap;
    const { Arn, Input, EventBridgeParameters } = Target as JsonMap;
    const { Source, DetailType } = EventBridgeParameters as JsonMap;
    if (DetailType !== kind) return [];
    const entry = { Source: String(Source), DetailType: kind, Detail: String(Input), EventBusName: String(Arn) };
    return [{ entry, expression: String(ScheduleExpression) }];
  });
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) throw new Error(`${found.length} schedules of ${stack} tell of ${kind}.`);
  const { ErrorCode } = events.put(local.account, only.entry);
  if (ErrorCode !== undefined) throw new Error(`The bus does not take ${kind}: ${ErrorCode}`);
  return readMoment(only.expression);
}

/** Of one moment of one year. */
function readMoment(expression: string): string {
  const [, ...parts] = /^cron\((\d+) (\d+) (\d+) (\d+) \? (\d{4})\)$/.exec(expression) ?? [];
  const [minute, hour, day, month, year] = parts.map(Number) as [number, number, number, number, number];
  if (parts.length < 5) throw new Error(`${expression} is no moment.`);
  return new Date(Date.UTC(year, month - 1, day, hour, minute)).toISOString();
}
