import { listUntaken } from '../../lib/domain/enforcement/breaches/list-untaken';
import { recordBreach } from '../../lib/domain/enforcement/breaches/record-breach';
import { advanceAgreement } from '../../lib/domain/enforcement/registration/advance-agreement';
import { listMuchErased } from '../../lib/domain/exchange/erasure/count-erased';
import { judgeConduct } from '../../lib/domain/exchange/report/judge-conduct';
import type { ErasureRecord } from '../../lib/domain/registry/conduct-records';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { Log } from '../shared/log';
import type { HeardAndSeen } from './see-grants';

/**
 * Writes what follows from the agreement and the clock alone: what was not done in time, what has been done since, what the
 * remedies do about it, the agreement's beginning and its end. Done twice it writes nothing more.
 * @param now UTC, ISO 8601
 * @returns what is on record then
 */
export async function keepTerms(
  registry: Registry,
  on: AgreementOnRecord,
  erasures: readonly ErasureRecord[],
  peers: HeardAndSeen,
  now: string,
  log: Log,
): Promise<AgreementOnRecord | undefined> {
  const { agreement } = on.current;
  const receipts = on.plan.side.kind === 'peer' ? await registry.receipts(agreement).list() : [];
  const { begun, ended } = judgeConduct(on, { ...peers, erasures, receipts }, now);
  for (const report of begun) {
    await recordBreach(registry, report);
    const { breach, leg = 'none', party = 'none' } = report;
    log.warn('Something that was agreed was not done in time', { agreement, breach, leg, party });
  }
  for (const { report, at } of ended)
    await registry
      .breaches(agreement)
      .change([report], (breach) => (breach.resolvedAt === undefined ? { ...breach, resolvedAt: at } : undefined));
  for (const { id, leg, text } of listMuchErased(erasures, on.conduct.releases, now))
    if (await registry.problems(agreement).create({ id, agreement, party: 'room', leg, text, at: now }))
      log.warn('Very much of a leg is to be erased', { agreement, leg });
  const known = begun.length + ended.length === 0 ? on : await readConduct(registry, agreement);
  if (known === undefined) return undefined;
  const taken = await takeMeasures(registry, known, now, log);
  const advance = (current: AgreementOnRecord['current']) => {
    const next = advanceAgreement(on.plan, current, known.conduct, now);
    return next === current ? undefined : next;
  };
  if (advance(known.current) === undefined) return taken ? readConduct(registry, agreement) : known;
  const moved = await registry.current(agreement).change([], advance);
  log.info('The agreement has moved on', { agreement, state: moved?.state ?? 'unknown' });
  return readConduct(registry, agreement);
}

/** What remedies do is computed anew each time; that it was done, by which clause and when, stands with its breach. */
async function takeMeasures(
  registry: Registry,
  { plan, conduct, current: { agreement } }: AgreementOnRecord,
  now: string,
  log: Log,
): Promise<boolean> {
  const due = conduct.breaches.filter((breach) => listUntaken(plan, breach, now, conduct.versions).length > 0);
  for (const { report } of due) {
    const after = await registry.breaches(agreement).change([report], (breach) => {
      const untaken = listUntaken(plan, breach, now, conduct.versions);
      return untaken.length === 0 ? undefined : { ...breach, taken: [...breach.taken, ...untaken] };
    });
    log.warn('A remedy was taken', {
      agreement,
      report,
      measures: after?.taken.length ?? 0,
    });
  }
  return due.length > 0;
}
