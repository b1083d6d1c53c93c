/** What an agreement's remedies answer to. */
export const TRIGGERS = [
  'late-delivery',
  'forbidden-access',
  'failed-release',
  'resharing',
  'overdue-destruction',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** What they do, the mildest first. */
export const MEASURES = ['warn', 'throttle', 'suspend-counterpart', 'suspend-party', 'revoke', 'terminate'] as const;
export type Measure = (typeof MEASURES)[number];

/** Whether a measure is no milder than another. */
export function isAsHard(one: Measure, other: Measure): boolean {
  return MEASURES.indexOf(one) >= MEASURES.indexOf(other);
}

/** Whether it has a party get nothing for as long as it lasts. */
export function isSuspending(measure: Measure): measure is 'suspend-party' | 'suspend-counterpart' {
  return measure === 'suspend-party' || measure === 'suspend-counterpart';
}

/** Whether it lasts until the breach is over; others are done once. */
export function isLasting(measure: Measure): boolean {
  switch (measure) {
    case 'throttle':
    case 'suspend-party':
    case 'suspend-counterpart':
      return true;
    case 'warn':
    case 'revoke':
    case 'terminate':
      return false;
  }
}
