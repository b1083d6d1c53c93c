import type { BreachReport } from '../../registry/breach-report';
import type { ReceiptRecord } from '../../registry/conduct-records';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { ReleaseRecord } from '../../registry/round-records';

/** The last word of a release's receiver on what arrived; undefined where it has said nothing. */
export function findReceipt(
  receipts: readonly ReceiptRecord[],
  { leg, round }: Pick<ReleaseRecord, 'leg' | 'round'>,
): ReceiptRecord | undefined {
  return receipts
    .filter((each) => each.leg === leg && each.round === round)
    .toSorted((left, right) => Date.parse(right.at) - Date.parse(left.at))[0];
}

/**
 * Of a peer's room: who has given something else than what it signed to give, as this side's own party says of what arrived,
 * and who has given that since. In a room for all the room hands the release out, and its certificate and its own check say
 * what it handed out: there a receipt that differs is shown, and nobody is in breach by another's word.
 * @param now UTC, ISO 8601
 */
export function judgeReceipts(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  receipts: readonly ReceiptRecord[],
  now: string,
) {
  const judged = plan.incoming.flatMap(({ id: leg, from: party }) =>
    conduct.releases
      .filter((release) => release.leg === leg)
      .flatMap((release) => {
        const receipt = findReceipt(receipts, release);
        return receipt === undefined ? [] : [{ release, receipt, party }];
      }),
  );
  const isOther = ({ release, receipt }: (typeof judged)[number]) => receipt.sha256 !== release.sha256;
  return {
    other: judged.filter(isOther).map(
      ({ release: { leg, round }, receipt, party }): BreachReport => ({
        report: nameReport(leg, round),
        agreement: plan.agreement.id,
        breach: 'other-than-committed',
        party,
        leg,
        round,
        since: receipt.at,
        reportedAt: now,
      }),
    ),
    asPromised: judged
      .filter((each) => !isOther(each))
      .map(({ release: { leg, round }, receipt }) => ({ report: nameReport(leg, round), at: receipt.at })),
  };
}

function nameReport(leg: string, round: string): string {
  return `other-release:${leg}:${round}`;
}
