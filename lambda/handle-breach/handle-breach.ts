import { readBreachReport } from '../../lib/domain/enforcement/breach-report';
import { recordBreach } from '../../lib/domain/enforcement/record-breach';
import type { Registry } from '../../lib/domain/enforcement/registry/registry';
import type { Log } from '../log';

export class UnreadableBreach extends Error {
  override readonly name = 'UnreadableBreach';
}

/**
 * Puts a reported breach on record; what the remedies ask for follows from the record, in `reconcile-entitlements`.
 * @throws UnreadableBreach so that the report is kept as a dead letter and alarmed on.
 */
export async function handleBreach(event: unknown, registry: Registry, log: Log): Promise<void> {
  const report = readBreachReport(event);
  if (report === undefined) throw new UnreadableBreach('A breach was reported without id, agreement or known kind.');
  const { agreement, kind, party = 'not named', clause } = await recordBreach(registry, report);
  log.error('Breach on record', { agreement, breach: kind, party, clause });
}
