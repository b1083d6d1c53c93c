import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { judgeReceipts } from '../../../../lib/domain/exchange/gates/judge-receipts';
import type { ReceiptRecord } from '../../../../lib/domain/registry/conduct-records';
import { conductOf, releaseOf } from '../../../fixtures/conduct';
import { stateAs } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const DAY = '2026-01-01';
const USAGE = PLAN.legs[0]!.id;
const NOW = '2026-01-05T00:00:00Z';
const promised = releaseOf(PLAN, USAGE, DAY, { state: 'final', place: '' });
const conduct = conductOf(PLAN, [], { releases: [promised] });
const RETAIL = planForSide(PLAN, { kind: 'peer', party: 'retail' });

function receiptOf(sha256: string, at: string, round = DAY): ReceiptRecord {
  const said = { leg: USAGE, round, sha256 };
  const signed = stateAs(PLAN, 'retail', { purpose: 'confirm-receipt', ...said });
  return { ...said, ...signed, agreement: PLAN.agreement.id, party: 'retail', at };
}

const OTHER = 'ee'.repeat(32);
const REPORT = `other-release:${USAGE}:${DAY}`;

test.each<[string, readonly ReceiptRecord[], readonly string[], readonly string[]]>([
  ['nobody has said anything', [], [], []],
  ['what was promised', [receiptOf(promised.sha256, '2026-01-02T00:00:00Z')], [], [REPORT]],
  ['something else', [receiptOf(OTHER, '2026-01-02T00:00:00Z')], [REPORT], []],
  [
    'first something else, then what was promised',
    [receiptOf(OTHER, '2026-01-02T00:00:00Z'), receiptOf(promised.sha256, '2026-01-03T00:00:00Z')],
    [],
    [REPORT],
  ],
  [
    'what was promised, then something else',
    [receiptOf(promised.sha256, '2026-01-02T00:00:00Z'), receiptOf(OTHER, '2026-01-03T00:00:00Z')],
    [REPORT],
    [],
  ],
  ['of a round that nobody promised', [receiptOf(OTHER, '2026-01-02T00:00:00Z', '2026-01-08')], [], []],
])('in the receiver’s own room: %s', (_, receipts, other, asPromised) => {
  const judged = judgeReceipts({ plan: RETAIL, conduct }, receipts, NOW);
  expect(judged.other.map(({ report }) => report)).toEqual(other);
  expect(judged.asPromised.map(({ report }) => report)).toEqual(asPromised);
  for (const report of judged.other)
    expect(report).toMatchObject({ breach: 'other-than-committed', party: 'telco', leg: USAGE, round: DAY });
});

test.each([
  ['in a room for all', { kind: 'hosted' }],
  ['in the giver’s own room', { kind: 'peer', party: 'telco' }],
] as const)('%s nobody is in breach by the receiver’s word', (_, side) => {
  const judged = judgeReceipts({ plan: planForSide(PLAN, side), conduct }, [receiptOf(OTHER, NOW)], NOW);
  expect(judged).toEqual({ other: [], asPromised: [] });
});
