import type { PlannedDataset } from '../../agreement/plan/plan';
import type { RegisteredAgreement } from '../../registry/registered-agreement';
import { deliveryPrefix } from '../../room/landing-prefix';
import type { DeliveredFile } from '../../room/read-upload-event';

type IntakeDecision =
  | { readonly kind: 'accepted'; readonly delivered: DeliveredFile; readonly dataset: PlannedDataset }
  | { readonly kind: 'refused'; readonly reason: IntakeRefusal };

/** One word per reason, for logs and alerts. */
export type IntakeRefusal =
  | 'no-delivery'
  | 'unknown-agreement'
  | 'agreement-not-active'
  | 'outside-term'
  | 'unknown-dataset'
  | 'not-agreed-place'
  | 'empty-file'
  /** Of its dataset as many were taken in today as one day takes. */
  | 'too-many-today'
  /** The round that was due last has gone out, and the next takes nothing yet. */
  | 'too-early'
  /** No round is left that it could be for. */
  | 'no-round-left'
  /** The file cannot be the dataset: what is wrong lies in the quarantine, for its owner. */
  | 'unreadable';

/**
 * Deliveries of one dataset that are worked on in a day, UTC. Rounds go by days, so that one is due at most: the others are for
 * corrections and for what is late. What runs at once is bounded for the room, and no party's to fill.
 */
export const DELIVERIES_A_DAY = 6;

/**
 * Whether a delivered file is taken into the workflow. A party whose entitlements are suspended may deliver: that is how
 * it ends what it is suspended for.
 * @param today ISO date, UTC. Both days of the term count.
 */
export function checkIntake(
  delivered: DeliveredFile | undefined,
  registered: RegisteredAgreement | undefined,
  today: string,
): IntakeDecision {
  if (delivered === undefined) return refuse('no-delivery');
  const { agreement, dataset: id, way, key, bytes } = delivered;
  if (registered === undefined || registered.plan.agreement.id !== agreement) return refuse('unknown-agreement');
  const { plan, state, lastDay } = registered;
  if (state !== 'active') return refuse('agreement-not-active');
  if (today < plan.term.starts || today > lastDay) return refuse('outside-term');
  const dataset = plan.datasets.find((candidate) => candidate.id === id);
  if (dataset === undefined) return refuse('unknown-dataset');
  const prefix = deliveryPrefix(agreement, id, way);
  if (!key.startsWith(prefix) || key.length === prefix.length) return refuse('not-agreed-place');
  if (!(bytes > 0)) return refuse('empty-file');
  return { kind: 'accepted', delivered, dataset };
}

function refuse(reason: IntakeRefusal): IntakeDecision {
  return { kind: 'refused', reason };
}
