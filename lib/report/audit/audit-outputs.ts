import type { AuditOutputs } from '../../audit/audit-run';
import { ACCESS_FILES } from './access-files';
import { renderAuditFiles } from './audit-files';
import { EXCEPTION_FILES } from './exception-files';

/** Everything that an audit is written as, by whoever runs it. */
export const AUDIT_OUTPUTS: AuditOutputs = {
  accesses: ACCESS_FILES,
  exceptions: EXCEPTION_FILES,
  render: (report) => Object.fromEntries(renderAuditFiles(report).map(({ name, text }) => [name, text])),
};
