import type { AuditOutputs } from '../../audit/audit-run';
import { ACCESS_FILES } from './access-files';
import { renderAuditFiles } from './audit-files';
import { EXCEPTION_FILES } from './exception-files';
import { openPageRows } from './page-rows';

/** Everything that an audit is written as, by whoever runs it. */
export const AUDIT_OUTPUTS: AuditOutputs = {
  accesses: ACCESS_FILES,
  exceptions: EXCEPTION_FILES,
  openPage: (limits) => {
    const { add, finish } = openPageRows(limits);
    return {
      add,
      render: (report) => Object.fromEntries(renderAuditFiles(report, finish()).map(({ name, text }) => [name, text])),
    };
  },
};
