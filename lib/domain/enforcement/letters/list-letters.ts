import type { CurrentRecord } from '../../registry/agreement-records';
import type { ErasureRecord } from '../../registry/conduct-records';
import type { MonthCheckpoint } from '../../registry/door-records';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { ProblemRecord, RefusalRecord } from '../../registry/told-records';
import type { Letter } from './letter';
import { listBreachLetters } from './list-breach-letters';
import { listDeliveryLetters } from './list-delivery-letters';
import { listErasureLetters } from './list-erasure-letters';
import { listExitLetters } from './list-exit-letters';
import { listLedgerLetters } from './list-ledger-letters';
import { listPauseLetters } from './list-pause-letters';
import { listProblemLetters } from './list-problem-letters';
import { listRefusalLetters } from './list-refusal-letters';
import { listRetentionLetters } from './list-retention-letters';
import { listRoundLetters } from './list-round-letters';
import { listToldLetters } from './list-told-letters';

/** What is on record beside everybody's conduct. */
export interface LetterReasons {
  readonly erasures: readonly ErasureRecord[];
  readonly refusals: readonly RefusalRecord[];
  readonly problems: readonly ProblemRecord[];
  /** Every step that the agreement has taken. */
  readonly history: CurrentRecord['history'];
  /** What the access ledger had come to as the month began. */
  readonly checkpoint?: MonthCheckpoint;
}

/**
 * Every letter that what is on record asks for by now, whether it was sent or not. Computed anew each time, so that none has to
 * be remembered to be sent.
 * @param now UTC, ISO 8601
 */
export function listLetters(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  { erasures, refusals, problems, history, checkpoint }: LetterReasons,
  now: string,
): readonly Letter[] {
  // Nobody is bound by a draft.
  if (conduct.state === 'draft') return [];
  return [
    ...conduct.breaches.flatMap((breach) => listBreachLetters(plan, breach, conduct.earlier)),
    ...listToldLetters(plan, conduct),
    ...listDeliveryLetters(plan, conduct, now),
    ...listRoundLetters(plan, conduct, now),
    ...listPauseLetters(plan, history),
    ...listExitLetters(plan, conduct, now),
    ...listRetentionLetters(plan, conduct, now),
    ...listErasureLetters(plan, erasures, conduct, now),
    ...listRefusalLetters(plan, refusals, now),
    ...listProblemLetters(plan, problems, conduct.earlier),
    // Who has nothing to do with each other any more is asked for nothing.
    ...(conduct.state === 'settled' ? [] : listLedgerLetters(plan, checkpoint)),
  ].filter(({ to }) => to.length > 0);
}
