import type { AuditReport } from '../../domain/audit/report/audit-report';
import { type Cast, castParties } from '../cast';

/** What the parts of the page share. */
export interface AuditPage {
  readonly report: AuditReport;
  readonly cast: Cast;
  readonly datasetOf: (leg: string) => string | undefined;
}

export function openAuditPage(report: AuditReport): AuditPage {
  const datasets = new Map(report.agreements.flatMap(({ legs }) => legs.map(({ id, dataset }) => [id, dataset])));
  return { report, cast: castParties(report.parties), datasetOf: (leg) => datasets.get(leg) };
}
