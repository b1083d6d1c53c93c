import { entitlementsAt } from '../../exchange/entitlements-at';
import { lastDayOf } from '../registered-agreement';
import type { Question } from './question';

/** Where an agreement stands, and what the party that asks may have. */
export function showAgreement({ agreement, plan, current, conduct, party, now }: Question) {
  return {
    agreement,
    version: plan.agreement.version,
    content: plan.agreement.content,
    ...(current.proposed === undefined ? {} : { proposed: current.proposed }),
    ...(current.waiting === undefined ? {} : { waiting: current.waiting }),
    state: current.state,
    history: current.history,
    signedBy: conduct.signatures
      .filter(({ version }) => version === plan.agreement.version)
      .map((signature) => signature.party),
    lastDay: lastDayOf(plan, conduct.ending),
    ...(conduct.ending === undefined ? {} : { notice: conduct.ending }),
    entitlements: entitlementsAt(plan, conduct, now)
      .filter((entitlement) => entitlement.party === party)
      .map(({ leg, effect, releases, reason, clause }) => ({ leg, effect, releases, reason, clause })),
  };
}
