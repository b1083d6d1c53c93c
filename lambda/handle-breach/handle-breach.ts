import { type BreachReport, readBreachReport } from '../../lib/domain/enforcement/breach-report';
import { overruleBreach } from '../../lib/domain/enforcement/overrule-breach';
import { type Overruling, readOverruling } from '../../lib/domain/enforcement/overruling';
import { recordBreach } from '../../lib/domain/enforcement/record-breach';
import type { Registry } from '../../lib/domain/enforcement/registry/registry';
import type { Log } from '../log';

export class UnreadableBreach extends Error {
  override readonly name = 'UnreadableBreach';
}

export interface BreachDesk {
  readonly registry: Registry;
  /** Tells the room that what is on record of an agreement's breaches has changed. */
  readonly tell: (agreement: string) => Promise<void>;
  readonly log: Log;
}

/**
 * Puts a reported breach on record, or that a person overruled it; what the remedies ask for follows from the record, in
 * `reconcile-entitlements`, which is told afterwards.
 * @throws UnreadableBreach, OverrulingRefused so that the report is kept as a dead letter and alarmed on
 */
export async function handleBreach(event: unknown, desk: BreachDesk): Promise<void> {
  const overruling = readOverruling(event);
  const report = readBreachReport(event);
  if (overruling !== undefined) await overrule(overruling, desk);
  else if (report !== undefined) await record(report, desk);
  else throw new UnreadableBreach('A breach was reported without id, agreement or known kind.');
  await desk.tell(overruling?.agreement ?? report?.agreement ?? '');
}

async function record(report: BreachReport, { registry, log }: BreachDesk): Promise<void> {
  const { agreement, kind, party = 'not named', clause } = await recordBreach(registry, report);
  log.error('Breach on record', { agreement, breach: kind, party, clause });
}

async function overrule(
  { agreement, report, account, ...overruled }: Overruling,
  { registry, log }: BreachDesk,
): Promise<void> {
  const breach = await overruleBreach(registry, agreement, report, overruled, account);
  if (breach === undefined) throw new UnreadableBreach(`${agreement} has no breach ${report} on record to overrule.`);
  log.warn('Breach overruled', { agreement, report, by: breach.overruled?.by ?? overruled.by, account });
}
