import { citeClause } from '../agreement/cite-clause';
import { triggerOf } from './breach-kinds';
import type { BreachReport } from './breach-report';
import { readPlan } from './registry/read-plan';
import type { Registry } from './registry/registry';
import type { BreachRecord } from './registry/registry-records';
import { controlOf } from './remedies-at';

/** Puts a breach on record, once: what stands already stays, with all that people and remedies wrote into it since. */
export async function recordBreach(registry: Registry, report: BreachReport): Promise<BreachRecord> {
  const { breach: kind, agreement, reportedAt, since = reportedAt, evidence = [], ...told } = report;
  const current = await registry.current(agreement).read();
  const plan = current && (await readPlan(registry, agreement, current.version));
  const trigger = triggerOf(kind);
  const clause = plan === undefined ? 'remedies' : citeClause(plan, controlOf(trigger), 'remedies');
  const record = { ...told, agreement, kind, trigger, clause, since, reportedAt, evidence, taken: [] };
  if (await registry.breaches(agreement).create(record)) return record;
  return (await registry.breaches(agreement).read(report.report)) ?? record;
}
