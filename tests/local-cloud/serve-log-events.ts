import type { StandIn } from './serve-from-model';

/** An event of a log group, as `FilterLogEvents` tells it. */
export interface LogEvent {
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/**
 * What CloudWatch Logs keeps: moto throws away what is older than a fortnight by the clock of the machine, and no test depends
 * on that. Pages are short, so that whoever reads the first alone is found out ("FilterLogEvents", API reference).
 * @param groups events by log group, in order of time
 */
export function serveLogEvents(groups: ReadonlyMap<string, readonly LogEvent[]>): StandIn {
  return {
    async answer({ operation, body }) {
      if (operation !== 'FilterLogEvents') return { status: 501, error: 'NotImplemented', body: '{}' };
      const asked = JSON.parse(body) as FilterRequest;
      const events = groups.get(asked.logGroupName);
      if (events === undefined)
        return { status: 400, error: 'ResourceNotFoundException', body: '{"message":"No such log group."}' };
      const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, nextToken = '0' } = asked;
      const within = events.filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime);
      const from = Number(nextToken);
      const next = from + PAGE < within.length ? { nextToken: String(from + PAGE) } : {};
      const page = within.slice(from, from + PAGE).map((event) => ({ ...event, logStreamName: 'sessions' }));
      return { status: 200, body: JSON.stringify({ events: page, ...next }) };
    },
  };
}

const PAGE = 3;

interface FilterRequest {
  readonly logGroupName: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
}
