import type { ReconcileCause } from '../room-events';

export interface CheckTime {
  readonly cause: ReconcileCause | 'watch';
  /** As EventBridge Scheduler writes it, UTC. */
  readonly expression: string;
  readonly description: string;
}

/** When the room looks by itself, beside every event that makes it look: events are sent at best effort. */
export const CHECK_TIMES: readonly CheckTime[] = [
  {
    cause: 'schedule',
    expression: 'rate(15 minutes)',
    description: 'looks for what is overdue, and puts back what was changed by hand or missed',
  },
  // Terms are of whole days, UTC: shortly after one ends, and once more should that have failed.
  { cause: 'term', expression: 'cron(1,31 0 * * ? *)', description: 'looks for agreements that begin or end' },
];

/** When the room looks at what has come to the access ledger. */
export const WATCH_TIME: CheckTime = {
  cause: 'watch',
  expression: 'rate(1 minute)',
  description: 'looks for breaches among the accesses that were recorded',
};
