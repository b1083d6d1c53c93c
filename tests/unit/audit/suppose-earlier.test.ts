import { listSupposed } from '../../../lib/audit/verify/suppose-earlier';
import type { Access } from '../../../lib/domain/audit/access';
import { openRowReporter } from '../../../lib/domain/audit/report/report-access';
import { makeAccess } from './ledger/accesses';

const SESSION = 'server-1/session-7';
const READ: Access = { ...makeAccess(7), joins: { session: SESSION } };
const OPENED: Access = {
  ...makeAccess(1),
  ...{ witness: 'transfer-log', service: 'transfer', operation: 'CONNECTED', act: 'session' },
  ...{ actor: { kind: 'sftp-user', user: 'retail' }, joins: { session: SESSION } },
};
const ROW = openRowReporter([])(
  {
    joined: { access: READ, otherSides: [], witnesses: [], vendedBy: [], crossing: { kind: 'anonymous' } },
    attribution: { kind: 'unattributed', reason: 'no-party' },
  },
  () => [],
  undefined,
);

/* What one record of before may have told of the session, where none that is at hand does. */
test.each<[string, Access | undefined, boolean]>([
  ['no entry', undefined, true],
  ['one that opened it', OPENED, false],
  ['one that opened another', { ...OPENED, joins: { session: 'server-1/session-8' } }, true],
  ['one that was refused', { ...OPENED, outcome: 'denied' }, true],
  ['one that failed', { ...OPENED, outcome: 'failed' }, false],
  ['one of its end, which does not tell who', { ...OPENED, actor: { kind: 'unknown' } }, true],
])('with %s of a session', (_, entry, isSupposed) => {
  const supposed = listSupposed(ROW, [READ], entry === undefined ? [] : [entry], []);
  expect(supposed.length > 0).toBe(isSupposed);
});
