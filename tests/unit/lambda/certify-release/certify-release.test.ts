import { certifyRelease, ReleaseNotCertified } from '../../../../lambda/certify-release/certify-release';
import { recordLog } from '../../../fixtures/recorded-log';

test('nothing is certified: the call fails, and says so', () => {
  const { log, lines } = recordLog();
  const run = { agreement: 'telco-retail-2026', dataset: 'usage' };
  expect(() => certifyRelease(run, log)).toThrow(ReleaseNotCertified);
  expect(lines).toEqual([['warn', 'Release not certified: this version of the room measures none', run]]);
});
