import { PURCHASES, USAGE } from '../../unit/audit/attribution/agreements';
import { makeS3Read, PARTNER, type Sighting } from '../../unit/audit/scenario';
import { auditLogs, DECISIONS, makeFolder, writeLogs } from './audit-trial';

/* What whoever runs the room can do with a decision before a report is made, since the ledger holds accesses and no decisions. */

const [AT, PERIOD] = ['2026-03-01T08:00:00Z', { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' }];

function makeLogs(): string {
  const logs = makeFolder();
  const keys = ['a', 'b', 'c'].map((name) => `usage/${name}.parquet`);
  const reads: readonly Sighting[] = keys.flatMap((key) => makeS3Read({ key, at: AT, account: PARTNER }));
  writeLogs(logs, reads);
  return logs;
}

const tell = async (decisions: typeof DECISIONS) => {
  const { rows, exceptions, report } = await auditLogs(makeLogs(), { ...PERIOD, decisions });
  const breaches = exceptions.filter(({ severity }) => severity === 'breach');
  return {
    rows,
    breaches: breaches.map(({ kind, party, leg }) => ({ kind, party, leg })),
    verdict: report.verdict.kind,
  };
};

test('with all decisions nothing is a breach', async () => {
  const { rows, breaches } = await tell(DECISIONS);
  expect(rows).toHaveLength(3);
  expect(breaches).toEqual([]);
});

test('a permit that is dropped makes every access that it allowed one without decision', async () => {
  const { rows, breaches, verdict } = await tell(DECISIONS.filter(({ leg }) => leg !== USAGE));
  expect(rows).toHaveLength(3);
  expect(breaches).toEqual(rows.map(() => ({ kind: 'bypass', party: 'retail', leg: USAGE })));
  expect(verdict).toBe('breached');
});

test('a permit dated after what it allowed explains none of it', async () => {
  const later = DECISIONS.map((each) => ({ ...each, at: '2026-03-01T10:00:00Z' }));
  expect((await tell(later)).breaches).toEqual([1, 2, 3].map(() => ({ kind: 'bypass', party: 'retail', leg: USAGE })));
});

test('only with its prohibition dropped and a permit before it left does what was forbidden look allowed', async () => {
  const [usage] = DECISIONS.filter(({ leg }) => leg === USAGE);
  const others = DECISIONS.filter(({ leg }) => leg === PURCHASES);
  const forbid = { ...usage!, id: 'usage-2', effect: 'forbid' as const, at: '2026-02-28T00:00:00Z' };
  const whole = await tell([...others, usage!, forbid]);
  expect(whole.breaches).toEqual([1, 2, 3].map(() => ({ kind: 'forbidden-access', party: 'retail', leg: USAGE })));
  // This the ledger does not show: the trail (`record-changed`) and the packs that parties keep do.
  expect((await tell([...others, usage!])).breaches).toEqual([]);
});
