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
