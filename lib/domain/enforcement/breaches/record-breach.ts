import { citeClause } from '../../agreement/plan/cite-clause';
import { triggerOf } from '../../registry/breach-kinds';
import { isAnswered, nameAgain, nameOnce, timeOf } from '../../registry/breach-name';
import type { BreachReport } from '../../registry/breach-report';
import type { BreachRecord } from '../../registry/conduct-records';
import { readPlan } from '../../registry/read-plan';
import type { Registry } from '../../registry/registry';
import { uniteEvidence } from './breach-evidence';
import { controlOf } from './list-remedies';

/**
 * Puts a breach on record, once: what stands already stays, with all that people and remedies wrote into it since, and what
 * shows it is added. What was overruled or is over answers for what it showed, and for nothing that came after: that is a breach
 * of its own, as is what whoever reports it has found to be another time.
 */
export async function recordBreach(registry: Registry, report: BreachReport): Promise<BreachRecord> {
  const { breach: kind, agreement, reportedAt, since = reportedAt, evidence: shown = [], ties = [], ...told } = report;
  const breaches = registry.breaches(agreement);
  const current = await registry.current(agreement).read();
  const plan = current && (await readPlan(registry, agreement, current.version));
  const trigger = triggerOf(kind);
  const clause = plan === undefined ? 'remedies' : citeClause(plan, controlOf(trigger), 'remedies');
  const base = nameOnce(report.report);
  let evidence = shown;
  for (let time = timeOf(report.report); ; time += 1) {
    const name = nameAgain(base, time);
    const tied = ties.length === 0 ? {} : { ties };
    const found = { ...told, report: name, agreement, kind, trigger, clause, since, reportedAt };
    const record = { ...found, evidence, ...tied, taken: [] };
    if (await breaches.create(record)) return record;
    const more = evidence;
    const stands = await breaches.change([name], (breach) =>
      isAnswered(breach) ? undefined : addEvidence(breach, more, ties),
    );
    if (stands === undefined) return record;
    evidence = evidence.filter((id) => !stands.evidence.includes(id));
    if (evidence.length === 0 || !isAnswered(stands)) return stands;
  }
}

function addEvidence(
  breach: BreachRecord,
  more: readonly string[],
  moreTies: readonly string[],
): BreachRecord | undefined {
  const evidence = uniteEvidence(breach.evidence, more);
  const ties = uniteEvidence(breach.ties ?? [], moreTies);
  if (evidence.length === breach.evidence.length && ties.length === (breach.ties ?? []).length) return undefined;
  return { ...breach, evidence, ...(ties.length === 0 ? {} : { ties }) };
}
