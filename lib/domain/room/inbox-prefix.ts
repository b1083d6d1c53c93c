import type { PlannedLeg } from '../agreement/plan/plan';
import { releasePrefix } from './release-prefix';

/**
 * Where in the lake bucket the receiver of a leg by SFTP finds what was released to it: empty until publication copies a
 * release there. Beside the releases, so that what `retain` removes goes here too.
 */
export function inboxPrefix(agreement: string, leg: PlannedLeg): string {
  return `${releasePrefix(agreement, leg)}${INBOX}`;
}

/** A release lies in a folder `round=…`: no release is ever called so. */
export const INBOX = 'inbox/';
