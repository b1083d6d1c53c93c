import { type Remark, warningAt } from '../yaml/remark';
import { entryOf } from './check-name';
import type { AgreementDraft } from './draft-agreement';
import { judgeTransfer } from './judge-transfer';

/** A leg by which data leave the place whose law protects them says what protects them where they go. */
export function checkTransfers({ legs = [], parties }: AgreementDraft): Remark[] {
  return legs.flatMap((leg, index) => {
    const [giver, receiver] = [entryOf(parties, leg?.from), entryOf(parties, leg?.to)];
    const [from, to] = [giver?.jurisdiction, receiver?.jurisdiction];
    if (leg === undefined || leg.transfer !== undefined || from === undefined || to === undefined) return [];
    const judged = judgeTransfer(from, to);
    if (judged.kind !== 'restricted') return [];
    const { law, onlyTo } = judged;
    return [
      warningAt(
        ['legs', index],
        `data go from ${from} to ${to}, and nothing says what protects them there (${law})`,
        `${onlyTo === undefined ? '' : `To ${onlyTo} they may go: let a clause say that \`${leg.to}\` is one. `}Name the clause, of standard contractual clauses for instance: \`transfer: { safeguard: "…" }\`.`,
      ),
    ];
  });
}
