import type { AuditReport } from '../../domain/audit/report/audit-report';
import { writeConductFiles } from './conduct-files';
import { formatJsonFile } from './json-line';
import type { PageRows } from './page-rows';
import { renderAuditReport } from './render-audit-report';

interface AuditFile {
  readonly name: string;
  readonly text: string;
}

/** Files that are written once the report stands. Those of single rows are `ACCESS_FILES` and `EXCEPTION_FILES`. */
export function renderAuditFiles(report: AuditReport, rows: PageRows): readonly AuditFile[] {
  const { processing, operation, destruction, ...rest } = report;
  const { header, agreements } = report;
  return [
    { name: 'audit.html', text: renderAuditReport(report, rows) },
    { name: 'report.json', text: formatJsonFile(rest) },
    {
      name: 'processing-record.json',
      text: formatJsonFile({
        basis: 'Regulation (EU) 2016/679, art. 30(1) and (2)',
        produced: header.produced,
        agreements: agreements.map(({ id, version, plan }) => ({ id, version, plan })),
        activities: processing,
        onBehalf: operation,
        destruction,
      }),
    },
    ...writeConductFiles(report),
  ];
}
