import type { AuditReport } from '../../domain/audit/report/audit-report';
import { type Cast, castParties } from '../cast';
import type { PageRows } from './page-rows';

/** What the parts of the page share. */
export interface AuditPage {
  readonly report: AuditReport;
  readonly rows: PageRows;
  readonly cast: Cast;
  readonly datasetOf: (leg: string) => string | undefined;
}

export function openAuditPage(report: AuditReport, rows: PageRows): AuditPage {
  const datasets = new Map(report.agreements.flatMap(({ legs }) => legs.map(({ id, dataset }) => [id, dataset])));
  return { report, rows, cast: castParties(report.parties), datasetOf: (leg) => datasets.get(leg) };
}
