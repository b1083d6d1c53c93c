import { readReportOrder, readReportPeriod } from '../../../../lambda/write-audit-report/report-period';
import { ReportNotWritten, takeStep } from '../../../../lambda/write-audit-report/take-step';
import { recordLog } from '../../../fixtures/recorded-log';

test.each([
  ['2026-04-01T06:00:00Z', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z'],
  ['2026-01-01T06:00:00Z', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['2024-03-31T23:59:59Z', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
])('the report that is due at %s is about the month before', (dueAt, from, to) => {
  expect(readReportPeriod({ dueAt })).toEqual({ from, to, due: dueAt });
});

test('somebody may ask for any other time that is over', () => {
  const [dueAt, from, to] = ['2026-04-01T06:00:00Z', '2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z'];
  expect(readReportPeriod({ dueAt, from, to })).toEqual({ from, to, due: dueAt });
});

test('a step names the report that it is for', () => {
  const report = { dueAt: '2026-04-01T06:00:00Z' };
  const period = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', due: report.dueAt };
  expect(readReportOrder({ step: 'read', report })).toEqual({ step: 'read', period });
  expect(readReportOrder({ step: 'write', report })).toEqual({ step: 'write', period });
  expect(readReportOrder(report)).toEqual({ step: 'write', period });
});

const refuse = () => Promise.reject(new Error('nothing is to be asked for'));
const IDLE = {
  openRoom: refuse,
  hasTime: () => true,
  has: refuse,
  put: refuse,
  folder: '/nowhere',
  log: recordLog().log,
};

test.each([
  [undefined],
  [null],
  [{}],
  [{ dueAt: 7 }],
  [{ dueAt: '../2026' }],
  [{ dueAt: '2026-02-01' }],
  [{ dueAt: '2026-02-30T25:00:00Z' }],
  [{ dueAt: '2026-02-01T06:00:00Z', from: '2026-01-01T00:00:00Z' }],
  [{ step: 'write', dueAt: '2026-02-01T06:00:00Z' }],
  [{ step: 'forget', report: { dueAt: '2026-02-01T06:00:00Z' } }],
  [{ dueAt: '2026-02-01T06:00:00Z', from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
  [{ dueAt: '2026-02-01T06:00:00Z', from: '2026-01-01T00:00:00Z', to: '2026-03-01T00:00:00Z' }],
])('an event that does not say what is due fails and writes nothing: %j', async (event) => {
  await expect(takeStep(event, IDLE)).rejects.toThrow(ReportNotWritten);
});

test('a report that is written already stays as it is', async () => {
  const asked: string[] = [];
  const { log, lines } = recordLog();
  const has = async (key: string) => {
    asked.push(key);
    return true;
  };
  await takeStep({ dueAt: '2026-02-01T06:00:00Z' }, { ...IDLE, has, log });
  expect(asked).toEqual(['reports/2026-01-01T00:00:00Z--2026-02-01T00:00:00Z/manifest.sig']);
  expect(lines).toHaveLength(1);
});

test('what cannot be read is not taken for an empty record', async () => {
  const has = async () => false;
  const call = takeStep({ dueAt: '2026-02-01T06:00:00Z' }, { ...IDLE, has });
  await expect(call).rejects.toThrow('nothing is to be asked for');
});
