import { advanceAgreement } from '../../lib/domain/enforcement/advance-agreement';
import { recordBreach } from '../../lib/domain/enforcement/record-breach';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/enforcement/registry/read-conduct';
import type { Registry } from '../../lib/domain/enforcement/registry/registry';
import { judgeDeliveries } from '../../lib/domain/exchange/judge-deliveries';
import { judgePeerRounds } from '../../lib/domain/exchange/judge-peer-rounds';
import type { Log } from '../log';

/**
 * Writes what follows from the agreement and the clock alone: overdue deliveries, those that have come since, the agreement's
 * beginning and its end. Done twice it writes nothing more.
 * @param now UTC, ISO 8601
 * @returns what is on record then
 */
export async function keepTerms(
  registry: Registry,
  on: AgreementOnRecord,
  now: string,
  log: Log,
): Promise<AgreementOnRecord | undefined> {
  const { agreement } = on.current;
  const { begun, ended } = await findBreaches(registry, on, now);
  for (const report of begun) {
    await recordBreach(registry, report);
    const { breach, leg = 'none', party = 'none' } = report;
    log.warn('Something that was agreed was not done in time', { agreement, breach, leg, party });
  }
  for (const { report, at } of ended)
    await registry
      .breaches(agreement)
      .change([report], (breach) => (breach.resolvedAt === undefined ? { ...breach, resolvedAt: at } : undefined));
  const known = begun.length + ended.length === 0 ? on : await readConduct(registry, agreement);
  if (known === undefined) return undefined;
  const { breaches, attestations } = known.conduct;
  const advance = (current: AgreementOnRecord['current']) => {
    const next = advanceAgreement(on.plan, current, breaches, attestations, now);
    return next === current ? undefined : next;
  };
  if (advance(known.current) === undefined) return known;
  const moved = await registry.current(agreement).change([], advance);
  log.info('The agreement has moved on', { agreement, state: moved?.state ?? 'unknown' });
  return readConduct(registry, agreement);
}

/** What has become a breach by the clock, and what has ended since. */
async function findBreaches(registry: Registry, { plan, conduct, current }: AgreementOnRecord, now: string) {
  const { overdue, delivered } = judgeDeliveries(plan, conduct, now);
  const peers =
    plan.side.kind === 'peer'
      ? judgePeerRounds({ plan, conduct }, await registry.commitments(current.agreement).list(), now)
      : undefined;
  return {
    begun: [...overdue, ...(peers?.broken ?? [])],
    ended: [...delivered, ...(peers?.mended ?? [])],
  };
}
