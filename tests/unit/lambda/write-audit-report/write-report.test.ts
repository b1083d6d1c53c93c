import { ReportNotWritten, writeReport } from '../../../../lambda/write-audit-report/write-report';
import type { ReportObject } from '../../../../lib/domain/audit/record-missing-report';

function fakeStore() {
  const objects = new Map<string, string>();
  const put = async ({ key, body }: ReportObject) => {
    if (!objects.has(key)) objects.set(key, body);
  };
  return { objects, put };
}

test('a report that is due is recorded as missing, and the call fails so that somebody is told', async () => {
  const { objects, put } = fakeStore();
  const write = () => writeReport({ dueAt: '2026-02-01T06:00:00Z' }, put);
  await expect(write()).rejects.toThrow(ReportNotWritten);
  await expect(write()).rejects.toThrow('The report due at 2026-02-01T06:00:00Z was not written');
  expect([...objects.keys()]).toEqual(['reports/2026-02-01T06:00:00Z/missing.json']);
  expect(JSON.parse([...objects.values()][0]!)).toMatchObject({
    kind: 'missing-report',
    dueAt: '2026-02-01T06:00:00Z',
  });
});

test.each([[undefined], [null], [{}], [{ dueAt: 7 }], [{ dueAt: '../2026' }], [{ dueAt: '2026-02-01' }]])(
  'an event that does not say when fails and writes nothing: %j',
  async (event) => {
    const { objects, put } = fakeStore();
    await expect(writeReport(event, put)).rejects.toThrow(ReportNotWritten);
    expect(objects.size).toBe(0);
  },
);

test('a store that fails is not taken for a record', async () => {
  const put = () => Promise.reject(new Error('no such bucket'));
  await expect(writeReport({ dueAt: '2026-02-01T06:00:00Z' }, put)).rejects.toThrow('no such bucket');
});
