import type { CheckTime } from '../../lib/domain/enforcement/registration/check-times';
import type { Json, JsonMap } from './room-templates';
import type { LocalRoom } from './start-local-room';

/**
 * Calls a function as the room's schedule for this cause does: with what the template has it say.
 * @throws where the templates have no such schedule, or several: then nothing of the kind happens in the room
 */
export function callOnSchedule(
  local: LocalRoom,
  handler: string,
  cause: CheckTime['cause'],
  now?: string,
): Promise<unknown> {
  const called = local.functionOf(handler);
  const inputs = local.templates.listResources('AWS::Scheduler::Schedule').flatMap(({ stack, properties }) => {
    const { Arn, Input } = local.templates.resolve(stack, properties.Target as Json) as JsonMap;
    // Schedules of agreements tell the room's bus.
    if (!String(Arn).includes(':lambda:') || local.functionByArn(String(Arn)) !== called) return [];
    const input: { readonly cause?: unknown } = JSON.parse(String(Input));
    return input.cause === cause ? [input] : [];
  });
  if (inputs.length !== 1) throw new Error(`${inputs.length} schedules of the room call ${handler} for ${cause}.`);
  return called.invoke(inputs[0], now);
}
