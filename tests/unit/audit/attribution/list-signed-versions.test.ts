import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { leaveLastOpen } from '../../../../lib/domain/audit/attribution/leave-last-open';
import { listSignedVersions } from '../../../../lib/domain/audit/attribution/list-signed-versions';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { signatureOf } from '../../../fixtures/registered';

const [TELCO, RETAIL] = PLAN.parties as [(typeof PLAN.parties)[0], (typeof PLAN.parties)[0]];
const amend = (version: number, parties = PLAN.parties) =>
  planForSide(
    { ...PLAN, parties, agreement: { ...PLAN.agreement, version, content: `d${version}`.repeat(32) } },
    { kind: 'hosted' },
  );
const [FIRST, SECOND] = [amend(1), amend(2)];
const signed = (plan: typeof FIRST, at: string, parties = ['telco', 'retail']) =>
  parties.map((party) => signatureOf(plan, party, { at }));
const held = (...given: Parameters<typeof listSignedVersions>) =>
  listSignedVersions(...given).map(({ plan, from, to }) => [plan.agreement.version, from, to]);
const GOES_ON = { history: [] };

test('a version holds until the next is signed, though both begin their term on one day', () => {
  const signatures = [...signed(FIRST, '2025-12-01T09:00:00Z'), ...signed(SECOND, '2026-03-01T11:00:00Z')];
  const versions = listSignedVersions([SECOND, FIRST], signatures, GOES_ON);
  expect(versions.map(({ from, to }) => [from, to])).toEqual([
    ['2026-01-01T00:00:00.000Z', '2026-03-01T11:00:00.000Z'],
    ['2026-03-01T11:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ]);
  expect(leaveLastOpen(versions).map(({ to }) => to)).toEqual(['2026-03-01T11:00:00.000Z', undefined]);
});

test('what a party of either version has not signed never held', () => {
  const without = amend(2, [TELCO, { ...RETAIL, id: 'bank' }]);
  const signatures = [
    ...signed(FIRST, '2025-12-01T09:00:00Z'),
    ...signed(without, '2026-03-01T11:00:00Z', ['telco', 'bank']),
  ];
  expect(held([FIRST, without], signatures, GOES_ON)).toEqual([
    [1, '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ]);
  const all = [...signatures, ...signed(without, '2026-03-02T11:00:00Z', ['retail'])];
  expect(held([FIRST, without], all, GOES_ON)).toEqual([
    [1, '2026-01-01T00:00:00.000Z', '2026-03-02T11:00:00.000Z'],
    [2, '2026-03-02T11:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ]);
});

test('what waits for its first day, and is replaced by what begins later still, ends nothing on that day', () => {
  const long = { ...FIRST, term: { ...PLAN.term, ends: '2027-12-31' } };
  const [waits, replaces] = (['2027-01-01', '2027-02-01'] as const).map((starts, at) => ({
    ...amend(at + 2),
    term: { ...PLAN.term, starts, ends: '2027-12-31' },
  })) as [typeof FIRST, typeof FIRST];
  const signatures = [
    ...signed(long, '2025-12-01T09:00:00Z'),
    ...signed(waits, '2026-11-10T09:00:00Z'),
    ...signed(replaces, '2026-11-20T09:00:00Z'),
  ];
  expect(held([long, waits, replaces], signatures, GOES_ON)).toEqual([
    [1, '2026-01-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'],
    // Over before it begins: it never held.
    [2, '2027-01-01T00:00:00.000Z', '2026-11-20T09:00:00.000Z'],
    [3, '2027-02-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z'],
  ]);
});
