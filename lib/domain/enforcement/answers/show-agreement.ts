import type { SidePlan } from '../../agreement/plan-for-side';
import { hashPlanParts } from '../../agreement/plan-parts';
import { entitlementsAt } from '../../exchange/entitlements-at';
import { readPlan } from '../../registry/read-plan';
import { lastDayOf } from '../../registry/registered-agreement';
import type { Question } from './question';

/** Where an agreement stands, what the party that asks may have, and by what its file tells whether the room enforces it. */
export async function showAgreement({ agreement, plan, current, conduct, own, party, parts, now }: Question) {
  const { proposed, waiting } = current;
  const later = await Promise.all(
    [waiting, proposed].map((version) =>
      version === undefined ? undefined : readPlan(parts.registry, agreement, version),
    ),
  );
  const describePlan = (each: SidePlan) => ({
    version: each.agreement.version,
    content: each.agreement.content,
    side: each.side,
    parts: hashPlanParts(each, parts.sha256),
  });
  const drifts = (await parts.registry.drifts(agreement).list()).filter(({ leg }) => own.has(leg));
  return {
    agreement,
    version: plan.agreement.version,
    content: plan.agreement.content,
    ...(proposed === undefined ? {} : { proposed }),
    ...(waiting === undefined ? {} : { waiting }),
    state: current.state,
    history: current.history,
    signedBy: conduct.signatures
      .filter(({ version }) => version === plan.agreement.version)
      .map((signature) => signature.party),
    lastDay: lastDayOf(plan, conduct),
    ...(conduct.ending === undefined ? {} : { notice: conduct.ending }),
    entitlements: entitlementsAt(plan, conduct, now)
      .filter((entitlement) => entitlement.party === party)
      .map(({ leg, effect, releases, reason, clause }) => ({ leg, effect, releases, reason, clause })),
    drifts: drifts
      .slice(-MOST_DRIFTS)
      .map(({ at, leg, account, did, reason, clause }) => ({ at, leg, account, did, reason, clause })),
    plans: [plan, ...later].flatMap((each) => (each === undefined ? [] : [describePlan(each)])),
  };
}

const MOST_DRIFTS = 50;
