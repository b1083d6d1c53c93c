import type { BreachReport } from '../../registry/breach-report';
import type { ErasureRecord, ReceiptRecord } from '../../registry/conduct-records';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { CommitmentRecord, Equivocation } from '../../registry/round-records';
import { judgeDestruction, listAttested } from '../entitlements/plan-exit';
import { judgeRetention } from '../entitlements/plan-retention';
import { judgeErasures } from '../erasure/plan-erasure';
import { listMendedReleases } from '../gates/judge-failed-release';
import { judgeReceipts } from '../gates/judge-receipts';
import { judgeEquivocations } from '../peers/find-equivocation';
import type { GrantsSeen } from '../peers/find-granted';
import { judgePeerRounds } from '../peers/judge-peer-rounds';
import { judgeDeliveries } from '../rounds/judge-deliveries';

/** What has to be written about everybody's conduct: breaches that follow from the clock, and those that are over. */
interface ConductJudgement {
  readonly begun: readonly BreachReport[];
  /** Reports of breaches that are over, and since when. */
  readonly ended: readonly { readonly report: string; readonly at: string }[];
}

/**
 * What was not done in time, deliveries, grants, destruction and erasures, and what has been done since; nothing that is on
 * record already.
 * @param now UTC, ISO 8601
 */
export function judgeConduct(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  {
    commitments,
    equivocations,
    grants,
    erasures,
    receipts,
  }: {
    readonly commitments: readonly CommitmentRecord[];
    readonly equivocations: readonly Equivocation[];
    readonly grants: GrantsSeen;
    readonly erasures: readonly ErasureRecord[];
    readonly receipts: readonly ReceiptRecord[];
  },
  now: string,
): ConductJudgement {
  const { state, attestations, breaches } = conduct;
  const { overdue, delivered } = judgeDeliveries(plan, conduct, now);
  const peers = judgePeerRounds({ plan, conduct }, { commitments, equivocations }, grants, now);
  const kept = state === 'ended' ? judgeDestruction(plan, conduct, now) : [];
  const twice = judgeEquivocations(equivocations, now);
  const received = judgeReceipts({ plan, conduct }, receipts, now);
  const retained = judgeRetention(plan, conduct, now);
  const erased = judgeErasures(plan, erasures, conduct, now);
  const known = new Map(breaches.map((breach) => [breach.report, breach]));
  const isOpen = ({ report }: { readonly report: string }) =>
    known.has(report) && known.get(report)?.resolvedAt === undefined;
  return {
    begun: [
      ...overdue,
      ...peers.broken,
      ...twice,
      ...received.other,
      ...kept,
      ...retained.overdue,
      ...erased.overdue,
    ].filter(({ report }) => !known.has(report)),
    ended: [
      ...delivered,
      ...listMendedReleases(plan, conduct, now),
      ...peers.mended,
      ...received.asPromised,
      ...listAttested(attestations),
      ...retained.attested,
      ...erased.confirmed,
    ].filter(isOpen),
  };
}
