import type { Registry } from '../../lib/domain/registry/registry';
import type { Log } from '../shared/log';
import { type NotifyReceivers, notifyReceivers } from './notify-receivers';
import type { Reconciled } from './reconcile-agreement';
import { type SendLetter, sendLetters } from './send-letters';

export interface Correspondence {
  readonly registry: Registry;
  readonly send: SendLetter;
  readonly notify: NotifyReceivers;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
}

/**
 * Writes to the parties of an agreement what is due, and not more than a run has time for: what is left goes out with the next.
 * One that fails, or goes out twice, changes nothing that is granted.
 */
export async function writeToParties(
  { registry, send, notify, now, log }: Correspondence,
  { on, erasures }: NonNullable<Reconciled['about']>,
): Promise<void> {
  const letters = await sendLetters(registry, on, erasures, send, now());
  const notices = await notifyReceivers(registry, on, notify, now());
  const [sent, left] = [letters.sent + notices.sent, letters.left + notices.left];
  if (sent > 0)
    log.info('The parties were written to', {
      agreement: on.current.agreement,
      letters: letters.sent,
      notices: notices.sent,
    });
  if (left > 0)
    log.warn('More is to be written than one run does: the next goes on', { agreement: on.current.agreement, left });
}
