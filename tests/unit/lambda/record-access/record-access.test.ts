import { recordAccess } from '../../../../lambda/record-access/record-access';
import { recordLog } from '../../../fixtures/recorded-log';

const EVENT = {
  id: 'e-1',
  source: 'aws.dataexchange',
  'detail-type': 'Data Grant Accepted',
  account: '111122223333',
  time: '2026-03-01T10:00:00Z',
  region: 'eu-central-1',
  detail: { secret: 'row value' },
};

test('an access that is told of is named in the log, and nothing more of it', () => {
  const { log, lines } = recordLog();
  recordAccess(EVENT, log);
  const details = { access: 'event-bus/e-1', recordedBy: '111122223333', act: 'permit' };
  expect(lines).toEqual([['warn', 'Access not entered in the ledger: the archive of its bus keeps it', details]]);
});

test.each<[string, unknown, string]>([
  ['an event that nobody knows', { ...EVENT, 'detail-type': 'Something New' }, 'warn'],
  ['an event that is none', 'row value', 'error'],
  ['an event without an account', { ...EVENT, account: undefined }, 'error'],
])('%s is logged without its content', (_, event, level) => {
  const { log, lines } = recordLog();
  recordAccess(event, log);
  expect(lines.map(([at]) => at)).toEqual([level]);
  expect(JSON.stringify(lines)).not.toContain('row value');
});
