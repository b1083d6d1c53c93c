import type { ReportedException } from '../../domain/audit/report/reported-exception';
import { describeEvidence } from './access-files';
import { formatCsvLine } from './csv';
import { formatJsonLine } from './json-line';
import type { RowFile } from './row-file';

const COLUMNS = ['severity', 'kind', 'time', 'until', 'party', 'leg', 'decision', 'detail', 'evidence', 'events'];

/** Every exception, however many: as a table, and exactly. */
export const EXCEPTION_FILES: readonly RowFile<ReportedException>[] = [
  { name: 'exceptions.csv', head: formatCsvLine(COLUMNS), formatRow: (each) => formatCsvLine(listCells(each)) },
  { name: 'exceptions.jsonl', head: '', formatRow: formatJsonLine },
];

function listCells({ severity, kind, at, to, party, leg, decision, detail, evidence }: ReportedException) {
  const events = [...new Set(evidence.map(({ event }) => event))];
  return [
    severity,
    kind,
    at,
    to,
    party,
    leg,
    decision,
    detail,
    evidence.map(describeEvidence).join(' '),
    events.join(' '),
  ];
}
